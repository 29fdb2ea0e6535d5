"""Games <-> files: the game tree, and one file a format."""
