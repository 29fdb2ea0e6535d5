"""The visitor that turns games into vocabulary ids, labels and metadata, fast, and checks every move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.dataset import Candidates
from xiangqi_gpt.corpus.keys import game_keys
from xiangqi_gpt.corpus.metadata import NO_METADATA, Metadata, find_metadata
from xiangqi_gpt.corpus.shards import NO_BEST, NO_EVAL, RESULT_UNKNOWN
from xiangqi_gpt.corpus.spool import BEST, BLACK_BEGINS, EVALS, MIRRORED, SETUP, Head, record
from xiangqi_gpt.encoding.replay import drop_illegal_best
from xiangqi_gpt.encoding.vocabulary import MOVE_CODE, MOVE_ID, N_MOVES
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.notation.coordinates import iccs_text
from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError
from xiangqi_gpt.records.annotations import read_data
from xiangqi_gpt.records.errors import GameError
from xiangqi_gpt.records.moves import MoveReader
from xiangqi_gpt.records.start import start_position
from xiangqi_gpt.rules.fen import STARTING_FEN, parse_fen
from xiangqi_gpt.rules.position import TURN, State
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["EncodedGame", "GameEncoder", "pack_game"]

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
        candidates: the moves that an engine weighed, or None when there are none.
        metadata: what the headers tell.
    """

    moves: NDArray[np.uint16]
    setup: State | None
    result: int
    evals: NDArray[np.int16] | None = None
    best: NDArray[np.uint16] | None = None
    candidates: Candidates | None = None
    metadata: Metadata = NO_METADATA


def pack_game(game: EncodedGame) -> bytes:
    """The record of a game (:mod:`xiangqi_gpt.corpus.spool`), but for its source and place."""
    plies = len(game.moves)
    keys = game_keys(game.setup, game.moves)
    flags = MIRRORED * keys.mirrored | EVALS * (game.evals is not None) | BEST * (game.best is not None)
    if game.setup is not None:
        flags |= SETUP | (0 if game.setup[TURN] else BLACK_BEGINS)
    labelled = np.zeros(plies, bool)
    if game.evals is not None:
        labelled |= game.evals != NO_EVAL
    if game.best is not None:
        labelled |= game.best != NO_BEST
    known = game.metadata
    head = Head(
        size=0,
        plies=plies,
        labelled=int(labelled.sum()) if flags & (EVALS | BEST) else 0,
        candidates=0 if game.candidates is None else len(game.candidates.ply),
        family=keys.family,
        identity=keys.identity,
        place=0,
        source=0,
        opening_plies=known.opening_plies,
        red_rating=known.red_rating,
        black_rating=known.black_rating,
        year=known.year,
        result=game.result,
        flags=flags,
        kind=known.kind,
        red_title=known.red_title,
        black_title=known.black_title,
    )
    parts = [game.moves, game.evals, game.best, *(game.candidates or ())]
    setup = b"" if game.setup is None else game.setup[:N_SQUARES].tobytes()
    return record(head, setup, *(part.tobytes() for part in parts if part is not None))


@cache
def _id_of_text(first_rank: int) -> dict[str, int]:
    """Every spelling of every move of the vocabulary as coordinates with ranks from ``first_rank``."""
    ids = {}
    for move in range(N_MOVES):
        squares = iccs_text(int(MOVE_CODE[move])).split("-")
        origin, target = (f"{square[0]}{int(square[1]) + first_rank}" for square in squares)
        for spelling in product((origin, origin.lower()), ("-", ""), (target, target.lower())):
            ids["".join(spelling)] = move
    return ids


