"""The opening tree against a dictionary that is filled move by move on boards."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hand_made import MadeGame, shard_of
from safetensors import safe_open
from safetensors.numpy import save_file

from xiangqi_gpt import Board, Move
from xiangqi_gpt.corpus import opening_tree
from xiangqi_gpt.corpus.metadata import KINDS
from xiangqi_gpt.corpus.opening_tree import build_opening_tree
from xiangqi_gpt.corpus.shards import CorpusError
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.opening_tree import OpeningMove, OpeningTree

ENDGAME = "3k5/9/9/9/9/9/9/9/4R4/4K4 w - - 0 1"


def habitual_line(rng: random.Random, plies: int) -> list[Move]:
    """A game in which few moves are usual, so that lines meet; now and then mirrored, or shuffling to and fro."""
    board = Board()
    for _ in range(plies):
        usual = sorted(board.legal_moves, key=lambda move: move.code * 7919 % 1009)[:3]
        back = [m for m in board.legal_moves if len(board.move_stack) > 1 and undoes(m, board.move_stack[-2])]
        board.push(rng.choice(usual + back))
    mirrored = rng.random() < 0.4
    return [move.flip_horizontal() if mirrored else move for move in board.move_stack]


def undoes(move: Move, before: Move) -> bool:
    return (move.from_square, move.to_square) == (before.to_square, before.from_square)


@pytest.fixture(scope="module")
def games() -> list[MadeGame]:
    rng = random.Random(8)
    made = []
    for _ in range(150):
        facts = {"red_rating": rng.choice([0, 1500, 2105]), "black_rating": rng.choice([0, 1900])}
        facts |= {"year": rng.choice([0, 1956, 2013]), "kind": rng.randrange(3)}
        made.append(MadeGame(habitual_line(rng, rng.randint(1, 14)), rng.choice([1, 0, -1, 2]), facts=facts))
    made.append(MadeGame([Move.from_uci("e1e8")], 1, fen=ENDGAME))
    return made


def in_shards(games: Sequence[MadeGame], size: int = 50) -> Iterator[dict[str, np.ndarray]]:  # type: ignore[type-arg]
    for at in range(0, len(games), size):
        yield shard_of(games[at : at + size])


def whole_of(board: Board) -> str:
    """What makes a position: pieces and side to move."""
    return f"{board.board_fen()} {board.turn}"


def counted(games: Sequence[MadeGame], plies: int, mirrored: bool) -> dict[str, dict[Move, list[MadeGame]]]:
    """Position -> move -> the games that have it, and in a tree without left and right so for both images."""
    tree: dict[str, dict[Move, list[MadeGame]]] = {}
    for game in games:
        if game.fen is not None:
            continue
        seen = set()
        for flip in (False, True)[: 1 + mirrored]:
            board = Board()
            for move in game.moves[:plies]:
                shown = move.flip_horizontal() if flip else move
                if (whole_of(board), shown) not in seen:
                    seen.add((whole_of(board), shown))
                    tree.setdefault(whole_of(board), {}).setdefault(shown, []).append(game)
                board.push(shown)
    return tree


def expected_moves(board: Board, found: dict[Move, list[MadeGame]], least: int, mirrored: bool) -> list[OpeningMove]:
    moves = []
    own_image = whole_of(board) == whole_of(board.flip_horizontal())
    for move, games in found.items():
        if len(games) < least or (mirrored and own_image and move.code < move.flip_horizontal().code):
            continue
        results = Counter(game.result for game in games)
        mover = "red_rating" if board.turn else "black_rating"
        ratings = [game.facts[mover] for game in games if game.facts[mover]]
        moves.append(
            OpeningMove(
                move,
                red_wins=results[1],
                draws=results[0],
                black_wins=results[-1],
                unknown=results[2],
                rating=round(sum(ratings) / len(ratings)) if ratings else None,
                last_year=max(game.facts["year"] for game in games) or None,
            )
        )
    return moves


def check_positions(tree: OpeningTree, games: Sequence[MadeGame], plies: int, least: int, mirrored: bool) -> None:
    truth = counted(games, plies, mirrored)
    rows = 0
    checked = set()
    for game in games:
        board = Board(game.fen) if game.fen else Board()
        for move in [*game.moves, None]:
            expected = expected_moves(board, truth.get(whole_of(board), {}), least, mirrored)
            found = tree.moves(board)
            assert {m.move: m for m in found} == {m.move: m for m in expected}
            assert [m.games for m in found] == sorted((m.games for m in expected), reverse=True)
            name = whole_of(board)
            if mirrored:
                name = min(name, whole_of(board.flip_horizontal()))
            if name not in checked:
                checked.add(name)
                rows += len(found)
            if move is not None:
                board.push(move)
    assert len(tree) == rows
    assert tree.facts.positions == sum(1 for name in checked if tree.moves(board_of(name)))


def board_of(name: str) -> Board:
    placement, turn = name.split()
    return Board(f"{placement} {'w' if turn == 'True' else 'b'}")


@pytest.mark.parametrize("rows", [1_000_000, 700, 40, 1])
@pytest.mark.parametrize("mirrored", [True, False])
def test_against_a_dictionary(
    rows: int, mirrored: bool, games: list[MadeGame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether all rows fit into memory at once, or hardly any do."""
    monkeypatch.setattr(opening_tree, "_ROWS", rows)
    path = tmp_path / "openings.tree"
    taken: list[int] = []
    facts = build_opening_tree(in_shards(games), path, plies=10, least=2, mirrored=mirrored, on_progress=taken.append)
    assert taken[-1] == facts.games == len(games) - 1
    assert taken == sorted(taken)
    tree = OpeningTree.open(path)
    assert tree.facts == facts
    check_positions(tree, games, 10, 2, mirrored)
    assert [file.name for file in tmp_path.iterdir()] == ["openings.tree"]


