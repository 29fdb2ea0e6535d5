"""Random game trees, and what is in a tree as plain values to compare."""

from __future__ import annotations

import random
from collections.abc import Sequence

from xiangqi_gpt import Board
from xiangqi_gpt.records.game import ChildNode, Game, GameNode

USUAL = "rnbakabnr/9/1c5c1/p1p1p1p1p/9/9/P1P1P1P1P/1C5C1/9/RNBAKABNR"
SET_UPS = [
    "2bak4/4a4/4b4/9/9/4p4/9/3A5/4N4/2BAK4 b - - 0 1",
    f"{USUAL} b - - 0 1",
    # What has no name of its own: soldiers in columns, two of a kind on one file.
    "3k5/6P2/2P3P2/2P3P2/9/9/9/9/9/5K3 w - - 0 1",
    "4k4/9/9/9/9/1p2p4/1p2p4/9/4p4/3K5 b - - 0 1",
    "3akab2/9/2n1b1n2/2R6/7C1/2r3r2/7C1/4B1N2/9/2BAKA3 b - - 0 1",
]
WITH_COUNTERS = "2bak4/4a4/4b4/9/9/4p4/9/3A5/4N4/2BAK4 b - - 7 33"

# In every encoding that games are kept in, simplified and traditional; and what looks like something else.
WORDS = [
    "good",
    "中炮",
    "一步好棋",
    "（看下面）",
    "二行\n文字",
    "局名：中炮",
    "[%clk 0:01:02]",
    "[%eval 0.35] [%best h2e2] x",
]
WORDS += [
    "1. h2e2",
    "100%",
    "$5",
    "1-0",
    "*",
    "(see below)",
    "=====",
    "炮二平五",
    "; so",
    "{",
    "% 50",
    '[Site "x"]',
    "\\",
]
HEADERS = {
    "Event": "全国棋王赛",
    "Site": "北京",
    "Date": "1993.04.27",
    "Red": "胡明",
    "Black": "王天一",
    "Title": "中炮 (1)",
}
RESULTS = ["1-0", "0-1", "1/2-1/2", "*"]

# What one format or another cannot hold.
ODD_WORDS = [" space around ", "\ttab", "{b}race", 'two\n[Event "x"]', "two\n}", "\u2028", "a\rb\r\nc", "Ōé♔", "🀄"]
ODD_WORDS += [
    "\u3000全角\u3000",
    "\ufeffmark",
    "nul\0",
    "\ud800",
    "\x0b\x0c\x85",
    "€",
    "line \nend",
    "\n\nlines\n\n\nbetween",
]
ODD_HEADERS = {"赛事": "x", "White": "x", "Note": "x", "a b": "x", "PlayType": "blitz", "Variation": "x", "": "x"}
ODD_HEADERS |= {"Date": "1993-4-27", "Round": "甲" * 40, "ECCO": "x" * 1200, "RedElo": "2500", "Result": "红胜"}

_NOT_OF_THE_GAME = {"Game", "Format", "Variant", "SetUp", "Result", "FEN"}
_UNKNOWN = {"", "?", "*", "????.??.??"}


def nodes(game: Game) -> list[tuple[object, ...]]:
    """Every node of a tree, in order."""
    found: list[tuple[object, ...]] = []
    waiting: list[GameNode] = [game]
    while waiting:
        node = waiting.pop()
        extra = (node.starting_comment, sorted(node.nags)) if isinstance(node, ChildNode) else ()
        found.append((str(node.move), node.comment, len(node.variations), extra))
        waiting += reversed(node.variations)
    return found


def facts(game: Game) -> list[object]:
    """Everything of a game, the headers in their order."""
    return [list(game.headers.items()), *nodes(game)]


def meaning(game: Game) -> list[object]:
    """What a game tells: two that differ in how they say that nothing is known are one."""
    told = {tag: text for tag, text in game.headers.items() if tag not in _NOT_OF_THE_GAME and text not in _UNKNOWN}
    return [sorted(told.items()), game.result, game.start_board().fen(), *nodes(game)]


def _words(rng: random.Random, odd: float, words: Sequence[str]) -> str:
    if rng.random() < odd:
        return rng.choice(ODD_WORDS)
    return " ".join(rng.choices(words, k=rng.choice((1, 1, 2, 20))))


def random_tree(
    rng: random.Random, *, rich: bool = False, odd: float = 0.0, words: Sequence[str] = WORDS, most: int = 60
) -> Game:
    """A game of up to so many nodes.

    Args:
        rng: what is drawn from.
        rich: with glyphs and with comments before side lines, which XQF does not have.
        odd: how often there is something that a format may not hold.
        words: what comments are made of.
        most: nodes.
    """
    headers = {tag: text for tag, text in HEADERS.items() if rng.random() < 0.5}
    headers |= {"Author": rng.choice(['"me"', "back\\slash", "", "棋友"]), "Result": rng.choice(RESULTS)}
    game = Game(headers)
    if rng.random() < odd:
        game.headers |= [rng.choice(list(ODD_HEADERS.items())), (rng.choice(list(HEADERS)), rng.choice(ODD_WORDS))]
    if rng.random() < 0.4:
        game.setup(WITH_COUNTERS if rng.random() < max(odd, rich / 4) else rng.choice(SET_UPS))
    places: list[tuple[GameNode, Board]] = [(game, game.start_board())]
    for _ in range(rng.randrange(most)):
        parent, board = rng.choice(places[-4:])
        legal = [move for move in board.legal_moves if not parent.has_variation(move)]
        if not legal:
            continue
        node = parent.add_variation(rng.choice(legal))
        after = board.copy()
        after.push(node.move)
        places.append((node, after))
        if rich and rng.random() < 0.3:
            node.nags = rng.sample([1, 2, 3, 4, 5, 6, 7, 14, 139, 255], rng.choice((1, 2)))
        if rng.random() < odd:
            node.nags = rng.sample([0, 1, 2, 3, 14, 139, 255, -3, 1 << 20], 2)
        if (rich and node.starts_variation() and rng.random() < 0.5) or rng.random() < odd:
            node.starting_comment = _words(rng, odd, words)
    for place, _ in places:
        if rng.random() < 0.3:
            place.comment = _words(rng, odd, words)
    return game
