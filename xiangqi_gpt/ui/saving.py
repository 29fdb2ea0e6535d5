"""Games from the window as PGN files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.records import Game, write_games
from xiangqi_gpt.rules.pieces import RED
from xiangqi_gpt.ui.state import Table

__all__ = ["SavingError", "games_folder", "record_of", "save_game"]


def games_folder() -> Path:
    """Where the window saves games."""
    return Path("~/xiangqi-gpt").expanduser()


class SavingError(XiangqiError):
    """There is nothing to save, or it cannot be saved."""


def record_of(table: Table, opponent: str, now: datetime) -> Game:
    """The game on the table so far; ``opponent`` is the player's spec."""
    game = Game.from_board(table.board)
    names = ("human", opponent) if table.person == RED else (opponent, "human")
    game.headers |= {"Event": "xiangqi-gpt", "Date": now.strftime("%Y.%m.%d"), "Red": names[0], "Black": names[1]}
    if table.resigned is not None:
        game.headers |= {"Result": "0-1" if table.resigned == RED else "1-0", "Termination": "resignation"}
    elif table.outcome is not None:
        game.headers["Termination"] = table.outcome.termination.value
    return game


def save_game(table: Table, opponent: str, folder: Path, now: datetime) -> Path:
    """Write the game on the table to a file of its own, named after the time; returns the file.

    Raises:
        SavingError: no move was played yet, or the folder cannot be written.
    """
    if not table.board.move_stack:
        raise SavingError("ui.nothing_to_save")
    file = folder / f"{now:%Y-%m-%d %H.%M.%S}.pgn"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SavingError("ui.save_failed", folder=folder, reason=error.strerror or error) from error
    write_games(file, [record_of(table, opponent, now)])
    return file