@pytest.mark.parametrize(("plies", "least"), [(1, 1), (30, 1), (30, 20), (5, 10_000)])
def test_depth_and_pruning(plies: int, least: int, games: list[MadeGame], tmp_path: Path) -> None:
    build_opening_tree(in_shards(games), tmp_path / "t.tree", plies=plies, least=least)
    check_positions(OpeningTree.open(tmp_path / "t.tree"), games, plies, least, True)


def test_equal_games_make_equal_files(games: list[MadeGame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_opening_tree(in_shards(games), tmp_path / "one.tree")
    monkeypatch.setattr(opening_tree, "_ROWS", 100)
    build_opening_tree(in_shards(games[::-1], 30), tmp_path / "two.tree")
    assert (tmp_path / "one.tree").read_bytes() == (tmp_path / "two.tree").read_bytes()


def test_lines_that_come_together(tmp_path: Path) -> None:
    """A transposition, a mirror image of it, and a game that repeats a position."""
    one = [Move.from_uci(text) for text in ["h2e2", "h9g7", "c3c4", "i9h9"]]
    two = [Move.from_uci(text) for text in ["c3c4", "h9g7", "h2e2", "g6g5"]]
    to_and_fro = [Move.from_uci(text) for text in ["a0a1", "a9a8", "a1a0", "a8a9", "a0a1", "a9a8"]]
    made = [MadeGame(one, 1), MadeGame([move.flip_horizontal() for move in two], -1), MadeGame(to_and_fro, 0)]
    build_opening_tree([shard_of(made)], tmp_path / "t.tree", least=1)
    tree = OpeningTree.open(tmp_path / "t.tree")
    board = Board()
    for move in one[:3]:
        board.push(move)
    assert {(str(m.move), m.games, m.red_score) for m in tree.moves(board)} == {("i9h9", 1, 1.0), ("g6g5", 1, 0.0)}
    assert {(str(m.move), m.games) for m in tree.moves(board.flip_horizontal())} == {("a9b9", 1), ("c6c5", 1)}
    # From the start, which is its own image, moves are told on Red's right; the shuffling game counts once.
    assert {(str(m.move), m.games) for m in tree.moves(Board())} == {("h2e2", 1), ("g3g4", 1), ("i0i1", 1)}


def test_the_score_leaves_out_games_without_a_result() -> None:
    move = OpeningMove(Move.from_uci("h2e2"), 3, 2, 1, 10, None, None)
    assert (move.games, move.red_score) == (16, 4 / 6)
    assert OpeningMove(move.move, 0, 0, 0, 2, None, None).red_score is None


def test_kinds(games: list[MadeGame], tmp_path: Path) -> None:
    build_opening_tree(in_shards(games), tmp_path / "t.tree", least=1, kinds=[KINDS[1], KINDS[5]])
    tree = OpeningTree.open(tmp_path / "t.tree")
    chosen = [game for game in games if game.facts.get("kind") == 1]
    assert tree.facts.games == len(chosen)
    check_positions(tree, chosen, 30, 1, True)


def test_what_cannot_be_built(games: list[MadeGame], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path, made, limits, code in (
        (tmp_path / "t.tree", games[-1:], {}, "no_openings"),
        (tmp_path / "t.tree", games, {"kinds": [KINDS[7]]}, "no_openings"),
        (tmp_path / "t.tree", games, {"plies": 0}, "tree_limits"),
        (tmp_path / "t.tree", games, {"least": 0}, "tree_limits"),
        (tmp_path / "file" / "t.tree", games, {}, "cannot_write_file"),
    ):
        with pytest.raises(CorpusError) as caught:
            build_opening_tree(in_shards(made), path, **limits)  # type: ignore[arg-type]
        assert caught.value.code == f"corpus.{code}"
        assert all("\n" not in caught.value.text(lang) for lang in ("en", "zh"))
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


def test_files_that_are_no_trees(games: list[MadeGame], tmp_path: Path) -> None:
    path = tmp_path / "t.tree"
    build_opening_tree(in_shards(games), path)
    whole = path.read_bytes()
    with safe_open(path, framework="numpy") as file:  # an ordinary safetensors file
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        facts = json.loads(file.metadata()["openings"])
    assert (np.diff(arrays["keys"].astype(object)) >= 0).all()

    def refused(code: str) -> None:
        with pytest.raises(RecordFileError) as caught:
            OpeningTree.open(path)
        assert caught.value.code == f"records.{code}"
        assert all("t.tree" in caught.value.text(lang) for lang in ("en", "zh"))

    for data in (b"", b"x" * 100, whole[:200], whole[:-1]):
        path.write_bytes(data)
        refused("not_a_tree")
    for changed, metadata, code in (
        (arrays, None, "not_a_tree"),
        (arrays, facts | {"format": 7}, "tree_version"),
        (arrays, {"format": 1}, "file_damaged"),
        (arrays, [], "file_damaged"),
        (arrays | {"moves": arrays["moves"][1:]}, facts, "file_damaged"),
        (arrays | {"moves": arrays["moves"].astype(np.int32)}, facts, "file_damaged"),
        ({name: a for name, a in arrays.items() if name != "years"}, facts, "file_damaged"),
    ):
        save_file(changed, path, None if metadata is None else {"openings": json.dumps(metadata)})
        refused(code)
    path.unlink()
    refused("file_missing")
