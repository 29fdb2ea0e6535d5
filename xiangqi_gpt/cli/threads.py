"""Thread settings of the numeric libraries, which read them once, when torch is loaded."""

from __future__ import annotations

import os

__all__ = ["set_threads"]


def set_threads(threads: int | None = None) -> None:
    """Set how many CPU threads a model uses, before torch is imported; what the user has set stays.

    Args:
        threads: how many; all the cores that this process may use when None.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    os.environ.setdefault("OMP_NUM_THREADS", str(threads or cores))
    # Threads that wait by spinning cost a factor of two and more beside a busy neighbour.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
