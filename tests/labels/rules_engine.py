"""Engines without a process: they know the rules, and what they say is made up but always the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.players.base import Limit
from xiangqi_gpt.players.engine_info import EngineInfo, Score
from xiangqi_gpt.players.engine_process import EngineError
from xiangqi_gpt.players.uci import EngineResult

VALUES = {"r": 900, "c": 450, "h": 400, "n": 400, "e": 200, "b": 200, "a": 200, "p": 100, "k": 0}


def material(board: Board) -> int:
    """Red's material less Black's in centipawns, counted on the FEN's letters."""
    letters = [letter for letter in board.board_fen() if letter.isalpha()]
    return sum(VALUES[letter.lower()] * (1 if letter.isupper() else -1) for letter in letters)


def dice(*seeds: object) -> int:
    """A number 0..65535 that the seeds decide."""
    return int.from_bytes(hashlib.sha256(" ".join(map(str, seeds)).encode()).digest()[:2])


class RulesEngine:
    """Draws moves by a hash of position and limit; ``score`` says what it tells of a move, for the mover."""

    name = "Rules 1"

    def __init__(self, score: Callable[[Board, Move], Score] | None = None) -> None:
        self.score = score or (lambda board, move: Score(cp=dice(board.fen(), move) % 200 - 100))
        self.asked: list[tuple[str, int | None, int]] = []
        self.games: list[object] = []

    def play(self, board: Board, limit: Limit, *, game: object = None, multipv: int = 1) -> EngineResult:
        self.asked.append((board.fen(), limit.nodes, multipv))
        self.games.append(game)
        fen = board.fen()
        moves = sorted(board.legal_moves, key=lambda move: dice(fen, limit.nodes, move))[:multipv]
        lines = tuple(EngineInfo((move,), self.score(board, move)) for move in moves)
        return EngineResult(moves[0], lines)

    def analyse(self, board: Board, limit: Limit, *, game: object = None, multipv: int = 1) -> list[EngineInfo]:
        return list(self.play(board, limit, game=game, multipv=multipv).lines)

    def option(self, name: str) -> None:
        return None

    def configure(self, options: dict[str, Any]) -> None:
        assert not options

    def close(self) -> None:
        pass


class FailingEngine(RulesEngine):
    """Fails on what it was told to fail on: a search is asked about with its board and game."""

    def __init__(self, fails: Callable[[Board, object], bool]) -> None:
        super().__init__()
        self.fails = fails

    def play(self, board: Board, limit: Limit, *, game: object = None, multipv: int = 1) -> EngineResult:
        if self.fails(board, game):
            raise EngineError("players.engine_died", engine=self.name, status=3)
        return super().play(board, limit, game=game, multipv=multipv)
