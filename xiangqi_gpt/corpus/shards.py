"""The files of a corpus: shards of games as arrays, and the manifest that lists them.

A shard is one safetensors file of absolute facts (nothing of how a model sees them), the games of
one side of the split one after another:

===================  ================  ==========================================================
``moves``            ``uint16[P]``     vocabulary ids (:mod:`xiangqi_gpt.encoding.vocabulary`)
``offsets``          ``int64[G + 1]``  game i is ``moves[offsets[i]:offsets[i + 1]]``
``start``            ``int32[G]``      -1: the usual start position, else a row of ``starts``
``starts``           ``int16[S, 90]``  piece codes by square of the set-up positions
``start_turn``       ``int8[S]``       their side to move, 1 Red, 0 Black
``result``           ``int8[G]``       1 Red won, 0 draw, -1 Black won, 2 unknown
``source``           ``uint8[G]``      index into the manifest's ``sources``
``kind``             ``uint8[G]``      index into :data:`xiangqi_gpt.corpus.metadata.KINDS`
``red_rating``       ``int16[G]``      Red's rating on whatever scale, 0: unknown
``black_rating``     ``int16[G]``      Black's
``red_title``        ``uint8[G]``      index into :data:`xiangqi_gpt.corpus.metadata.TITLES`
``black_title``      ``uint8[G]``      likewise
``year``             ``int16[G]``      when it was played, 0: unknown
``opening_plies``    ``uint16[G]``     the plies given to an engine game, not its players' choice
``eval``             ``int16[P]``      centipawns for Red before the move; mate in n:
                                       ±(30000 - n); 32767: unknown
``best``             ``uint16[P]``     what an engine would have played, a vocabulary id; 65535:
                                       unknown
``candidates_ply``   ``uint32[C]``     index into ``moves``, ascending: of the position before
``candidates_move``  ``uint16[C]``     a move that an engine weighed there, best first
``candidates_eval``  ``int16[C]``      its evaluation, in the units of ``eval``
===================  ================  ==========================================================

``manifest.json`` is written last: a folder that has one is whole.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from xiangqi_gpt.atomic import write_whole
from xiangqi_gpt.encoding.vocabulary import NO_EVAL, NO_MOVE, VOCABULARY_HASH
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.records.array_file import arrays_in_place

__all__ = [
    "FORMAT_VERSION",
    "MANIFEST_NAME",
    "NO_BEST",
    "NO_EVAL",
    "OF_GAMES",
    "REJECTS_NAME",
    "REPORT_NAME",
    "RESULTS",
    "RESULT_UNKNOWN",
    "SHARD_ARRAYS",
    "SHARD_PLIES",
    "SPLITS",
    "STATE_NAME",
    "WORK_NAME",
    "CorpusError",
    "Manifest",
    "ShardArrays",
    "ShardEntry",
    "SourceEntry",
    "Split",
    "map_shard",
    "publish",
    "read_manifest",
    "write_manifest",
    "write_shard",
]

FORMAT_VERSION = 2
MANIFEST_NAME = "manifest.json"
REJECTS_NAME = "rejects.jsonl"
REPORT_NAME = "report.html"
STATE_NAME = ".prepared.json"  # what the corpus was made of, to see whether anything has changed
WORK_NAME = ".work"  # the folder for what is not yet the corpus

SHARD_PLIES = 4_000_000

Split = Literal["train", "validation"]
SPLITS: tuple[Split, ...] = ("train", "validation")

NO_BEST = NO_MOVE
RESULT_UNKNOWN = 2
RESULTS = {"red_wins": 1, "draws": 0, "black_wins": -1, "unknown": RESULT_UNKNOWN}
"""How games end, each with the number that shards have for it."""

ShardArrays = Mapping[str, NDArray[Any]]

# Name -> (dtype, axes after the first): what a file must hold to be a shard.
SHARD_ARRAYS: Mapping[str, tuple[type[np.generic], tuple[int, ...]]] = {
    "moves": (np.uint16, ()),
    "offsets": (np.int64, ()),
    "start": (np.int32, ()),
    "starts": (np.int16, (90,)),
    "start_turn": (np.int8, ()),
    "result": (np.int8, ()),
    "source": (np.uint8, ()),
    "kind": (np.uint8, ()),
    "red_rating": (np.int16, ()),
    "black_rating": (np.int16, ()),
    "red_title": (np.uint8, ()),
    "black_title": (np.uint8, ()),
    "year": (np.int16, ()),
    "opening_plies": (np.uint16, ()),
    "eval": (np.int16, ()),
    "best": (np.uint16, ()),
    "candidates_ply": (np.uint32, ()),
    "candidates_move": (np.uint16, ()),
    "candidates_eval": (np.int16, ()),
}
OF_GAMES = (
    "start",
    "result",
    "source",
    "kind",
    "red_rating",
    "black_rating",
    "red_title",
    "black_title",
    "year",
    "opening_plies",
)


class CorpusError(XiangqiError):
    """A corpus that cannot be made or read."""


@dataclass(frozen=True)
class ShardEntry:
    """A shard as the manifest lists it; ``bytes`` and ``sha256`` are those of the file."""

    file: str
    split: Split
    games: int
    plies: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class SourceEntry:
    """One input file (or folder of many): its name, and what became of its games.

    ``read`` = ``kept`` + ``duplicates`` + ``near_duplicates`` + the sums of ``filtered``, which counts
    games by the filter that left them out, and of ``rejects``, which counts them by reason. ``faults``
    says why a file could not be read, or not to its end. ``weight`` is how much a game of it counts in
    training.
    """

    name: str
    read: int
    kept: int
    duplicates: int
    near_duplicates: int
    filtered: dict[str, int]
    rejects: dict[str, int]
    faults: list[str]
    weight: float = 1.0


@dataclass(frozen=True)
class Manifest:
    """What a corpus holds and how it was made."""

    format: int
    vocabulary: str
    program: str
    settings: dict[str, Any]
    sources: list[SourceEntry]
    splits: dict[Split, dict[str, int]]
    """Split -> ``games`` and ``plies``."""
    shards: list[ShardEntry]


def write_shard(folder: Path, split: Split, number: int, arrays: ShardArrays) -> ShardEntry:
    """Write the arrays of one shard to ``folder``; returns its line in the manifest."""
    name = f"{split}-{number:05d}.safetensors"
    # One entry: safetensors writes several in any order, and equal corpora shall be equal files.
    data = save(dict(arrays), metadata={"corpus": f"format {FORMAT_VERSION}, vocabulary {VOCABULARY_HASH}"})
    write_whole(folder / name, data)
    digest = hashlib.sha256(data).hexdigest()
    return ShardEntry(name, split, len(arrays["result"]), len(arrays["moves"]), len(data), digest)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest: after this the corpus is whole."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    write_whole(folder / MANIFEST_NAME, f"{text}\n".encode())


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a corpus.

    Raises:
        CorpusError: there is none, it cannot be read, or the corpus has another format version or
            vocabulary.
    """
    path = folder / MANIFEST_NAME
    try:
        fields = json.loads(path.read_bytes())
        version, vocabulary = fields["format"], fields["vocabulary"]
    except (FileNotFoundError, NotADirectoryError):
        raise CorpusError("corpus.not_a_corpus", folder=folder) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError("corpus.manifest_damaged", file=path, detail=repr(error)) from None
    if version != FORMAT_VERSION:
        raise CorpusError("corpus.other_version", file=path, found=version, expected=FORMAT_VERSION)
    if vocabulary != VOCABULARY_HASH:
        raise CorpusError("corpus.other_vocabulary", file=path, found=vocabulary, expected=VOCABULARY_HASH)
    try:
        fields["sources"] = [SourceEntry(**source) for source in fields["sources"]]
        fields["shards"] = [ShardEntry(**shard) for shard in fields["shards"]]
        if set(fields["splits"]) != set(SPLITS):
            raise KeyError("splits")
        return Manifest(**fields)
    except (TypeError, KeyError) as error:
        raise CorpusError("corpus.manifest_damaged", file=path, detail=repr(error)) from None


