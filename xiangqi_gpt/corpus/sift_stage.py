"""The stages between reading and writing: games are grouped, and duplicates and what is not wanted dropped.

Grouping deals the games out to files (buckets) by their family keys, so that all that may be duplicates
of each other are in one file. Then each bucket is a task: leave out the sources that are not wanted (first,
lest a game goes for the sake of a record that goes too), sort, drop, filter by what all records of a game
tell together, and give each game that is kept its place in the order of the corpus. However many buckets
there are, the same games are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path

from xiangqi_gpt.corpus.duplicates import Duplicates, drop_duplicates, sort_by_moves
from xiangqi_gpt.corpus.filters import Filters
from xiangqi_gpt.corpus.parts import PartInfo
from xiangqi_gpt.corpus.progress import OnProgress, Progress
from xiangqi_gpt.corpus.read_stage import ReadPart, most_pending
from xiangqi_gpt.corpus.shuffle import bucket_count, place_of_number
from xiangqi_gpt.corpus.spool import Buckets, Head, read_records, with_place, with_source

__all__ = ["Sieve", "Sifted", "group_stage", "sift_stage"]

_SMALL_BUCKET = 1 << 20  # bytes: there is no use in smaller ones
_FEW_BUCKETS = 32  # enough for many cores
_REPORT_EVERY = 1024  # games


@dataclass(frozen=True)
class Sieve:
    """What decides about games.

    Attributes:
        filters: which are kept.
        wanted_sources: what :func:`.filters.matching_sources` makes of theirs.
        weights: of the sources, by their numbers.
        seed: of the order.
    """

    filters: Filters
    wanted_sources: frozenset[int]
    weights: Sequence[float]
    seed: int


@dataclass
class Sifted:
    """What became of games, by the numbers of their sources."""

    duplicates: Duplicates = field(default_factory=Duplicates)
    filtered: dict[int, Counter[str]] = field(default_factory=dict)
    kept: Counter[int] = field(default_factory=Counter)

    def add(self, other: Sifted) -> None:
        """Count in what became of other games."""
        self.duplicates.exact.update(other.duplicates.exact)
        self.duplicates.near.update(other.duplicates.near)
        self.kept.update(other.kept)
        for source, reasons in other.filtered.items():
            self.filtered.setdefault(source, Counter()).update(reasons)

    def leave_out(self, source: int, reason: str) -> None:
        """Count a game that a filter leaves out."""
        self.filtered.setdefault(source, Counter())[reason] += 1


def group_stage(
    parts: Sequence[tuple[ReadPart, PartInfo]],
    sources: Sequence[int],
    folder: Path,
    memory: int,
    on_progress: OnProgress,
) -> list[Path]:
    """Deal the games of parts out to buckets in ``folder``; ``sources`` are those of the files."""
    total = sum(info.checked for _, info in parts)
    size = sum(part.part.games.stat().st_size for part, _ in parts)
    count = max(bucket_count(size, memory), min(_FEW_BUCKETS, 1 + size // _SMALL_BUCKET))
    buckets = Buckets(folder, count, memory // 4)
    done = 0
    on_progress(Progress("group", 0, total, 0))
    for part, info in parts:
        records = read_records(part.part.games)
        for number, file in zip(part.files, info.files, strict=True):
            for _ in range(file.checked):
                data = with_source(next(records), sources[number])
                buckets.add(Head.of(data).family, data)
                done += 1
                if done % _REPORT_EVERY == 0:
                    on_progress(Progress("group", done, total, done))
    buckets.flush()
    on_progress(Progress("group", total, total, total))
    return buckets.paths


def _of_wanted_sources(bucket: Path, sieve: Sieve, sifted: Sifted) -> Iterator[bytes]:
    for data in read_records(bucket):
        if (source := Head.of(data).source) in sieve.wanted_sources:
            yield data
        else:
            sifted.leave_out(source, "sources")


def sift_bucket(bucket: Path, kept: Path, sieve: Sieve, memory: int) -> Sifted:
    """The task for a bucket: its games that stay go to the file ``kept``, in the order of their moves."""
    sifted = Sifted()
    scratch = kept.with_suffix(".sorting")
    scratch.mkdir(exist_ok=True)
    with kept.open("wb") as file:
        games = sort_by_moves(_of_wanted_sources(bucket, sieve, sifted), scratch, memory // 2)
        for data in drop_duplicates(games, sifted.duplicates, sieve.weights):
            head = Head.of(data)
            if reason := sieve.filters.against(head):
                sifted.leave_out(head.source, reason)
            else:
                sifted.kept[head.source] += 1
                file.write(with_place(data, place_of_number(head.identity, sieve.seed)))
    scratch.rmdir()
    bucket.unlink(missing_ok=True)
    return sifted


def sift_stage(
    buckets: Sequence[Path],
    folder: Path,
    sieve: Sieve,
    memory: int,
    executor: Executor,
    workers: int,
    on_progress: OnProgress,
) -> tuple[list[Path], Sifted]:
    """Sift all buckets; returns the files in ``folder`` with the games that stay, and what became of all."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = [folder / bucket.name for bucket in buckets]
    sifted, done = Sifted(), 0
    on_progress(Progress("duplicates", 0, len(buckets), 0))
    pending: set[Future[Sifted]] = set()
    for bucket, path in zip(buckets, kept, strict=True):
        pending.add(executor.submit(sift_bucket, bucket, path, sieve, memory))
        while len(pending) >= most_pending(workers) or (pending and bucket is buckets[-1]):
            finished, pending = wait(pending, return_when=FIRST_COMPLETED)
            for task in finished:
                sifted.add(task.result())
                done += 1
            on_progress(Progress("duplicates", done, len(buckets), sifted.kept.total()))
    return kept, sifted
