"""The rules of xiangqi: squares, pieces, positions, legal moves, the end of a game."""

from xiangqi_gpt.rules.outcome import AXF, SIMPLE, Outcome, RuleSet, Termination, UnknownRuleSetError, rule_set
from xiangqi_gpt.rules.perft import perft

__all__ = [
    "AXF",
    "SIMPLE",
    "Outcome",
    "RuleSet",
    "Termination",
    "UnknownRuleSetError",
    "perft",
    "rule_set",
]
