"""Data sets: JSON, tables and plain lines in the shapes that people publish."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator

import pytest

from xiangqi_gpt import Board
from xiangqi_gpt.records.annotations import read_data
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.records.reader import read_games
from xiangqi_gpt.records.tables import OPEN_GAMES

MOVES = ["h2e2", "h9g7", "h0g2", "i9h9"]
SET_UP = "3k5/9/9/9/9/9/9/9/4R4/5K3 w - - 0 1"


def read(text: str, name: str = "", encoding: str = "utf-8") -> list[Game]:
    stream = io.BytesIO(text.encode(encoding))
    if name:
        stream.name = name
    return list(read_games(stream))


def moves(game: Game) -> list[str]:
    return [move.uci() for move in game.mainline_moves()]


def one(text: str, **kwargs: str) -> Game:
    (game,) = read(text, **kwargs)
    assert not game.errors
    return game


# The moves of one game in every spelling

SPELLINGS = [
    "h2e2 h9g7 h0g2 i9h9",
    "h2e2h9g7h0g2i9h9",
    "h2e2,h9g7,h0g2,i9h9",
    "H2-E2 H9-G7 H0-G2 I9-H9",
    "h3e3 h10g8 h1g3 i10h10",  # ranks from 1
    "h3e3h10g8h1g3i10h10",
    "C2.5 H8+7 H2+3 R9.8",
    "C2=5 h8+7 H2+3 r9=8",
    "1. C2=5 H8+7 2. H2+3 R9=8",
    "1.h2e2 h9g7 2.h0g2 i9h9",
    "炮二平五 马8进7 马二进三 车9平8",
    "炮二平五馬8進7馬二進三車9平8",
    "1.炮二平五 马8进7 2.马二进三 车9平8",
    "['h2e2', 'h9g7', 'h0g2', 'i9h9']",
    "7747706279678070",  # DhtmlXQ
    "7747 7062 7967 8070",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_of_moves(text: str) -> None:
    assert moves(one(json.dumps({"moves": text}))) == MOVES
    assert moves(one(f'moves\n"{text}"\n', name="a.csv")) == MOVES
    if "[" not in text:
        assert moves(one(f"{text}\n", name="a.txt")) == MOVES
        game = one(f"{text} 0-1\n", name="a.txt")
        assert (moves(game), game.result) == (MOVES, "0-1")


# JSON


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"moves": MOVES}),
        json.dumps({"moves": MOVES}, indent=2),
        json.dumps([{"moves": MOVES}]),
        json.dumps({"version": 1, "games": [{"id": 7, "moves": MOVES}]}, indent=1),
        json.dumps({"data": {"uci_moves": MOVES}, "moves": MOVES}),
        json.dumps(MOVES),
        json.dumps([MOVES], indent=4),
        json.dumps({"moves": [{"move": text, "number": 1} for text in MOVES]}),
        json.dumps({"MoveList": [{"from": text[:2], "to": text[2:]} for text in MOVES]}),
        "\n" + json.dumps({"iccs": " ".join(MOVES)}) + "\n\n",
    ],
)
def test_shapes_of_json(text: str) -> None:
    assert moves(one(text)) == MOVES


@pytest.mark.parametrize("indent", [None, 1])
def test_an_array_of_any_length(indent: int | None) -> None:
    count = 500
    text = json.dumps([{"moves": "h2e2 h2e2", "note": "x" * 12_000} for _ in range(count)], indent=indent)
    assert len(text) > 5_000_000  # more than is held at once
    lines = [game.errors[0].line for game in read(text)]
    assert len(lines) == count
    assert lines[-1] == (1 if indent is None else 2 + 4 * (count - 1))


def test_fields_become_headers() -> None:
    told = {
        "game_id": 12,
        "red_player": "胡荣华",
        "blackName": "许银川",
        "红方等级分": 2500,
        "black": {"rating": 2400, "team": "广东"},
        "date": "2001-02-03T04:05:06Z",
        "event": "全国赛",
        "start_fen": SET_UP,
        "rating_mode": "casual",
        "too_long": "x" * 5000,
        "nothing": None,
        "moves": ["e1d1"],
    }
    assert one(json.dumps(told)).headers == {
        "GameID": "12",
        "Red": "胡荣华",
        "Black": "许银川",
        "RedElo": "2500",
        "BlackElo": "2400",
        "BlackTeam": "广东",
        "Date": "2001.02.03",
        "Event": "全国赛",
        "FEN": SET_UP,
        "RatingMode": "casual",
    }


@pytest.mark.parametrize(
    ("told", "result"),
    [
        ({"result": "1-0"}, "1-0"),
        ({"result": "RED_WINS"}, "1-0"),
        ({"outcome": "black wins"}, "0-1"),
        ({"outcome": "DRAW"}, "1/2-1/2"),
        ({"winner": "red"}, "1-0"),
        ({"winner": "b"}, "0-1"),
        ({"winner": "tie"}, "1/2-1/2"),
        ({"winner": "柳大华", "red": "胡荣华", "black": "柳大华"}, "0-1"),
        ({"winner": 17, "redID": 17, "blackID": 18}, "1-0"),
        ({"结果": "红先胜"}, "1-0"),
        ({"result": "和棋"}, "1/2-1/2"),
        ({"result": -1}, "0-1"),
        ({"result": 0}, "*"),  # a draw for some, a loss for others
        ({"result": 1}, "*"),
        ({"result": "adjourned"}, "*"),
        ({}, "*"),
    ],
)
def test_results(told: dict[str, object], result: str) -> None:
    assert one(json.dumps(told | {"moves": MOVES})).result == result


def test_a_bad_line_of_json_is_told_and_the_next_are_read() -> None:
    good = json.dumps({"moves": MOVES})
    games = read(f'{good}\n{{"moves": ["h2e2\n{good}\n{{"red": "A"}}\n[[[\n{good}\n')
    assert [moves(game) for game in games if not game.errors] == [MOVES] * 3
    told = [(error.reason, error.line) for game in games for error in game.errors]
    assert told == [("json_bad", 2), ("moves_missing", 4), ("json_bad", 5)]


def test_json_that_breaks_off() -> None:
    text = json.dumps([{"moves": MOVES}] * 3, indent=1)
    games = read_games(io.BytesIO(text[: text.rindex("h0g2")].encode()))
    assert moves(next(games)) == MOVES
    assert moves(next(games)) == MOVES
    with pytest.raises(RecordFileError) as caught:
        next(games)
    assert (caught.value.code, caught.value.fields["line"]) == ("records.json_broken", 18)


def test_half_characters_do_no_harm() -> None:
    (game,) = read('{"moves": ["h2e2", "\\ud800"], "red": "\\udc00", "black": "\\ud83d\\ude00"}')
    assert (game.headers["Red"], game.headers["Black"]) == ("?", "\U0001f600")
    assert game.errors[0].text("en").encode()


# Tables


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_row_a_game(delimiter: str, encoding: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(["编号", "红方", "黑方", "赛事", "moves", "winner"])
    writer.writerow(["1", "胡荣华", "许银川", f'quoted "{delimiter}"\nname', " ".join(MOVES), "red"])
    writer.writerow(["2", "许银川", "胡荣华", "", ",".join(MOVES), "许银川"])
    first, second = read(out.getvalue(), encoding=encoding)
    assert (moves(first), first.result, moves(second), second.result) == (MOVES, "1-0", MOVES, "1-0")
    assert (first.headers["Red"], second.headers["Black"]) == ("胡荣华", "胡荣华")
    assert first.headers["Event"] == f'quoted "{delimiter}"\nname'


def test_faults_of_rows_have_their_lines() -> None:
    games = read('\n\nid,note,moves\n1,"two\nlines",h2e2 h2e2\n2,,h2e2\n\n3,,h9g7\n')
    assert [[(error.reason, error.line) for error in game.errors] for game in games] == [
        [("move_illegal", 4)],
        [],
        [("move_illegal", 8)],
    ]


def test_fields_longer_than_the_csv_module_takes() -> None:
    (game,) = read(f"moves,note\n{' '.join(MOVES)},{'x' * 300_000}\n")
    assert moves(game) == MOVES


def rows(games: dict[str, list[str]]) -> Iterator[list[str]]:
    for name, texts in games.items():
        yield from ([name, str(ply), text, "RED_WINS", f"note {ply}"] for ply, text in enumerate(texts))


def table(lines: list[list[str]]) -> str:
    header = ["game_id", "move_index", "move", "outcome", "note"]
    return "".join(f"{','.join(line)}\n" for line in [header, *lines])


def test_a_row_a_move_in_any_order() -> None:
    games = {f"g{number}": MOVES[: 1 + number % 4] for number in range(OPEN_GAMES)}
    lines = list(rows(games))
    random.Random(1).shuffle(lines)
    found = read(table(lines))
    assert {game.headers["GameID"]: moves(game) for game in found} == games
    assert all(game.result == "1-0" and not game.errors for game in found)
    assert all(("Note" in game.headers) == (len(moves(game)) == 1) for game in found)  # only what all rows say


def test_rows_that_are_missing() -> None:
    lines = [["a", "0", "h2e2"], ["a", "1", "h9g7"], ["a", "3", "i9h9"], ["b", "5", "h2e2"], ["c", "0", "h2e2"]]
    first, second, third = read(table(lines))
    assert [moves(game) for game in (first, second, third)] == [MOVES[:2], [], MOVES[:1]]
    assert [(game.errors[0].reason, game.errors[0].line, game.errors[0].fields["ply"]) for game in (first, second)] == [
        ("rows_missing", 4, 3),
        ("rows_missing", 5, 1),
    ]
    assert not third.errors


def test_memory_is_bounded_when_the_rows_of_games_are_far_apart() -> None:
    count = OPEN_GAMES + 1
    lines = [[f"g{number}", str(ply), MOVES[ply]] for ply in (0, 1) for number in range(count)]
    found = read(table(lines))
    assert len(found) == 2 * count
    assert sum(not game.errors for game in found) == count  # the first halves


def test_turns_and_sides() -> None:
    text = "gameID,turn,side,move\n7,1,red,C2.5\n7,2,red,H2+3\n7,1,black,h8+7\n7,2,black,r9.8\n8,1,red,C2.5\n"
    first, second = read(text)
    assert (moves(first), moves(second)) == (MOVES, MOVES[:1])
    assert not first.errors


def test_games_without_an_id_begin_where_the_index_falls() -> None:
    text = "ply\tmove\n" + "".join(f"{ply}\t{move}\n" for ply, move in [*enumerate(MOVES), *enumerate(MOVES[:2])])
    assert [moves(game) for game in read(text)] == [MOVES, MOVES[:2]]


INFO = "info depth 20 seldepth 42 multipv 1 score {} nodes 1 nps 1 time 1 pv {} a0a1"


def test_what_an_engine_says_of_the_position_behind_a_move() -> None:
    """A UCI score is the side to move's; the line's first move is the best answer."""
    lines = [
        ["0", "h2e2", INFO.format("cp -16", "h9g7")],
        ["1", "h9g7", INFO.format("cp 38", "b0c2")],
        ["2", "h0g2", INFO.format("mate 3", "i9h9")],
        ["3", "i9h9", "info depth 0 score cp -50"],
    ]
    game = one("move_index,move,move_analysis\n" + "".join(f"{','.join(line)}\n" for line in lines))
    assert [node.comment for node in game.mainline()] == [
        "",
        "[%eval 0.16] [%best h9g7]",
        "[%eval 0.38] [%best b0c2]",
        "[%eval #-3] [%best i9h9]",  # so that there is no place for the last evaluation
    ]
    # At the end, or where no best move is told, an evaluation stands alone, behind the move.
    game = one("move_index,move,analysis\n0,h2e2,info score cp -16\n1,h9g7,info score cp 38 pv h0g2\n")
    assert [node.comment for node in game.mainline()] == ["[%eval 0.16]", "[%eval 0.38]"]
    assert [read_data(node.comment).after for node in game.mainline()] == [16, 38]


# Plain lines


def test_lines_with_labels_results_positions_and_comments() -> None:
    text = (
        "# some games\n\n"
        "1 h2e2 h9g7 1-0\n"
        "2. h2e2 h9g7 h0g2 1/2-1/2\n"
        "胡荣华 - 许银川: 炮二平五 马8进7 红胜  # nice\n"
        f"{SET_UP} e1d1\n"
        f"position fen {SET_UP} moves e1d1\n"
        "position startpos moves h2e2\n"
        "no move here\n"
    )
    games = read(text, name="games.txt")
    assert [len(moves(game)) for game in games] == [2, 3, 2, 1, 1, 1, 0]
    assert [game.result for game in games[:3]] == ["1-0", "1/2-1/2", "1-0"]
    assert (games[2].headers["Title"], games[2].comment) == ("胡荣华 - 许银川", "nice")
    assert [game.headers.get("FEN") for game in games[2:6]] == [None, SET_UP, SET_UP, None]
    assert [(game.errors[0].reason, game.errors[0].line) for game in games if game.errors] == [("move_unreadable", 9)]


def test_numbers_longer_than_python_reads() -> None:
    assert moves(one(f"{'9' * 5000}. h2e2 h9g7\n", name="games.txt")) == MOVES[:2]


@pytest.mark.parametrize("name", ["", "games.txt", "games.pgn"])
@pytest.mark.parametrize(
    "text",
    [
        "1. 炮二平五 马8进7\n2. 马二进三 车9平8\n",
        "1. h2e2 h9g7\n2. h0g2 i9h9 1-0\n",
        '[Event "x"]\n\n1. h2e2 h9g7 2. h0g2\ni9h9 1-0\n',
    ],
)
def test_games_over_several_lines_are_no_lines(text: str, name: str) -> None:
    assert moves(one(text, name=name)) == MOVES


@pytest.mark.parametrize(
    "text",
    [
        "1234 5678 0102 0304\n",
        "once upon a time\n",
        '{"a": 1}',
        "[1, 2]",
        "a,b\n1,2\n",
        '["words"]',
        "moves: none",
        "[[[[",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(RecordFileError) as caught:
        read(text)
    assert caught.value.code == "records.not_a_game_log"


def test_long_random_games_in_chinese() -> None:
    rng = random.Random(5)
    for _ in range(10):
        board, texts = Board(), []
        while (legal := list(board.legal_moves)) and len(texts) < 80:
            move = rng.choice(legal)
            texts.append(board.chinese(move))
            board.push(move)
        expected = [move.uci() for move in board.move_stack]
        for text in ("".join(texts), " ".join(texts)):
            assert moves(one(json.dumps({"moves": text}, ensure_ascii=False))) == expected
