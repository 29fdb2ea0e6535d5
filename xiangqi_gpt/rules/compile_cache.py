"""Compiled kernels, kept between runs.

:func:`kernel` is ``numba.njit`` with a cache folder of our own. numba's cache notices a change in a
function's own file but not in what the function calls in other files, so the folder's name holds a
hash of every kernel source of the package: edit one, and all are compiled anew, once.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import event
from platformdirs import user_cache_dir

from xiangqi_gpt.messages import say

__all__ = ["cache_folder", "kernel"]

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parent.parent
# Rooms that hold kernels: a change in any of their files makes a new cache folder.
_KERNEL_ROOMS = ("rules", "encoding")


def _writable(folder: Path) -> bool:
    """Whether files can be made in ``folder``, which only this user may write to."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The cache holds pickles: never load what another user may have put there.
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            return False
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


@cache
def cache_folder() -> Path | None:
    """The folder of the compiled kernels, or None where no folder can be written to.

    ``XIANGQI_GPT_CACHE`` names another parent folder than the user's cache.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for room in _KERNEL_ROOMS:
        for source in sorted((_PACKAGE / room).glob("*.py")):
            digest.update(source.read_bytes())
    name = f"kernels-{digest.hexdigest()[:16]}"
    user = os.getuid() if hasattr(os, "getuid") else 0
    parents = [Path(user_cache_dir("xiangqi-gpt", appauthor=False))]
    if chosen := os.environ.get("XIANGQI_GPT_CACHE"):
        parents.insert(0, Path(chosen))
    parents.append(Path(tempfile.gettempdir()) / f"xiangqi-gpt-{user}")
    for parent in parents:
        if _writable(parent / name):
            return parent / name
    return None


def kernel(function: F) -> F:
    """Compile ``function`` with numba in nopython mode, without the GIL, cached on disk.

    Kernels are iterative: a self-recursive one crashes when it is loaded from the cache.
    """
    folder = cache_folder()
    _announce_compilation()
    config: Any = numba.config
    jit: Any = numba.njit(nogil=True, cache=folder is not None)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder or "")  # read once, when the decorator makes the function's cache
    try:
        compiled: F = jit(function)
    finally:
        config.CACHE_DIR = before
    return compiled


class _CompileNotice(event.Listener):
    """Say on standard error that kernels are being compiled, when that takes over a second."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None
        self._depth = 0
        self._said = False

    def on_start(self, event: event.Event) -> None:
        self._depth += 1
        if self._depth == 1 and not self._said:
            self._timer = threading.Timer(1.0, self._say)
            self._timer.daemon = True
            self._timer.start()

    def on_end(self, event: event.Event) -> None:
        self._depth -= 1
        if self._depth == 0 and self._timer is not None:
            self._timer.cancel()

    def _say(self) -> None:
        self._said = True
        print(say("rules.compiling"), file=sys.stderr, flush=True)


@cache
def _announce_compilation() -> None:
    event.register("numba:compile", _CompileNotice())  # type: ignore[no-untyped-call]
