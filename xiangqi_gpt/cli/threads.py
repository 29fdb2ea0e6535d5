"""Thread settings of the numeric libraries, which read them once, when torch is loaded."""

from __future__ import annotations

import os

from xiangqi_gpt.cli.workers import cores

__all__ = ["set_threads"]


def set_threads(threads: int | None = None, *, usual: int | None = None) -> None:
    """Set how many CPU threads a model uses, before torch is imported.

    Args:
        threads: how many the user asks for; None: as the environment says.
        usual: how many when that says nothing; all the cores that this process may use when None.
    """
    if threads is not None:
        os.environ["OMP_NUM_THREADS"] = str(threads)
    else:
        os.environ.setdefault("OMP_NUM_THREADS", str(usual or cores()))
    # Threads that wait by spinning cost a factor of two and more beside a busy neighbour.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
