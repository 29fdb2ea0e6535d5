"""Games to measure a model on: out of files of any format, or out of one side of a corpus's split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.encode import GameEncoder
from xiangqi_gpt.corpus.shards import RESULT_UNKNOWN, CorpusError, Split
from xiangqi_gpt.corpus.spool import BLACK_BEGINS, HEAD_SIZE, SETUP, Head, moves_of
from xiangqi_gpt.records.errors import GameError, RecordFileError
from xiangqi_gpt.records.packed import STANDARD_INPUT, path_text
from xiangqi_gpt.records.reader import source_bytes, visit_games
from xiangqi_gpt.rules.fen import STARTING_FEN, parse_fen
from xiangqi_gpt.rules.position import State, new_state
from xiangqi_gpt.rules.squares import N_SQUARES

__all__ = ["HeldOut", "HeldOutGame", "OnReading", "corpus_games", "file_games"]

_SHOWN_REJECTS = 3
_REPORT_EVERY = 64  # games

OnReading = Callable[[int, int | None, int], None]
"""Hears how far reading has come: the bytes read, all there are (None: unknown), the games."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutGame:
    """A legal game of P plies, P >= 1.

    Attributes:
        start: the state row before the first move; shared between games, not to be changed.
        moves: ``uint16[P]``, vocabulary ids.
        result: 1 Red won, 0 draw, -1 Black won, None: not known.
    """

    start: State
    moves: NDArray[np.uint16]
    result: int | None


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Games, and what could not be used.

    Attributes:
        games: those that are legal to their ends.
        rejected: how many games were left out for a fault, as ``xiangqi-gpt prepare`` leaves them out.
        first_rejects: the faults of the first few.
        file_errors: why files could not be read, or not to their ends.
    """

    games: list[HeldOutGame]
    rejected: int
    first_rejects: list[GameError]
    file_errors: list[RecordFileError]


def _result(result: int) -> int | None:
    return None if result == RESULT_UNKNOWN else result


def _unpacked(data: bytes, usual: State) -> HeldOutGame:
    """The game of a record."""
    head, start = Head.of(data), usual
    if head.flags & SETUP:
        start = new_state(np.frombuffer(data, np.int16, N_SQUARES, HEAD_SIZE), not head.flags & BLACK_BEGINS)
    return HeldOutGame(start, moves_of(data, head).copy(), _result(head.result))


def corpus_games(folder: Path, split: Split) -> HeldOut:
    """The games of one side of a corpus's split.

    Raises:
        CorpusError: the folder is no corpus, or a damaged one, or the side has no games.
    """
    corpus = Corpus.open(folder)
    games = [corpus.game(split, number) for number in range(corpus.games(split))]
    if not games:
        raise CorpusError("corpus.empty_split", folder=path_text(folder), split=split)
    return HeldOut([HeldOutGame(game.start, game.moves, _result(game.result)) for game in games], 0, [], [])


def file_games(paths: Sequence[Path], on_reading: OnReading = lambda read, total, games: None) -> HeldOut:
    """The games of files and folders, or of standard input (``-``).

    A game with a fault is left out as a whole, so that a file gives the same figures whether it is read
    here or through a corpus; duplicates are not looked for.

    Args:
        paths: files in any format, packed or not, archives, folders.
        on_reading: called now and then.

    Raises:
        RecordFileError: a path does not exist.
        CorpusError: no game could be used.
    """
    for path in paths:
        if str(path) != STANDARD_INPUT and not path.exists():
            raise RecordFileError("records.file_missing", file=path_text(path))
    sizes = [source_bytes(str(path)) for path in paths]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    usual, read = parse_fen(STARTING_FEN), 0

    def count(read_now: int) -> None:
        nonlocal read
        read += read_now

    found = HeldOut([], 0, [], [])
    rejected, encoder = 0, GameEncoder()
    for path in paths:
        for game in visit_games(str(path), encoder, on_error=found.file_errors.append, on_read=count):
            if isinstance(game, GameError):
                rejected += 1
                if rejected <= _SHOWN_REJECTS:
                    found.first_rejects.append(game)
            else:
                found.games.append(_unpacked(game, usual))
            if (len(found.games) + rejected) % _REPORT_EVERY == 0:
                on_reading(read, total, len(found.games))
    on_reading(read, total, len(found.games))
    if not found.games:
        faults = [*found.file_errors, *found.first_rejects]
        raise faults[0] if faults else CorpusError("corpus.no_files", paths=", ".join(map(path_text, paths)))
    return HeldOut(found.games, rejected, found.first_rejects, found.file_errors)
