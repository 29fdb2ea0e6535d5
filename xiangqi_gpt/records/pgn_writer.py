"""PGN: the writer. Moves are written in ICCS as the standard has it, ``H2-E2``."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import Any, TextIO, TypeAlias, Union

from xiangqi_gpt.records.game import ChildNode, Game, GameNode
from xiangqi_gpt.records.pgn import SUFFIX_NAGS

__all__ = ["pgn_text", "write_games"]

_WIDTH = 80
_SUFFIX_OF_NAG = {nag: suffix for suffix, nag in SUFFIX_NAGS.items()}

# A token, or the tokens of a side line. Side lines nest as deep as a file likes, so no recursion.
_Tokens: TypeAlias = Iterator[Union[str, "_Tokens"]]


def _comment(text: str) -> str:
    """A comment in braces. It cannot hold a brace, nor a line that looks like a tag pair."""
    text = text.replace("{", "(").replace("}", ")").replace("\n[", "\n [")
    return f"{{ {text} }}"


def _line_tokens(parent: GameNode, node: ChildNode | None, ply: int) -> _Tokens:
    """The line that begins with ``node``, a child of ``parent``."""
    numbered = False  # whether the move before stands right before, so that Black's needs no number
    side_line = node is not None and node.starts_variation()
    while node is not None:
        number = f"{ply // 2 + 1}. " if ply % 2 == 0 else "" if numbered else f"{ply // 2 + 1}... "
        yield f"{number}{node.move.iccs()}{''.join(_SUFFIX_OF_NAG.get(nag, '') for nag in sorted(node.nags)[:1])}"
        numbered = True
        shown = sorted(node.nags)
        if shown and shown[0] in _SUFFIX_OF_NAG:
            del shown[0]
        yield from (f"${nag}" for nag in shown)
        if node.comment:
            yield _comment(node.comment)
            numbered = False
        for other in () if side_line else parent.variations[1:]:
            yield "("
            if other.starting_comment:
                yield _comment(other.starting_comment)
            yield _line_tokens(parent, other, ply)
            yield ")"
            numbered = False
        side_line = False
        parent, node, ply = node, node.next(), ply + 1


def _tokens(game: Game) -> Iterator[str]:
    if game.comment:
        yield _comment(game.comment)
    stack = [_line_tokens(game, game.next(), game.start_board().ply())]
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


def _wrapped(tokens: Iterable[str]) -> Iterator[str]:
    """The tokens in lines; a comment is never broken, for its line ends are its own."""
    line = ""
    for token in tokens:
        if line and len(line) - line.rfind("\n") + len(token.partition("\n")[0]) > _WIDTH:
            yield line
            line = token
        else:
            line = f"{line} {token}" if line else token
    yield line


def _tag(name: str, value: str) -> str:
    escaped = " ".join(value.splitlines()).replace("\\", "\\\\").replace('"', '\\"')
    return f'[{name} "{escaped}"]'


def pgn_text(game: Game) -> str:
    """The game as PGN, with an end of line at the end.

    The tags ``Game``, ``Result`` and ``Format`` are always there. A brace in a comment becomes a
    parenthesis.

    Raises:
        InvalidFenError: the ``FEN`` header is no FEN.
    """
    headers = {"Game": "Chinese Chess"} | game.headers | {"Result": game.result, "Format": "ICCS"}
    lines = [_tag(name, value) for name, value in headers.items()]
    return "\n".join([*lines, *_wrapped(_tokens(game)), ""])


def write_games(target: str | PathLike[str] | TextIO, games: Iterable[Game]) -> int:
    """Write games as PGN to a text stream or a file (UTF-8; packed when its name ends in .gz or .xz).

    Returns how many were written.

    Raises:
        InvalidFenError: a game's ``FEN`` header is no FEN.
    """
    if isinstance(target, (str, PathLike)):
        path = Path(target)
        opener: Any = {".gz": gzip.open, ".xz": lzma.open}.get(path.suffix.lower(), open)
        with opener(path, "wt", encoding="utf-8") as file:
            return write_games(file, games)
    count = 0
    for game in games:
        target.write("\n" if count else "")
        target.write(pgn_text(game))
        count += 1
    return count
