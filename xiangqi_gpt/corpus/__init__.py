"""Records -> checked, deduplicated, split shards, and batches of them."""
