"""What all writers tell of texts that their files do not give back as they are."""

from __future__ import annotations

from collections.abc import Iterable

from xiangqi_gpt.records.errors import LossError, OnLoss
from xiangqi_gpt.records.game import ChildNode

__all__ = ["tell_change", "tell_characters", "tell_stray_comment", "tidy_comment"]


def tidy_comment(text: str) -> str:
    """A comment as readers give it: its ends of line as ``\\n``, without white space around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def tell_change(text: str, kept: str, on_loss: OnLoss) -> None:
    """Tell if ``kept`` is not all of a comment."""
    if kept != text:
        on_loss(LossError("records.loss_comment", text=text))


def tell_characters(lost: Iterable[str], encoding: str, on_loss: OnLoss) -> None:
    """Tell of the characters, if any, that an encoding does not have."""
    shown = " ".join(character if character.isprintable() else ascii(character)[1:-1] for character in lost)
    if shown:
        on_loss(LossError("records.loss_characters", encoding=encoding, characters=shown))


def tell_stray_comment(node: ChildNode, on_loss: OnLoss) -> None:
    """Tell if a move that begins no side line has a comment before it, which has no place in a file."""
    if node.starting_comment and not node.starts_variation():
        on_loss(LossError("records.loss_starting_comment", text=node.starting_comment))
