"""An opening tree: what was played in a position, how often, and how it ended.

Positions are found by their Zobrist keys, so lines that come together are one. The file is read where
it lies: opening it and asking for a position touch a few pages.

>>> tree = OpeningTree.open("openings.tree")                                # doctest: +SKIP
>>> [(str(found.move), found.games) for found in tree.moves(Board())]       # doctest: +SKIP
[('h2e2', 31415), ('c3c4', 9265)]

A tree is a safetensors file of arrays that are sorted by ``keys``, then by games, most first:

==============  =============  ==================================================================
``keys``        ``uint64[N]``  of the position (:mod:`xiangqi_gpt.rules.zobrist`); in a tree without
                               left and right, of the mirror image where that key is smaller
``red_wins``    ``uint32[N]``  games that went on with the move and that Red won
``draws``       ``uint32[N]``  likewise, drawn
``black_wins``  ``uint32[N]``  likewise, won by Black
``unknown``     ``uint32[N]``  likewise, of unknown result
``moves``       ``uint16[N]``  ``from << 7 | to``, mirrored where the key is
``ratings``     ``uint16[N]``  the mean rating of those who played it, 0: unknown
``years``       ``uint16[N]``  when it was played last, 0: unknown
==============  =============  ==================================================================

The file's metadata has an entry ``openings``, the fields of :class:`TreeFacts` in JSON.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.records.array_file import arrays_in_place
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.rules.zobrist import mirrored_key

__all__ = ["TREE_ARRAYS", "OpeningMove", "OpeningTree", "TreeFacts"]

_FORMAT = 1

# Name -> dtype, in the order of the file: the widest first, so that all are aligned.
TREE_ARRAYS: Mapping[str, type[np.generic]] = {
    "keys": np.uint64,
    "red_wins": np.uint32,
    "draws": np.uint32,
    "black_wins": np.uint32,
    "unknown": np.uint32,
    "moves": np.uint16,
    "ratings": np.uint16,
    "years": np.uint16,
}


@dataclass(frozen=True)
class TreeFacts:
    """How a tree was made.

    Attributes:
        games: of so many games.
        plies: it goes so deep.
        least: moves of fewer games are left out.
        mirrored: whether a position and its mirror image left to right are one.
        positions: how many positions it has.
        format: the version of the format.
    """

    games: int
    plies: int
    least: int
    mirrored: bool
    positions: int
    format: int = _FORMAT

    def metadata(self) -> dict[str, str]:
        """The metadata of the file."""
        return {"openings": json.dumps(asdict(self))}


@dataclass(frozen=True, slots=True)
class OpeningMove:
    """A move that was played in a position.

    Attributes:
        move: the move.
        red_wins: games with it that Red won.
        draws: games that were drawn.
        black_wins: games that Black won.
        unknown: games of unknown result.
        rating: the mean rating of those who played it, or None.
        last_year: when it was played last, or None.
    """

    move: Move
    red_wins: int
    draws: int
    black_wins: int
    unknown: int
    rating: int | None
    last_year: int | None

    @property
    def games(self) -> int:
        """How many games went on with it."""
        return self.red_wins + self.draws + self.black_wins + self.unknown

    @property
    def red_score(self) -> float | None:
        """Red's points a game, 0..1, over the games with a result; None when there are none."""
        decided = self.games - self.unknown
        return (self.red_wins + self.draws / 2) / decided if decided else None


class OpeningTree:
    """The moves of many games by position. Its methods may be called from any thread."""

    def __init__(self, facts: TreeFacts, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Use :meth:`open`."""
        self.facts = facts
        self._arrays = arrays
        self._keys: NDArray[np.uint64] = arrays["keys"]

    @classmethod
    def open(cls, path: str | PathLike[str]) -> OpeningTree:
        """Open a tree that ``xiangqi-gpt openings`` made.

        Raises:
            RecordFileError: the file is missing, damaged, no opening tree, or one of another version.
        """
        name = str(path)
        try:
            with safe_open(path, framework="numpy") as file:  # checks the header against the file
                stored = json.loads((file.metadata() or {}).get("openings", "null"))
            if stored is None:
                raise RecordFileError("records.not_a_tree", file=name)
            if stored["format"] != _FORMAT:
                raise RecordFileError("records.tree_version", file=name, found=stored["format"], expected=_FORMAT)
            facts = TreeFacts(**{field.name: stored[field.name] for field in fields(TreeFacts)})
            return cls(facts, _map_arrays(Path(path)))
        except FileNotFoundError:
            raise RecordFileError("records.file_missing", file=name) from None
        except SafetensorError:
            raise RecordFileError("records.not_a_tree", file=name) from None
        except OSError as error:
            raise RecordFileError("records.file_unreadable", file=name, detail=error.strerror or error) from None
        except (ValueError, KeyError, TypeError) as error:
            raise RecordFileError("records.file_damaged", file=name, detail=repr(error)) from None

    def __len__(self) -> int:
        """How many moves it has, over all positions."""
        return len(self._keys)

    def moves(self, board: Board) -> list[OpeningMove]:
        """What was played in the position of a board, most often first; nothing where nothing is known.

        In a tree without left and right a position that is its own mirror image has one of two mirrored
        moves, the one on Red's right, with the games of both.
        """
        key, flipped = board.zobrist_hash(), False
        if self.facts.mirrored and (mirror := int(mirrored_key(board.state))) < key:
            key, flipped = mirror, True
        wanted = np.uint64(key)
        first = int(np.searchsorted(self._keys, wanted, side="left"))
        last = first + int(np.searchsorted(self._keys[first : first + 256], wanted, side="right"))
        columns = [self._arrays[name][first:last].tolist() for name in TREE_ARRAYS if name != "keys"]
        found = []
        for red_wins, draws, black_wins, unknown, code, rating, year in zip(*columns, strict=True):
            move = Move.from_code(code)
            move = move.flip_horizontal() if flipped else move
            found.append(OpeningMove(move, red_wins, draws, black_wins, unknown, rating or None, year or None))
        return found


def _map_arrays(path: Path) -> Mapping[str, NDArray[Any]]:
    """The arrays of a tree, in place.

    Raises:
        ValueError, KeyError, TypeError: they are not those of a tree.
    """
    with path.open("rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    arrays = arrays_in_place(view, {name: (dtype, ()) for name, dtype in TREE_ARRAYS.items()})
    for name, array in arrays.items():
        if len(array) != len(arrays["keys"]):
            raise ValueError(f"{name}: {len(array)} instead of {len(arrays['keys'])}")
    return arrays
