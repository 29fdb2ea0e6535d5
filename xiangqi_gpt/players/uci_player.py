"""An engine as a player."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.players.base import Candidate, Info, Limit, PlayResult, ProgressCallback
from xiangqi_gpt.players.engine_info import EngineInfo
from xiangqi_gpt.players.uci import SimpleEngine

__all__ = ["DEFAULT_LIMIT", "UciPlayer"]

DEFAULT_LIMIT = Limit(time=1.0)
"""What a :class:`UciPlayer` gets when nothing limits it."""


def _pawns(info: EngineInfo) -> float | None:
    return None if info.score is None else info.score.centipawns() / 100


def _candidates(lines: Sequence[EngineInfo]) -> tuple[Candidate, ...]:
    return tuple(Candidate(line.pv[0], score=_pawns(line), line=line.pv) for line in lines)


class UciPlayer:
    """An engine as a player.

    Args:
        engine: the engine; the player closes it.
        limit: what limits it where :meth:`play` is told nothing, kind by kind.
        name: the name for records; the engine's when left out.
    """

    def __init__(self, engine: SimpleEngine, limit: Limit = Limit(), *, name: str | None = None) -> None:
        self._engine = engine
        self._limit = limit
        self._name = name or engine.name
        self._root = ""
        self._moves: list[Move] = []
        self._game = object()

    @property
    def name(self) -> str:
        """The name for records and displays."""
        return self._name

    def play(
        self,
        board: Board,
        limit: Limit = Limit(),
        *,
        stop: threading.Event | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> PlayResult:
        """Choose a move; the player's own limits come first, and there is always one.

        Raises:
            EngineError: as in :meth:`SimpleEngine.play`.
        """
        if self._limit != Limit():
            limit = self._limit
        elif limit == Limit():
            limit = DEFAULT_LIMIT
        started = time.perf_counter()
        best: dict[int, EngineInfo] = {}

        def progress(info: EngineInfo) -> None:
            assert on_progress is not None
            if info.score is not None and info.pv and board.is_legal(info.pv[0]):
                best[info.multipv] = info
                on_progress(_info([best[rank] for rank in sorted(best)], started))

        result = self._engine.play(
            board, limit, game=self._game_of(board), stop=stop, on_info=progress if on_progress else None
        )
        return PlayResult(None if result.resigned else result.move, _info(result.lines, started))

    def _game_of(self, board: Board) -> object:
        """The game that the engine is told of: another one when the board does not go on from the last."""
        moves, root = board.move_stack, board.root().fen()
        if root != self._root or moves[: len(self._moves)] != self._moves:
            self._game = object()
        self._root, self._moves = root, moves
        return self._game

    def close(self) -> None:
        """End the engine."""
        self._engine.quit()


def _info(lines: Sequence[EngineInfo], started: float) -> Info:
    first = lines[0] if lines else EngineInfo()
    return Info(_candidates(lines), depth=first.depth, nodes=first.nodes, time=time.perf_counter() - started)
