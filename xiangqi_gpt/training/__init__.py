"""Training: optimisers, schedules, the loop, metrics."""
