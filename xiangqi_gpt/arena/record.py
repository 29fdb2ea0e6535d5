"""The games of a match as records."""

from __future__ import annotations

from datetime import date

from xiangqi_gpt.arena.match import MatchGame
from xiangqi_gpt.records.game import Game
from xiangqi_gpt.rules.pieces import RED

__all__ = ["game_record"]


def game_record(played: MatchGame, day: date) -> Game:
    """The record of a game that was played on ``day``.

    Beside the usual headers it has ``Termination``, ``PlyCount`` and ``OpeningPlies`` (how many of the
    first moves were given to the players); what a player that forfeits did is a comment at the end.
    """
    red, black = played.game.red, played.game.black
    if red == black:
        first, second = ("A", "B") if played.a_color == RED else ("B", "A")
        red, black = f"{red} ({first})", f"{black} ({second})"
    game = Game()
    game.headers |= {
        "Event": "xiangqi-gpt match",
        "Date": day.strftime("%Y.%m.%d"),
        "Round": str(played.index + 1),
        "Red": red,
        "Black": black,
        "Result": played.game.result(),
        "Termination": played.game.termination,
        "PlyCount": str(len(played.game.moves)),
        "OpeningPlies": str(played.game.opening_plies),
    }
    game.add_line(played.game.moves, comment=played.game.note or "")
    return game
