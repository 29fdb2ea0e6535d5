"""Tasks done side by side, their results in the order of the tasks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import TypeVar

__all__ = ["BATCH_NODES", "MOST_FAILURES", "in_batches", "in_order"]

BATCH_NODES = 2_000_000
"""Nodes to search for each start of an engine: a few seconds."""
MOST_FAILURES = 5
"""Games in a row that the engine may fail on; then the run is given up."""

T = TypeVar("T")
R = TypeVar("R")


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of ``size``, the last one shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def in_order(executor: Executor, do: Callable[[T], R], tasks: Iterable[T], *, ahead: int) -> Iterator[R]:
    """The results of the tasks, in their order; up to ``ahead`` tasks are under way at a time."""
    pending: deque[Future[R]] = deque()
    for task in tasks:
        pending.append(executor.submit(do, task))
        if len(pending) >= ahead:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()
