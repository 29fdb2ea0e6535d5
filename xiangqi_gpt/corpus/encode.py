"""The visitor that turns games into vocabulary ids and labels, fast, and checks every move."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.shards import NO_BEST, NO_EVAL, RESULT_UNKNOWN
from xiangqi_gpt.encoding.replay import drop_illegal_best, replay_game
from xiangqi_gpt.encoding.vocabulary import MOVE_CODE, N_MOVES
from xiangqi_gpt.notation.coordinates import iccs_text, parse_iccs
from xiangqi_gpt.notation.errors import InvalidMoveError
from xiangqi_gpt.records.annotations import find_best, find_eval
from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.start import start_position
from xiangqi_gpt.rules.fen import STARTING_FEN, parse_fen
from xiangqi_gpt.rules.position import TURN, State
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["EncodedGame", "GameEncoder"]

_RESULTS = {"1-0": 1, "0-1": -1, "1/2-1/2": 0}


@dataclass(frozen=True, slots=True, eq=False)
class EncodedGame:
    """A legal game of T plies, T >= 1; units as in :mod:`xiangqi_gpt.corpus.shards`.

    Attributes:
        moves: ``uint16[T]``, vocabulary ids.
        setup: the state row of a set-up start position, or None for the usual start.
        result: 1 Red won, 0 draw, -1 Black won, 2 unknown.
        evals: ``int16[T]``, or None when no ply has one.
        best: ``uint16[T]``, or None when no ply has one.
    """

    moves: NDArray[np.uint16]
    setup: State | None
    result: int
    evals: NDArray[np.int16] | None
    best: NDArray[np.uint16] | None


@cache
def _id_of_text() -> dict[str, int]:
    """Every spelling of every move of the vocabulary that :func:`parse_iccs` reads."""
    ids = {}
    for move in range(N_MOVES):
        origin, target = iccs_text(int(MOVE_CODE[move])).split("-")
        for spelling in product((origin, origin.lower()), ("-", ""), (target, target.lower())):
            ids["".join(spelling)] = move
    return ids


class GameEncoder:
    """Makes an :class:`EncodedGame` of each game, or the :class:`GameError` that makes it unusable."""

    wants_variations = False

    def __init__(self) -> None:
        self._ids_of_text = _id_of_text()
        self._usual_start = parse_fen(STARTING_FEN)

    def begin_game(self, file: str, line: int) -> None:
        """See :class:`xiangqi_gpt.records.visitor.GameVisitor`, here and below."""
        self._file = file
        self._line = line
        self._ids: list[int] = []
        self._lines: list[int] = []
        self._texts: list[str] = []
        self._fault: GameError | None = None
        self._result = RESULT_UNKNOWN
        self._fen = ""
        self._fen_line = line
        self._evals: dict[int, int] = {}
        self._best: dict[int, int] = {}

    def header(self, name: str, value: str, line: int) -> None:
        """Keep what the corpus needs of the tag pairs."""
        if name == "Result":
            self._result = _RESULTS.get(value.strip(), RESULT_UNKNOWN)
        elif name == "FEN":
            self._fen, self._fen_line = value, line

    def move(self, text: str, line: int) -> None:
        """Add a move; its legality is seen at the end."""
        self._ids.append(self._ids_of_text.get(text, NO_BEST))
        self._lines.append(line)
        self._texts.append(text)

    def comment(self, text: str) -> None:
        """Keep the labels of the move before it."""
        if "[%" not in text or not self._ids:
            return
        ply = len(self._ids) - 1
        if (value := find_eval(text)) is not None:
            self._evals[ply] = value
        if (best := find_best(text)) is not None and best in self._ids_of_text:
            self._best[ply] = self._ids_of_text[best]

    def nag(self, nag: int) -> None:
        """Not needed."""

    def begin_variation(self, line: int) -> None:
        """Not called."""

    def end_variation(self) -> None:
        """Not called."""

    def result(self, text: str) -> None:
        """Keep the result unless a tag pair tells it."""
        if self._result == RESULT_UNKNOWN:
            self._result = _RESULTS.get(text, RESULT_UNKNOWN)

    def fault(self, error: GameError) -> None:
        """The parser's own faults do not touch the moves before them."""

    def end_game(self) -> EncodedGame | GameError:
        """The game, if it has moves and all are legal."""
        try:
            setup = self._setup()
        except GameError as error:
            return error
        if not self._ids:
            return GameError("records.no_moves", file=self._file, line=self._line)
        moves = np.array(self._ids, np.uint16)
        start = self._usual_start if setup is None else setup
        legal = replay_game(start.copy(), moves)
        if legal < len(moves):
            return self._bad_move(legal)
        return EncodedGame(moves, setup, self._result, self._eval_labels(), self._best_labels(start, moves))

    def _setup(self) -> State | None:
        """The set-up start position, or None for the usual one."""
        if not self._fen:
            return None
        setup = start_position(self._fen, self._file, self._fen_line)
        usual = self._usual_start
        same = np.array_equal(setup[:N_SQUARES], usual[:N_SQUARES]) and setup[TURN] == usual[TURN]
        return None if same else setup

    def _bad_move(self, index: int) -> GameError:
        text = self._texts[index]
        try:
            parse_iccs(text)
            name = "move_illegal"
        except InvalidMoveError:
            name = "move_unreadable"
        return GameError(f"records.{name}", file=self._file, line=self._lines[index], text=text, ply=index + 1)

    def _eval_labels(self) -> NDArray[np.int16] | None:
        if not self._evals:
            return None
        evals = np.full(len(self._ids), NO_EVAL, np.int16)
        evals[list(self._evals)] = list(self._evals.values())
        return evals

    def _best_labels(self, start: State, moves: NDArray[np.uint16]) -> NDArray[np.uint16] | None:
        """The best moves, without those that are no legal moves."""
        if not self._best:
            return None
        best = np.full(len(moves), NO_BEST, np.uint16)
        best[list(self._best)] = list(self._best.values())
        drop_illegal_best(start.copy(), moves, best)
        return best
