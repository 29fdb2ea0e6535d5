"""The main line behind a node of a game."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from xiangqi_gpt.records.game import ChildNode, GameNode

__all__ = ["Mainline"]

T = TypeVar("T")


class Mainline(Generic[T]):
    """The nodes or moves of a main line, as they are when one goes through them.

    It can be gone through again and again, forwards and backwards, is false when no move follows, and
    as text has its moves with their numbers: ``1. H2-E2 H9-G7``.
    """

    __slots__ = ("_of_node", "_start")

    def __init__(self, start: GameNode, of_node: Callable[[ChildNode], T]) -> None:
        """The line behind ``start``; ``of_node`` makes of a node what the line is to be of."""
        self._start = start
        self._of_node = of_node

    def _nodes(self) -> Iterator[ChildNode]:
        node = self._start.next()
        while node is not None:
            yield node
            node = node.next()

    def __bool__(self) -> bool:
        return bool(self._start.variations)

    def __iter__(self) -> Iterator[T]:
        return map(self._of_node, self._nodes())

    def __reversed__(self) -> Iterator[T]:
        return map(self._of_node, reversed([*self._nodes()]))

    def __str__(self) -> str:
        if not self:
            return ""
        ply = self._start.ply()
        words = [f"{ply // 2 + 1}..."] if ply % 2 else []
        for number, node in enumerate(self._nodes(), ply):
            words += [f"{number // 2 + 1}."] * (number % 2 == 0) + [node.move.iccs()]
        return " ".join(words)

    def __repr__(self) -> str:
        return f"<Mainline {' '.join(node.move.uci() for node in self._nodes())}>"