class GameEncoder:
    """Makes the record of each game, or the :class:`GameError` that makes it unusable.

    Args:
        lines_before: added to the numbers of lines, for a piece of a file.
    """

    wants_variations = False

    def __init__(self, lines_before: int = 0) -> None:
        self._lines_before = lines_before
        self._usual_start = parse_fen(STARTING_FEN)

    def begin_game(self, file: str, line: int) -> None:
        """See :class:`xiangqi_gpt.records.visitor.GameVisitor`, here and below."""
        self._file = file
        self._line = line
        self._headers: dict[str, str] = {}
        self._fen_line = line
        self._texts: list[str] = []
        self._first_rank = 0
        self._lines: list[int] = []
        self._result = RESULT_UNKNOWN
        self._other_variant: GameError | None = None
        self._evals: dict[int, int] = {}
        self._best: list[tuple[int, str]] = []
        self._weighed: dict[int, tuple[tuple[str, int], ...]] = {}

    def header(self, name: str, value: str, line: int) -> None:
        """Keep a tag pair."""
        self._headers[name] = value
        if name == "FEN":
            self._fen_line = line

    def moves(self, texts: Sequence[str], line: int) -> None:
        """Add moves; what they mean, and whether they are legal, is seen at the end."""
        self._texts += texts
        self._lines += [line] * len(texts)

    def comment(self, text: str) -> None:
        """Keep the labels of the positions before and after the move before it."""
        if "[%" not in text:
            return
        before, after, best, candidates = read_data(text)
        ply = len(self._texts) - 1
        if before is not None:
            self._evals[ply] = before
        if after is not None:
            self._evals[ply + 1] = after
        if best is not None:
            self._best.append((ply, best))
        if candidates:
            self._weighed[ply] = candidates

    def nag(self, nag: int) -> None:
        """Not needed."""

    def begin_variation(self, line: int) -> None:
        """Not called."""

    def end_variation(self) -> None:
        """Not called."""

    def result(self, text: str) -> None:
        """Keep the result unless a tag pair tells it."""
        self._result = _RESULTS.get(text, RESULT_UNKNOWN)

    def fault(self, error: GameError) -> None:
        """The parser's own faults do not touch the moves before them, but it tells none of another variant."""
        if error.reason == "variant_other":
            self._other_variant = self._fault(error.reason, error.line, text=error.fields["text"])

    def end_game(self) -> bytes | GameError:
        """The record, if the game has moves and all are legal."""
        try:
            game = self._game()
        except GameError as error:
            return error
        return pack_game(game)

    def _fault(self, name: str, line: int, **fields: object) -> GameError:
        return GameError(f"records.{name}", file=self._file, line=self._lines_before + line, **fields)

    def _game(self) -> EncodedGame:
        if self._other_variant is not None:
            raise self._other_variant
        setup = self._setup()
        if not self._texts:
            raise self._fault("no_moves", self._line)
        start = self._usual_start if setup is None else setup
        reader = MoveReader()
        reading = reader.read_line(start.copy(), self._texts)
        self._first_rank = reader.first_rank or 0
        if reading.error is not None:
            raise self._bad_move(len(reading.moves), reading.error)
        moves = MOVE_ID[reading.moves >> 7, reading.moves & 127].astype(np.uint16)
        return EncodedGame(
            moves,
            setup,
            _RESULTS.get(self._headers.get("Result", "*"), self._result),
            self._eval_labels(),
            self._best_labels(start, moves),
            self._candidate_labels(start, moves),
            find_metadata(self._headers, setup=setup is not None),
        )

    def _setup(self) -> State | None:
        """The set-up start position, or None for the usual one."""
        fen = self._headers.get("FEN")
        if not fen:
            return None
        setup = start_position(fen, self._file, self._lines_before + self._fen_line)
        usual = self._usual_start
        same = np.array_equal(setup[:N_SQUARES], usual[:N_SQUARES]) and setup[TURN] == usual[TURN]
        return None if same else setup

    def _bad_move(self, index: int, error: XiangqiError) -> GameError:
        kinds = {IllegalMoveError: "move_illegal", AmbiguousMoveError: "move_ambiguous"}
        name = kinds.get(type(error), "move_unreadable")
        return self._fault(name, self._lines[index], text=self._texts[index], ply=index + 1)

    def _eval_labels(self) -> NDArray[np.int16] | None:
        if not self._evals:
            return None
        plies = len(self._texts)
        evals = np.full(plies, NO_EVAL, np.int16)
        for ply, value in self._evals.items():
            if 0 <= ply < plies:
                evals[ply] = value
        return evals if (evals != NO_EVAL).any() else None

    def _best_labels(self, start: State, moves: NDArray[np.uint16]) -> NDArray[np.uint16] | None:
        """The best moves, without those that are no legal moves."""
        if not self._best:
            return None
        ids = _id_of_text(self._first_rank)  # labels count ranks as the game's moves do
        best = np.full(len(moves), NO_BEST, np.uint16)
        for ply, text in self._best:
            if ply >= 0:
                best[ply] = ids.get(text, NO_BEST)
        drop_illegal_best(start.copy(), moves, best)
        return best if (best != NO_BEST).any() else None

    def _candidate_labels(self, start: State, moves: NDArray[np.uint16]) -> Candidates | None:
        """The moves that an engine weighed, without those that are no legal moves."""
        if not self._weighed:
            return None
        ids = _id_of_text(self._first_rank)  # labels count ranks as the game's moves do
        found: list[tuple[int, int, int]] = []
        most = max(map(len, self._weighed.values()))
        for rank in range(most):  # the kernel takes one move a ply
            some = np.full(len(moves), NO_BEST, np.uint16)
            for ply, weighed in self._weighed.items():
                if ply >= 0 and rank < len(weighed):
                    some[ply] = ids.get(weighed[rank][0], NO_BEST)
            drop_illegal_best(start.copy(), moves, some)
            found += [(ply, rank, int(some[ply])) for ply in np.flatnonzero(some != NO_BEST).tolist()]
        found.sort()
        return Candidates(
            np.array([ply for ply, _, _ in found], np.uint32),
            np.array([move for _, _, move in found], np.uint16),
            np.array([self._weighed[ply][rank][1] for ply, rank, _ in found], np.int16),
        )
