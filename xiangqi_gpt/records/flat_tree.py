"""A tree of moves as the rows of a table, to copy and pickle it however deep it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from xiangqi_gpt.board import Move

if TYPE_CHECKING:
    from xiangqi_gpt.records.game import GameNode

__all__ = ["Row", "find_node", "flatten", "grow"]


# A node: the number of its parent (0 is the root of the tree, n the node of row n - 1, which comes before), the
# kernel code of its move, comment, starting comment and glyphs.
Row: TypeAlias = tuple[int, int, str, str, tuple[int, ...]]


def flatten(root: GameNode) -> list[Row]:
    """The nodes below ``root`` as rows; siblings are in their order."""
    rows: list[Row] = []
    parents: list[GameNode] = [root]
    for number, parent in enumerate(parents):  # which grows on the way
        for node in parent.variations:
            rows.append((number, node.move.code, node.comment, node.starting_comment, tuple(node.nags)))
            parents.append(node)
    return rows


def grow(root: GameNode, rows: Iterable[Row]) -> None:
    """Hang the nodes of :func:`flatten` below ``root``."""
    nodes = [root]
    for parent, move, comment, starting_comment, nags in rows:
        nodes.append(
            nodes[parent].add_variation(
                Move.from_code(move), comment=comment, starting_comment=starting_comment, nags=nags
            )
        )


def find_node(root: GameNode, path: Iterable[int]) -> GameNode:
    """The node to which these numbers of variations lead."""
    node = root
    for number in path:
        node = node.variations[number]
    return node
