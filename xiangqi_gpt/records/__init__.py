"""Games <-> files: the game tree, and one file a format."""

from xiangqi_gpt.records.errors import GameError, LossError, RecordFileError
from xiangqi_gpt.records.game import ChildNode, Game, GameNode, Label
from xiangqi_gpt.records.pgn import read_game
from xiangqi_gpt.records.pgn_writer import pgn_text
from xiangqi_gpt.records.reader import read_games, visit_games
from xiangqi_gpt.records.writer import write_games

__all__ = [
    "ChildNode",
    "Game",
    "GameError",
    "GameNode",
    "Label",
    "LossError",
    "RecordFileError",
    "pgn_text",
    "read_game",
    "read_games",
    "visit_games",
    "write_games",
]
