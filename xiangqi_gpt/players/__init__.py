"""Players: a position with its history -> a move, within limits."""
