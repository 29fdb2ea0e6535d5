from __future__ import annotations

import io

import pytest
from trees import facts
from xqf_by_hand import AUTHOR, BLACK, RED, START, TITLE, Record, xqf_file

from xiangqi_gpt import Board, Move
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.records.builder import GameBuilder
from xiangqi_gpt.records.errors import LossError
from xiangqi_gpt.records.game import Game, GameNode
from xiangqi_gpt.records.xqf import visit_xqf
from xiangqi_gpt.records.xqf_writer import xqf_bytes

SETUPS = [
    "2bak4/4a4/4b4/9/9/4p4/9/3A5/4N4/2BAK4 b - - 0 1",
    "3k5/4P4/9/9/9/9/9/9/9/5K3 w - - 0 1",
    "rnbakabnr/9/1c5c1/p1p1p1p1p/9/9/P1P1P1P1P/1C5C1/9/RNBAKABNR b - - 0 1",
]


def read(data: bytes) -> Game:
    (game,) = visit_xqf(io.BytesIO(data), GameBuilder(), "game.xqf")
    return game


def losses(game: Game) -> list[str]:
    told: list[LossError] = []
    xqf_bytes(game, on_loss=told.append)
    assert all(str(loss) for loss in told)
    return [loss.code.removeprefix("records.loss_") for loss in told]


def test_the_bytes_of_a_game() -> None:
    game = Game({"Title": "例", "Red": "甲", "Black": "乙", "Author": "me", "Result": "0-1", "PlayType": "opening"})
    game.comment = "开局"
    cannon = game.add_variation(Move.from_uci("h2e2"))
    cannon.add_variation(Move.from_uci("h9g7"), comment="好\n棋")
    cannon.add_variation(Move.from_uci("b9c7")).add_variation(Move.from_uci("h0g2"))
    game.add_variation(Move.from_uci("c3c4"))
    records = [
        Record(comment="开局".encode("gbk")),
        Record("h2e2", other=True),
        Record("h9g7", then=False, other=True, comment="好\r\n棋".encode("gbk")),
        Record("b9c7"),
        Record("h0g2", then=False),
        Record("c3c4", then=False),
    ]
    fields = {TITLE: "例".encode("gbk"), RED: "甲".encode("gbk"), BLACK: "乙".encode("gbk"), AUTHOR: b"me"}
    expected = xqf_file(records, result=2, kind=1, fields=fields)
    assert _without_filler(xqf_bytes(game)) == _without_filler(expected)


def _without_filler(data: bytes) -> bytes:
    """The bytes of a file of version 10, those that mean nothing as zeros."""
    cleared, at = bytearray(data), 1024
    while at < len(data):
        cleared[at + 3] = 0
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
    return bytes(cleared)


def test_a_deep_tree() -> None:
    game = Game({"Result": "*"})
    node: GameNode = game
    for ply in range(4000):
        move, other = [("h2h3", "h2h1"), ("h7h6", "h7h8"), ("h3h2", "h3h4"), ("h6h7", "h6h5")][ply % 4]
        node.add_variation(Move.from_uci(move))
        node.add_variation(Move.from_uci(other))
        node = node.variations[0]
    assert facts(read(xqf_bytes(game))) == facts(game)


@pytest.mark.parametrize("fen", SETUPS)
def test_set_up_positions(fen: str) -> None:
    game = Game({"Result": "*"})
    game.setup(fen)
    back = read(xqf_bytes(game))
    assert back.start_board() == Board(fen)


def test_what_is_lost() -> None:
    game = Game({"Title": "甲" * 40, "Site": "a city with a long name", "Round": "3", "Event": "?", "ECCO": ""})
    game.setup("3k5/4P4/9/9/9/9/9/9/9/5K3 w - - 3 7")
    node = game.add_variation(Move.from_uci("e8e9"), comment="ἀ好♔", nags=[1, 14])
    other = game.add_variation(Move.from_uci("f0f1"), starting_comment="or", comment="this")
    assert losses(game) == [
        "counters",
        "header_cut",
        "header_cut",
        "header",
        "glyphs",
        "starting_comments",
        "characters",
    ]
    back = read(xqf_bytes(game))
    assert back.headers["Title"] == "甲" * 31  # 63 bytes
    assert back.headers["Site"] == "a city with a l"
    assert [child.comment for child in back.variations] == ["?好?", "or\nthis"]
    assert (node.comment, node.nags, other.starting_comment) == ("ἀ好♔", {1, 14}, "or")


def test_the_losses_say_what_it_was() -> None:
    game = Game({"Round": "3"})
    game.add_variation(Move.from_uci("h2e2"), comment="♔ ἀ ♔")
    told: list[LossError] = []
    xqf_bytes(game, on_loss=told.append)
    round_lost, characters = (loss.text("en") for loss in told)
    assert "Round" in round_lost
    assert "'3'" in round_lost
    assert "♔" in characters
    assert "ἀ" in characters


def test_too_many_pieces() -> None:
    game = Game()
    game.setup("3k5/9/9/9/9/9/RRR6/9/9/5K3 w - - 0 1")
    with pytest.raises(XiangqiError) as caught:
        xqf_bytes(game)
    assert caught.value.code == "records.xqf_pieces"


def test_the_usual_pieces_stand_in_their_usual_order() -> None:
    assert list(xqf_bytes(Game())[16:48]) == START
