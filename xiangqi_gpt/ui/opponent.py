"""The player across the board, seen from the event loop: asked and cancelled as the table needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from xiangqi_gpt.board import Board
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.base import PlayResult
from xiangqi_gpt.players.remote import Answer, Failure, Ready, Report
from xiangqi_gpt.ui.scene import OpponentStatus
from xiangqi_gpt.ui.state import Table

__all__ = ["Asked", "OpenPlayer", "Opponent"]


class Asked(Protocol):
    """What the window needs of a :class:`~xiangqi_gpt.players.remote.RemotePlayer`; nothing here blocks."""

    def start(self, board: Board) -> int:
        """Ask about a board, in place of what was asked before."""
        ...

    def poll(self) -> list[Report]:
        """What has come since the last call."""
        ...

    def cancel(self) -> None:
        """Drop the present question."""
        ...

    def close(self) -> None:
        """End the player."""
        ...


OpenPlayer: TypeAlias = Callable[[str, float], Asked]
"""Starts the player of a spec, at a temperature."""


class Opponent:
    """A player kept busy with exactly the board on the table, when it is to move there."""

    def __init__(self, open_player: OpenPlayer, spec: str, temperature: float) -> None:
        self._open = open_player
        self._player: Asked | None = None
        self.reopen(spec, temperature)

    def reopen(self, spec: str, temperature: float) -> None:
        """Take another player, or the same anew."""
        self.close()
        self.spec, self.temperature = spec, temperature
        self.error: XiangqiError | None = None
        self._ready = False
        self._asked: Board | None = None
        self._player = self._open(spec, temperature)

    @property
    def status(self) -> OpponentStatus:
        """What it is doing."""
        if self.error is not None:
            return "failed"
        if not self._ready:
            return "loading"
        return "ready" if self._asked is None else "thinking"

    @property
    def is_lost(self) -> bool:
        """Whether it has to be opened anew to play on."""
        return self._player is None

    def follow(self, table: Table) -> PlayResult | None:
        """Ask or cancel as the table needs it, and return the answer to the table if it has come."""
        wanted = table.board if table.is_opponents_turn else None
        if self._player is not None and wanted is not self._asked:
            if self.error is not None:  # a failed question; the next may fare better
                self.error = None
            self._asked = wanted
            if wanted is None:
                self._player.cancel()
            else:
                self._player.start(wanted)
        result = None
        for report in self._player.poll() if self._player is not None else ():
            if isinstance(report, Ready):
                self._ready = True
            elif isinstance(report, Answer):
                result = report.result
            elif isinstance(report, Failure):
                self.error = report.error()
                if report.request is None:
                    self.close()
                    break
        return result

    def fail(self, error: XiangqiError) -> None:
        """Note that its answer was unusable; it is not asked again about this board."""
        self.error = error

    def close(self) -> None:
        """End the player."""
        if self._player is not None:
            self._player.close()
            self._player = None