def publish(whole: Path, out: Path) -> None:
    """Put a corpus in the place of what is in ``out``; cut short, it leaves no manifest there.

    Args:
        whole: a folder with all files of the corpus, on the same file system; it is empty afterwards.
        out: where they shall be; files that are none of a corpus stay.
    """
    old = (MANIFEST_NAME, STATE_NAME, REJECTS_NAME, REPORT_NAME, *(f"{split}-[0-9]*.safetensors*" for split in SPLITS))
    for name in old:
        for path in out.glob(name):
            path.unlink()
    files = sorted(whole.iterdir(), key=lambda path: path.name == MANIFEST_NAME)  # the manifest vouches for the rest
    for path in files:
        path.replace(out / path.name)


def map_shard(folder: Path, entry: ShardEntry, *, verify: bool) -> ShardArrays:
    """The arrays of a shard, mapped into memory: pages are read when they are touched.

    Writing to the arrays changes this process's pages only, never the file.

    Args:
        folder: the corpus.
        entry: the shard.
        verify: also compare the file's checksum, which reads all of it.

    Raises:
        CorpusError: the file is missing or is not what the manifest says.
    """
    path = folder / entry.file
    try:
        with path.open("rb") as file:
            view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
            if len(view) != entry.bytes:
                raise ValueError(f"{len(view)} bytes instead of {entry.bytes}")
            if verify and hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256:
                raise ValueError("sha256")
        with safe_open(path, framework="numpy"):  # checks the header against the file
            arrays = arrays_in_place(view, SHARD_ARRAYS)
        _check_sizes(arrays, entry)
    except FileNotFoundError:
        raise CorpusError("corpus.shard_missing", file=path) from None
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise CorpusError("corpus.shard_damaged", file=path, detail=error) from None
    return arrays


def _check_sizes(arrays: ShardArrays, entry: ShardEntry) -> None:
    sizes = {"offsets": entry.games + 1, "start_turn": len(arrays["starts"])}
    sizes |= dict.fromkeys(OF_GAMES, entry.games)
    sizes |= dict.fromkeys(("moves", "eval", "best"), entry.plies)
    sizes |= dict.fromkeys(("candidates_move", "candidates_eval"), len(arrays["candidates_ply"]))
    for name, size in sizes.items():
        if len(arrays[name]) != size:
            raise ValueError(f"{name}: {len(arrays[name])} instead of {size}")
