"""The rules of xiangqi: squares, pieces, positions, legal moves, the end of a game."""

from xiangqi_gpt.rules.outcome import SIMPLE, Outcome, RuleSet, Termination
from xiangqi_gpt.rules.perft import perft

__all__ = ["SIMPLE", "Outcome", "RuleSet", "Termination", "perft"]
