"""PGN: the writer, in any notation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple, TypeAlias, Union

from xiangqi_gpt.notation.chinese import chinese_text
from xiangqi_gpt.notation.coordinates import iccs_text, uci_text
from xiangqi_gpt.notation.errors import IllegalMoveError
from xiangqi_gpt.notation.wxf import wxf_text
from xiangqi_gpt.records.errors import LossError, OnLoss, RecordFileError
from xiangqi_gpt.records.game import ChildNode, Game, GameNode
from xiangqi_gpt.records.headers import standard_name
from xiangqi_gpt.records.losses import tell_change, tell_stray_comment, tidy_comment
from xiangqi_gpt.records.pgn_tokens import SUFFIX_NAGS, is_next_game
from xiangqi_gpt.rules.position import State, make_move

__all__ = ["NOTATIONS", "pgn_text"]


class _Notation(NamedTuple):
    """How moves are written: by their squares, or by their names in a position."""

    format: str  # the Format tag
    by_squares: Callable[[int], str] = iccs_text  # moves that the pieces cannot make are always written so
    by_name: Callable[[State, int], str] | None = None


NOTATIONS = {
    "iccs": _Notation("ICCS"),
    "uci": _Notation("ICCS", by_squares=uci_text),
    "wxf": _Notation("WXF", by_name=wxf_text),
    "chinese": _Notation("Chinese", by_name=chinese_text),
    "traditional": _Notation("Chinese", by_name=partial(chinese_text, traditional=True)),
}

_WIDTH = 80
_SUFFIX_OF_NAG = {nag: suffix for suffix, nag in SUFFIX_NAGS.items()}
_NAGS = range(1, 100_000)
_TAG_NAME = re.compile(r"[^\W\d]\w*")

# A token, or the tokens of a side line. Side lines nest as deep as a file likes, so no recursion.
_Tokens: TypeAlias = Iterator[Union[str, "_Tokens"]]


class _Writer:
    """Writes one game."""

    def __init__(self, notation: _Notation, on_loss: OnLoss) -> None:
        self._notation = notation
        self._on_loss = on_loss

    def _lose(self, name: str, **fields: object) -> None:
        self._on_loss(LossError(f"records.{name}", **fields))

    # Headers

    def tags(self, headers: dict[str, str]) -> Iterator[str]:
        """The tag pairs."""
        for name, value in headers.items():
            if not _TAG_NAME.fullmatch(name) or standard_name(name) != name:
                self._lose("loss_header_name", tag=name, text=value)
                if not _TAG_NAME.fullmatch(name):
                    continue
            kept = " ".join(value.splitlines())
            if kept != value:
                self._lose("loss_header_lines", tag=name)
            escaped = kept.replace("\\", "\\\\").replace('"', '\\"')
            yield f'[{name} "{escaped}"]'

    # Comments

    def comment(self, text: str) -> str:
        """A comment in braces, or behind a semicolon where it has a brace."""
        kept = "\n".join(map(str.rstrip, tidy_comment(text).split("\n")))
        if "}" in kept and "\n" not in kept:
            written = f"; {kept}\n"
        else:
            if "}" in kept:
                kept = kept.replace("{", "(").replace("}", ")")
            first, *others = kept.split("\n")
            kept = "\n".join([first, *(f" {line}" if is_next_game(line) else line for line in others)])
            written = f"{{ {kept} }}"
        tell_change(text, kept, self._on_loss)
        return written

    # Moves

    def tokens(self, game: Game) -> Iterator[str]:
        """Everything behind the tag pairs."""
        if game.comment:
            yield self.comment(game.comment)
        stack: list[_Tokens] = []
        if first := game.next():
            board = game.start_board()
            stack.append(self._line(game, first, board.ply(), board.state if self._notation.by_name else None))
        while stack:
            for token in stack[-1]:
                if isinstance(token, str):
                    yield token
                else:
                    stack.append(token)
                    break
            else:
                stack.pop()
        yield game.result

    def _line(self, parent: GameNode, node: ChildNode | None, ply: int, state: State | None) -> _Tokens:
        """The line that begins with ``node``, a child of ``parent``; ``state`` is the position before it, if needed."""
        numbered = False  # whether the move before stands right before, so that Black's needs no number
        side_line = node is not None and node.starts_variation()
        while node is not None:
            others = [] if side_line else parent.variations[1:]
            tell_stray_comment(node, self._on_loss)
            before = state.copy() if others and state is not None else None
            number = f"{ply // 2 + 1}. " if ply % 2 == 0 else "" if numbered else f"{ply // 2 + 1}... "
            text, state = self._move_text(node.move.code, state)
            yield from self._move(number + text, node.nags)
            numbered = not node.comment and not others
            if node.comment:
                yield self.comment(node.comment)
            for other in others:
                yield "("
                if other.starting_comment:
                    yield self.comment(other.starting_comment)
                yield self._line(parent, other, ply, None if before is None else before.copy())
                yield ")"
            side_line = False
            parent, node, ply = node, node.next(), ply + 1

    def _move_text(self, move: int, state: State | None) -> tuple[str, State | None]:
        """A move's text, and the position after it; no position once it makes no sense."""
        if self._notation.by_name is None or state is None:
            return self._notation.by_squares(move), None
        try:
            text = self._notation.by_name(state, move)
        except IllegalMoveError:
            text = self._notation.by_squares(move)
            self._lose("loss_illegal", text=text)
            return text, None
        make_move(state, move)
        return text, state

    def _move(self, text: str, nags: set[int]) -> Iterator[str]:
        """A move with its glyphs."""
        if not nags:
            yield text
            return
        known = sorted(nag for nag in nags if nag in _NAGS)
        for nag in sorted(nags - set(known)):
            self._lose("loss_glyph", nag=nag)
        suffix = _SUFFIX_OF_NAG.get(known[0], "") if known else ""
        yield text + suffix
        yield from (f"${nag}" for nag in known[bool(suffix) :])


def _wrapped(tokens: Iterable[str]) -> Iterator[str]:
    """The tokens in lines; a comment is never broken, for its line ends are its own."""
    line = ""
    for token in tokens:
        if line.endswith("\n") or (line and len(line) - line.rfind("\n") + len(token.partition("\n")[0]) > _WIDTH):
            yield line.removesuffix("\n")
            line = token
        else:
            line = f"{line} {token}" if line else token
    yield line


def pgn_text(game: Game, *, notation: str = "iccs", on_loss: OnLoss | None = None) -> str:
    """The game as PGN, with an end of line at the end.

    The tags ``Game``, ``Result`` and ``Format`` are always there.

    Args:
        game: the game.
        notation: of the moves, one of :data:`NOTATIONS`: ``iccs`` (H2-E2), ``uci`` (h2e2), ``wxf``
            (C2=5), ``chinese`` (炮二平五) or ``traditional`` (the same in traditional characters).
        on_loss: hears of what PGN cannot hold of the game.

    Raises:
        InvalidFenError: the ``FEN`` header is no FEN, though there are moves.
        RecordFileError: there is no such notation.
    """
    how = NOTATIONS.get(notation)
    if how is None:
        raise RecordFileError("records.notation_unknown", notation=notation, notations=", ".join(NOTATIONS))
    writer = _Writer(how, on_loss or (lambda loss: None))
    headers = {"Game": "Chinese Chess"} | game.headers | {"Result": game.result, "Format": how.format}
    return "\n".join([*writer.tags(headers), "", *_wrapped(writer.tokens(game)), ""])
