"""The decoder: configuration, blocks, heads, checkpoints."""
