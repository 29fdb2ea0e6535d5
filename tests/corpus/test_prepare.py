"""``prepare``: what gets into a corpus and what does not."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from xiangqi_gpt import STARTING_FEN, Board, Move, __version__
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.metadata import KINDS
from xiangqi_gpt.corpus.prepare import Report, prepare
from xiangqi_gpt.corpus.progress import STAGES, Progress
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.encoding.vocabulary import VOCABULARY_HASH, move_id
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.reader import read_games

WritePgn = Callable[[Iterable[Sequence[Move]]], Path]
RandomLine = Callable[[int], list[Move]]

ENDGAME = "3k5/9/9/9/9/9/9/9/4R4/4K4 b - - 3 12"
FILES = [".prepared.json", "manifest.json", "rejects.jsonl", "report.html", "train-00000.safetensors"]
MIXED = f"""[Event "labelled"]
[Result "1-0"]
[Date "2004.05.06"]
[RedElo "2400"]
[BlackElo "2386"]
[RedTitle "特级大师"]
[OpeningPlies "1"]

1. h2e2 {{ [%eval 0.35] [%best b2e2] }} h9g7 {{ [%eval #-3] [%best h9h0] [%multipv h9g7 #-3 h9h0 1.0] }}
2. h0g2 {{ [%multipv b0c2 0.12 c3c4 -0.05] [%eval 0.12] }} i9h9 1-0

[Event "illegal move"]

1. h2e2 h9g7
2. h0g3 *

[Event "set up"]
[Result "1/2-1/2"]
[FEN "{ENDGAME}"]

12... d9d8 13. e1e7 1/2-1/2

[Event "two generals"]
[FEN "4k4/9/9/9/9/9/9/9/9/3KK4 w - - 0 1"]

1. d0d1 *

[Event "no moves"]

*

[Event "the usual start as a FEN"]
[FEN "{STARTING_FEN}"]

1. c3c4 (1. h2e2 nonsense) g6g5 0-1

[Event "the same as the first, mirrored, without labels"]
1. b2e2 b9c7 2. b0c2 a9b9 *

[Event "unreadable"]
1. Ce5 *
"""


@pytest.fixture
def mixed(tmp_path: Path) -> tuple[Report, Path]:
    source = tmp_path / "mixed.pgn"
    source.write_text(MIXED, encoding="utf-8")
    return prepare([source], tmp_path / "corpus", validation=0.0), tmp_path / "corpus"


def games_of(folder: Path) -> dict[str, set[tuple[int, ...]]]:
    corpus = Corpus.open(folder)
    return {
        s: {tuple(corpus.game(s, i).moves.tolist()) for i in range(corpus.games(s))} for s in ("train", "validation")
    }


def ids(line: Sequence[Move]) -> tuple[int, ...]:
    return tuple(move_id(move.code) for move in line)


def mirrored(line: Sequence[Move]) -> list[Move]:
    return [move.flip_horizontal() for move in line]


def parting(line: Sequence[Move], plies: int, more: int) -> list[Move]:
    """The line to a ply, and from there on moves that do not occur in it."""
    board = Board()
    for move in line[:plies]:
        board.push(move)
    for _ in range(more):
        board.push(next(move for move in board.legal_moves if move not in line))
    return board.move_stack


def test_the_arrays_of_a_shard(mixed: tuple[Report, Path]) -> None:
    """The shard as the format is documented, read with safetensors alone."""
    shard = load_file(mixed[1] / "train-00000.safetensors")
    texts = (["h2e2", "h9g7", "h0g2", "i9h9"], ["d9d8", "e1e7"], ["c3c4", "g6g5"])
    lines = [list(map(Move.from_uci, line)) for line in texts]
    assert {name: (array.dtype, array.shape) for name, array in shard.items()} == {
        "moves": (np.uint16, (8,)),
        "offsets": (np.int64, (4,)),
        "start": (np.int32, (3,)),
        "starts": (np.int16, (1, 90)),
        "start_turn": (np.int8, (1,)),
        "result": (np.int8, (3,)),
        "source": (np.uint8, (3,)),
        "kind": (np.uint8, (3,)),
        "red_rating": (np.int16, (3,)),
        "black_rating": (np.int16, (3,)),
        "red_title": (np.uint8, (3,)),
        "black_title": (np.uint8, (3,)),
        "year": (np.int16, (3,)),
        "opening_plies": (np.uint16, (3,)),
        "eval": (np.int16, (8,)),
        "best": (np.uint16, (8,)),
        "candidates_ply": (np.uint32, (3,)),
        "candidates_move": (np.uint16, (3,)),
        "candidates_eval": (np.int16, (3,)),
    }
    games = {}
    for game, (first, last) in enumerate(pairwise(shard["offsets"].tolist())):
        at = slice(first, last)
        setup = shard["start"][game]
        games[tuple(shard["moves"][at].tolist())] = {
            "start": None if setup < 0 else (shard["starts"][setup].tolist(), int(shard["start_turn"][setup])),
            "eval": shard["eval"][at].tolist(),
            "best": shard["best"][at].tolist(),
            "candidates": [
                (ply - first, move, value)
                for ply, move, value in zip(
                    *(shard[f"candidates_{part}"].tolist() for part in ("ply", "move", "eval")), strict=True
                )
                if first <= ply < last
            ],
            **{name: int(shard[name][game]) for name in ("result", "source", "kind", "year", "opening_plies")},
            "ratings": (int(shard["red_rating"][game]), int(shard["black_rating"][game])),
            "titles": (int(shard["red_title"][game]), int(shard["black_title"][game])),
        }
    unknown = {"source": 0, "kind": 0, "year": 0, "opening_plies": 0, "ratings": (0, 0), "titles": (0, 0)}
    no_labels = {"eval": [32767] * 2, "best": [65535] * 2, "candidates": []}
    assert games == {
        # h9h0 is no legal move, so it is no label.
        tuple(ids(lines[0])): {
            "start": None,
            "eval": [35, -29997, 12, 32767],
            "best": [move_id(Move.from_uci("b2e2").code), *[65535] * 3],
            "candidates": [
                (1, move_id(Move.from_uci("h9g7").code), -29997),
                (2, move_id(Move.from_uci("b0c2").code), 12),
                (2, move_id(Move.from_uci("c3c4").code), -5),
            ],
            "result": 1,
            "source": 0,
            "kind": KINDS.index("engine"),
            "year": 2004,
            "opening_plies": 1,
            "ratings": (2400, 2386),
            "titles": (2, 0),
        },
        tuple(ids(lines[1])): {
            "start": (Board(ENDGAME).state[:90].tolist(), 0),
            **no_labels,
            **unknown,
            "kind": KINDS.index("composition"),
            "result": 0,
        },
        tuple(ids(lines[2])): {"start": None, **no_labels, **unknown, "result": -1},
    }


def test_the_manifest(mixed: tuple[Report, Path], tmp_path: Path) -> None:
    manifest = json.loads((mixed[1] / "manifest.json").read_text(encoding="utf-8"))
    shard = (mixed[1] / "train-00000.safetensors").read_bytes()
    assert manifest == {
        "format": 2,
        "vocabulary": VOCABULARY_HASH,
        "program": __version__,
        "settings": {
            "validation": 0.0,
            "filters": {
                "results": [],
                "kinds": [],
                "min_rating": 0,
                "min_plies": 0,
                "max_plies": 0,
                "since": 0,
                "until": 0,
                "sources": [],
            },
            "weights": {},
            "seed": 0,
            "family_plies": 40,
            "shard_plies": 4_000_000,
        },
        "sources": [
            {
                "name": str(tmp_path / "mixed.pgn"),
                "read": 8,
                "kept": 3,
                "duplicates": 1,
                "near_duplicates": 0,
                "filtered": {},
                "rejects": {"fen_bad": 1, "move_illegal": 1, "move_unreadable": 1, "no_moves": 1},
                "faults": [],
                "weight": 1.0,
            }
        ],
        "splits": {"train": {"games": 3, "plies": 8}, "validation": {"games": 0, "plies": 0}},
        "shards": [
            {
                "file": "train-00000.safetensors",
                "split": "train",
                "games": 3,
                "plies": 8,
                "bytes": len(shard),
                "sha256": hashlib.sha256(shard).hexdigest(),
            }
        ],
    }


def test_the_rejects(mixed: tuple[Report, Path], tmp_path: Path) -> None:
    report, folder = mixed
    lines = [json.loads(line) for line in (folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    path = str(tmp_path / "mixed.pgn")
    assert lines == [
        {"file": path, "line": 15, "reason": "move_illegal", "ply": 3, "text": "h0g3"},
        {"file": path, "line": 24, "reason": "fen_bad", "ply": None, "text": "4k4/9/9/9/9/9/9/9/9/3KK4 w - - 0 1"},
        {"file": path, "line": 28, "reason": "no_moves", "ply": None, "text": ""},
        {"file": path, "line": 41, "reason": "move_unreadable", "ply": 1, "text": "Ce5"},
    ]
    assert [error.line for error in report.first_rejects] == [15, 24, 28]
    assert not list(folder.glob("*.unfinished"))


def test_shards_hold_the_games_of_the_file(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> None:
    lines = [random_line(plies) for plies in range(5, 60)]
    prepare([write_pgn(lines)], tmp_path / "corpus", validation=0.2, shard_plies=300)
    corpus = Corpus.open(tmp_path / "corpus")
    assert len(corpus.manifest.shards) > 5
    assert all(entry.plies < 300 + 60 for entry in corpus.manifest.shards)
    games = games_of(tmp_path / "corpus")
    assert games["train"] | games["validation"] == {ids(line) for line in lines}
    assert not games["train"] & games["validation"]
    assert corpus.games("validation") > 0


def test_equal_games_make_equal_files(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> None:
    source = write_pgn([random_line(20) for _ in range(40)])
    for out in ("one", "two"):
        prepare([source], tmp_path / out, validation=0.3, shard_plies=60)
    files = [{path.name: path.read_bytes() for path in (tmp_path / out).iterdir()} for out in ("one", "two")]
    assert len(files[0]) > 10
    assert files[0] == files[1]


def test_duplicates_mirrored_ones_and_near_ones_are_dropped(
    tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine
) -> None:
    long, other, short = random_line(70), random_line(50), random_line(30)
    branch = parting(long, 48, 12)
    typo = parting(long, 66, 4)  # the last four plies differ
    first = write_pgn([long[:60], long, mirrored(long), other, short, short[:20]])
    second = write_pgn([other, mirrored(long[:45]), branch, mirrored(short), long[:39], typo])
    report = prepare([first, second], tmp_path / "corpus", validation=0.0)
    # Games that part after ply 40, and those shorter than that, are games of their own.
    assert games_of(tmp_path / "corpus")["train"] == {
        ids(line) for line in (long, other, short, short[:20], branch, long[:39])
    }
    counts = [(s.read, s.kept, s.duplicates, s.near_duplicates) for s in report.manifest.sources]
    assert counts == [(6, 4, 1, 1), (6, 2, 2, 2)]


def test_of_duplicates_the_record_that_tells_most_is_kept(tmp_path: Path) -> None:
    plain = "1. h2e2 h9g7 2. h0g2"
    records = [f"{plain} *", f"{plain} 0-1", "1. h2e2 {[%eval 0.5]} h9g7 2. h0g2 *", f"{plain} 1-0"]
    # What it does not know, a result for one, it has from the others.
    for chosen, result, evaluation in ((records, -1, 50), (records[:2], -1, 32767), (records[:1], 2, 32767)):
        source = tmp_path / "games.pgn"
        source.write_text("\n\n".join(f'[Event "e"]\n{text}' for text in chosen))
        prepare([source], tmp_path / "corpus", validation=0.0, overwrite=True)
        corpus = Corpus.open(tmp_path / "corpus")
        assert corpus.games("train") == 1
        game = corpus.game("train", 0)
        assert (game.result, int(game.evals[1])) == (result, evaluation)


def test_the_split_depends_on_the_first_forty_plies_alone(
    tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine
) -> None:
    lines = [random_line(60) for _ in range(60)]
    prepare([write_pgn(lines)], tmp_path / "all", validation=0.3)
    sides = games_of(tmp_path / "all")
    assert 5 <= len(sides["validation"]) <= 35
    changed = [mirrored(line[:40]) for line in lines[::-2]]
    prepare([write_pgn(changed)], tmp_path / "some", validation=0.3)
    again = games_of(tmp_path / "some")
    for line in lines[::-2]:
        side = "validation" if ids(line) in sides["validation"] else "train"
        assert ids(mirrored(line[:40])) in again[side]
    prepare([write_pgn(lines)], tmp_path / "more", validation=0.5)
    assert sides["validation"] < games_of(tmp_path / "more")["validation"]


def test_the_split_is_the_documented_hash(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> None:
    """Worked out here from the description, so that no change of code moves games across."""
    lines = [random_line(50) for _ in range(40)]
    prepare([write_pgn(lines)], tmp_path / "corpus", validation=0.25)
    games = games_of(tmp_path / "corpus")
    for line in lines:
        texts = [b"".join(x.to_bytes(2, "big") for x in ids(way)[:40]) for way in (line, mirrored(line))]
        share = int.from_bytes(hashlib.sha256(b"/" + min(texts)).digest()[:8], "big") / 2**64
        assert ids(line) in games["validation" if share < 0.25 else "train"]


def test_equal_moves_from_different_starts_are_different_games(tmp_path: Path) -> None:
    fens = [ENDGAME, "3k5/9/9/9/9/9/9/8p/4R4/4K4 b - - 3 12", "5k3/9/9/9/9/9/9/9/4R4/4K4 b - - 0 1"]
    moves = ["d9d8", "d9d8", "f9f8"]  # the last game is the first one's mirror image
    source = tmp_path / "games.pgn"
    source.write_text("\n".join(f'[FEN "{fen}"]\n{move} *\n' for fen, move in zip(fens, moves, strict=True)))
    prepare([source], tmp_path / "corpus", validation=0.0)
    corpus = Corpus.open(tmp_path / "corpus")
    boards = [Board.from_state(corpus.game("train", i).start).board_fen() for i in range(corpus.games("train"))]
    assert boards == [fen.split()[0] for fen in fens[:2]]


def test_folders_are_searched_and_damaged_files_told(
    tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine
) -> None:
    folder = tmp_path / "in"
    (folder / "deep" / "er").mkdir(parents=True)
    write_pgn([random_line(20)]).rename(folder / "deep" / "er" / "A.PGN")
    (folder / "b.pgn").write_text("no games here")
    (folder / "notes.doc").write_text("1. h2e2 h9g7")
    twice = [folder, folder / "deep" / "er" / "A.PGN"]
    report = prepare(twice, tmp_path / "corpus", validation=0.0)
    assert [Path(source.name).name for source in report.manifest.sources] == ["b.pgn", "A.PGN"]
    assert report.files == 2
    assert report.passed_over == {".doc": 1}
    (error,) = report.file_errors
    assert error.code == "records.not_a_game_log"
    assert report.manifest.sources[0].faults == [error.text("en")]
    assert "not_a_game_log" in (tmp_path / "corpus" / "rejects.jsonl").read_text()


def test_more_files_than_a_shard_can_name(tmp_path: Path) -> None:
    """A folder of many files is one source; where there are too many of those, each path given is one."""
    for folder, files in (("few", 16), ("many", 17)):
        (tmp_path / folder).mkdir()
        for number in range(files):
            (tmp_path / folder / f"{number:02}.pgn").write_text("1. h2e2 *" if number == 7 else '[Event "-"]\n*')
    (tmp_path / "many" / "07.pgn").write_text("1. c3c4 *")
    names = [str(tmp_path / "few" / f"{number:02}.pgn") for number in range(16)]
    manifest = prepare([tmp_path / "few", tmp_path / "many"], tmp_path / "corpus", validation=0.0).manifest
    assert [(source.name, source.read, source.kept) for source in manifest.sources] == [
        *((name, 1, int(number == 7)) for number, name in enumerate(names)),
        (str(tmp_path / "many"), 17, 1),
    ]
    corpus = Corpus.open(tmp_path / "corpus")
    assert {corpus.game("train", number).source for number in range(2)} == {7, 16}
    for number in range(256):
        (tmp_path / "more" / str(number)).mkdir(parents=True)
        (tmp_path / "more" / str(number) / "x.pgn").write_text("1. h2e2 *")
    paths = [tmp_path / "more", tmp_path / "many"]
    manifest = prepare(paths, tmp_path / "corpus", validation=0.0, overwrite=True).manifest
    assert [(source.name, source.read, source.kept) for source in manifest.sources] == [
        (str(tmp_path / "more"), 256, 1),
        (str(tmp_path / "many"), 17, 1),
    ]


def test_bad_input_is_one_sentence(tmp_path: Path) -> None:
    picture, empty, illegal = tmp_path / "picture.png", tmp_path / "empty", tmp_path / "illegal.pgn"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    empty.mkdir()
    illegal.write_text('[Event "x"]\n1. h2e2 h2e2 *')
    out = tmp_path / "corpus"
    cases: list[tuple[list[Path], float, type[Exception], str, str]] = [
        ([picture], 0.0, RecordFileError, "records.not_a_game_log", "picture.png"),
        ([empty], 0.0, CorpusError, "corpus.no_files", "empty"),
        ([tmp_path / "gone"], 0.0, RecordFileError, "records.file_missing", "gone"),
        ([illegal], 0.0, CorpusError, "corpus.nothing_kept", "illegal.pgn, line 2: 'h2e2' at ply 2"),
        ([illegal], 1.5, CorpusError, "corpus.validation_share", "1.5"),
        ([], 0.0, CorpusError, "corpus.no_paths", "files"),
    ]
    for paths, share, kind, code, part in cases:
        with pytest.raises(kind) as caught:
            prepare(paths, out, validation=share)
        assert caught.value.code == code  # type: ignore[attr-defined]
        assert part in caught.value.text("en")  # type: ignore[attr-defined]
        assert not (out / "manifest.json").exists()
    (tmp_path / "file").write_text("")
    illegal.write_text("1. h2e2 *")
    with pytest.raises(CorpusError) as caught_writing:
        prepare([illegal], tmp_path / "file" / "corpus")
    assert caught_writing.value.code == "corpus.cannot_write"


def test_every_spelling_that_the_games_reader_takes(tmp_path: Path) -> None:
    spellings = [
        f"{a}2{dash}{b}2" if move == "h2e2" else f"{a}9{dash}{b}7"
        for move, files in (("h2e2", ("hH", "eE")), ("h9g7", ("hH", "gG")))
        for a in files[0]
        for b in files[1]
        for dash in ("", "-")
    ]
    source = tmp_path / "spellings.pgn"
    pairs = [(red, black) for red in spellings[:8] for black in spellings[8:]]
    source.write_text("\n\n".join(f'[Event "-"]\n[Site "-"]\n\n1. {red} {black} *' for red, black in pairs))
    assert all(not game.errors and len(list(game.mainline_moves())) == 2 for game in read_games(source))
    (entry,) = prepare([source], tmp_path / "corpus", validation=0.0).manifest.sources
    assert (entry.read, entry.kept, entry.duplicates, entry.rejects) == (64, 1, 63, {})
    assert games_of(tmp_path / "corpus")["train"] == {ids([Move.from_uci("h2e2"), Move.from_uci("h9g7")])}


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems take UTF-8 names only")
def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"\xc6\xe5")
    folder.mkdir()
    name = os.fsdecode(b"b\xc6\xe5.pgn")
    (folder / name).write_text('[Event "a"]\n1. h2e2 *\n\n[Event "b"]\n1. h2h2 *')
    (folder / f"picture{name}").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    prepare([folder], folder / "corpus", validation=0.0)
    told = f"{tmp_path}/\\udcc6\\udce5"
    expected = [f"{told}/b\\udcc6\\udce5.pgn", f"{told}/pictureb\\udcc6\\udce5.pgn"]
    manifest = json.loads((folder / "corpus" / "manifest.json").read_text(encoding="utf-8"))
    assert [source["name"] for source in manifest["sources"]] == expected
    rejects = (folder / "corpus" / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["file"] for line in rejects] == expected
    with pytest.raises(CorpusError) as caught:
        prepare([folder / name], folder / "corpus")
    caught.value.text("en").encode()
    with pytest.raises(RecordFileError) as caught_missing:
        prepare([tmp_path / name], folder / "corpus")
    caught_missing.value.text("en").encode()


def one_sentence(paths: list[Path], out: Path, code: str, part: str) -> None:
    with pytest.raises((CorpusError, RecordFileError)) as caught:
        prepare(paths, out)
    assert caught.value.code == code
    for lang in ("en", "zh"):
        assert part in caught.value.text(lang)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_a_pipe_is_refused_unread(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.pgn"
    os.mkfifo(pipe)  # opening it would wait for a writer, for ever
    one_sentence([pipe], tmp_path / "corpus", "corpus.not_a_regular_file", "pipe.pgn")
    one_sentence([tmp_path], tmp_path / "corpus", "corpus.no_files", str(tmp_path))
    assert not (tmp_path / "corpus").exists()


def test_paths_that_the_system_refuses(tmp_path: Path) -> None:
    game = tmp_path / "game.pgn"
    game.write_text("1. h2e2 *")
    long = Path("x" * 5000)
    one_sentence([tmp_path / long], tmp_path / "corpus", "records.file_unreadable", "xxx")
    one_sentence([game], tmp_path / long, "corpus.cannot_write", "xxx")
    one_sentence([game / "below.pgn"], tmp_path / "corpus", "records.file_missing", "below.pgn")
    loop = tmp_path / "loop.pgn"
    loop.symlink_to(loop)
    one_sentence([loop], tmp_path / "corpus", "records.file_unreadable", "loop.pgn")


def test_folders_that_may_not_be_looked_into(tmp_path: Path) -> None:
    closed = tmp_path / "all" / "closed"
    closed.mkdir(parents=True)
    for folder in (closed, closed.parent):
        (folder / "game.pgn").write_text("1. h2e2 *")
    out = tmp_path / "corpus"
    closed.chmod(0)
    try:
        if os.access(closed, os.R_OK):
            pytest.skip("this user may look into every folder")
        one_sentence([closed / "game.pgn"], out, "records.file_unreadable", str(closed))
        one_sentence([closed.parent], out, "records.file_unreadable", str(closed))
        one_sentence([closed.parent / "game.pgn"], closed, "corpus.cannot_write", str(closed))
        closed.chmod(0o444)  # its names may be read, its files not
        one_sentence([closed.parent], out, "records.file_unreadable", str(closed))
    finally:
        closed.chmod(0o755)
    assert not out.exists()


def test_a_corpus_is_replaced_only_when_told_to(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> None:
    many, one = write_pgn([random_line(30) for _ in range(9)]), write_pgn([random_line(30)])
    prepare([many], tmp_path / "corpus", validation=0.3, shard_plies=60)
    with pytest.raises(CorpusError) as caught:
        prepare([one], tmp_path / "corpus")
    assert caught.value.code == "corpus.exists"
    assert sum(map(len, games_of(tmp_path / "corpus").values())) == 9
    (tmp_path / "corpus" / "mine.txt").write_text("kept")
    prepare([one], tmp_path / "corpus", validation=0.0, overwrite=True)
    names = sorted(path.name for path in (tmp_path / "corpus").iterdir())
    assert names == sorted([*FILES, "mine.txt"])


def test_a_failed_read_leaves_the_old_corpus_alone(
    tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine
) -> None:
    prepare([write_pgn([random_line(30)])], tmp_path / "corpus", validation=0.0)
    bad = tmp_path / "bad.pgn"
    bad.write_text("1. h2e2 h2e2 *")
    with pytest.raises(CorpusError):
        prepare([bad], tmp_path / "corpus", overwrite=True)
    assert Corpus.open(tmp_path / "corpus").games("train") == 1


def test_progress_goes_forward_through_the_stages(tmp_path: Path, write_pgn: WritePgn, random_line: RandomLine) -> None:
    told: list[Progress] = []
    source = write_pgn([random_line(8) for _ in range(600)])
    prepare([source], tmp_path / "corpus", on_progress=told.append)
    assert tuple(dict.fromkeys(progress.stage for progress in told)) == STAGES
    for stage in STAGES:
        done = [progress.done for progress in told if progress.stage == stage]
        assert done == sorted(done)
        assert done[-1] == next(progress.total for progress in told if progress.stage == stage)
    assert told[-1].games == 600
