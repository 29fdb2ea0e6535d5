"""Chinese chess (xiangqi) with a GPT for a player.

The names here are those of python-chess: :class:`Board`, :class:`Move`, :class:`Outcome`,
:class:`Termination`. Importing the package loads neither torch nor pygame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xiangqi_gpt.board import Board, LegalMoves, Move
    from xiangqi_gpt.notation.errors import AmbiguousMoveError, IllegalMoveError, InvalidMoveError
    from xiangqi_gpt.rules.fen import STARTING_FEN, InvalidFenError
    from xiangqi_gpt.rules.outcome import AXF, SIMPLE, Outcome, RuleSet, Termination, UnknownRuleSetError, rule_set
    from xiangqi_gpt.rules.pieces import BLACK, RED, Color, Piece
    from xiangqi_gpt.rules.status import Status

__version__ = "0.1.0"

# Loaded when first asked for, so that the command line answers before numba is there.
_HOME = {
    "xiangqi_gpt.board": ("Board", "LegalMoves", "Move"),
    "xiangqi_gpt.notation.errors": ("AmbiguousMoveError", "IllegalMoveError", "InvalidMoveError"),
    "xiangqi_gpt.rules.fen": ("STARTING_FEN", "InvalidFenError"),
    "xiangqi_gpt.rules.outcome": (
        "AXF",
        "SIMPLE",
        "Outcome",
        "RuleSet",
        "Termination",
        "UnknownRuleSetError",
        "rule_set",
    ),
    "xiangqi_gpt.rules.pieces": ("BLACK", "RED", "Color", "Piece"),
    "xiangqi_gpt.rules.status": ("Status",),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = [
    "AXF",
    "BLACK",
    "RED",
    "SIMPLE",
    "STARTING_FEN",
    "AmbiguousMoveError",
    "Board",
    "Color",
    "IllegalMoveError",
    "InvalidFenError",
    "InvalidMoveError",
    "LegalMoves",
    "Move",
    "Outcome",
    "Piece",
    "RuleSet",
    "Status",
    "Termination",
    "UnknownRuleSetError",
    "rule_set",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_MODULE_OF[name]), name)
    globals()[name] = value
    return value
