"""The window: a board to play on, drawn with pygame."""
