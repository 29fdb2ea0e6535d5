"""Compiled kernels, kept between runs.

:func:`kernel` is ``numba.njit`` with a cache of our own. numba's notices a change in a function's own
file but not in what the function calls in other files, so our folder's name holds a hash of every
kernel source of the package: edit one, and all are compiled anew, once. Where numba's raises because
a cache file is damaged, gone, or cannot be written, ours compiles.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import event
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from platformdirs import user_cache_dir

from xiangqi_gpt.messages import say

__all__ = ["cache_folder", "kernel"]

F = TypeVar("F", bound=Callable[..., Any])

_PACKAGE = Path(__file__).resolve().parent.parent
# Rooms that hold kernels: a change in any of their files makes a new cache folder.
_KERNEL_ROOMS = ("rules", "encoding")
_KEEP_UNUSED = 30 * 24 * 3600.0  # seconds after which the folder of another version is removed
_PATIENCE = 1.0  # seconds of compiling before a word about it


def _candidates(name: str) -> Iterator[Path]:
    """Folders that could hold the cache, the best first."""
    with suppress(OSError):
        if chosen := os.environ.get("XIANGQI_GPT_CACHE"):
            yield Path(chosen).absolute() / name
    with suppress(RuntimeError):  # a user without a home: platformdirs raises, or says "~/.cache"
        user_cache = Path(user_cache_dir("xiangqi-gpt", appauthor=False))
        if user_cache.is_absolute():
            yield user_cache / name
    with suppress(OSError):
        user = os.getuid() if hasattr(os, "getuid") else 0
        # Not in a folder of our own there, which whoever made it first could swap under our feet.
        yield Path(tempfile.gettempdir()) / f"xiangqi-gpt-{user}-{name}"


def _is_ours(folder: Path) -> bool:
    """Whether ``folder`` is there, or can be made, and this user can write to it, and no other."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if hasattr(os, "getuid"):
            # The cache holds pickles: never load what another user may have put there.
            about = folder.stat()
            if about.st_uid != os.getuid() or about.st_mode & 0o022:
                return False
        with tempfile.TemporaryFile(dir=folder):
            os.utime(folder)  # the time of its last use
            return True
    except OSError:
        return False


def _remove_unused(folder: Path, prefix: str) -> None:
    """Remove the folders beside ``folder`` of versions that nobody has run for a month."""
    for other in folder.parent.glob(f"{prefix}*"):
        with suppress(OSError):
            if time.time() - other.stat().st_mtime > _KEEP_UNUSED:
                shutil.rmtree(other)


@cache
def cache_folder() -> Path | None:
    """The folder of the compiled kernels, or None where no folder can be written to.

    ``XIANGQI_GPT_CACHE`` names another parent folder than the user's cache.
    """
    sources = sorted(source for room in _KERNEL_ROOMS for source in (_PACKAGE / room).rglob("*.py"))
    if not sources:  # a frozen program: nothing would tell an old cache from a new one
        return None
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sources:
        digest.update(source.read_bytes())
    version = digest.hexdigest()[:16]
    for folder in _candidates(f"kernels-{version}"):
        is_new = not folder.exists()
        if _is_ours(folder):
            if is_new:
                _remove_unused(folder, folder.name.removesuffix(version))
            return folder
    return None


class _Place:
    """Where the machine code of one kernel lies (a cache locator, as numba calls it)."""

    def __init__(self, function: Callable[..., Any], file: str) -> None:
        self._py_file = file  # numba names it in warnings
        self._line = function.__code__.co_firstlineno
        self._folder = str((cache_folder() or Path()) / function.__module__)

    @classmethod
    def from_function(cls, function: Callable[..., Any], file: str) -> _Place:
        return cls(function, file)

    def get_cache_path(self) -> str:
        return self._folder

    def ensure_cache_path(self) -> None:
        Path(self._folder).mkdir(parents=True, exist_ok=True)

    def get_source_stamp(self) -> str:
        return ""  # the folder's name tells versions apart

    def get_disambiguator(self) -> str:
        return str(self._line)


class _Files(CompileResultCacheImpl):
    _locator_classes = [_Place]  # noqa: RUF012


class _KernelCache(FunctionCache):
    """numba's cache of one kernel, which never stands in the way of running it."""

    _impl_class = _Files

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)  # type: ignore[no-untyped-call]
        # numba numbers the data files, so that two processes which compile a kernel for different
        # types at once may give both the same name and load the wrong one later.
        files = self._cache_file
        files._data_name_pattern = files._data_name_pattern.replace("{", f"{uuid.uuid4().hex[:12]}.{{", 1)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled kernel, or None when it has to be compiled."""
        try:
            return super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception:  # a damaged file can make pickle raise anything
            with suppress(OSError):
                self.flush()  # type: ignore[no-untyped-call]
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled kernel, if that can be done."""
        with suppress(OSError):  # the disk is full, the folder has gone
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]


def kernel(function: F) -> F:
    """Compile ``function`` with numba in nopython mode, without the GIL, cached on disk.

    Kernels are iterative: a self-recursive one crashes when it is loaded from the cache. They stand
    in the rooms whose sources name the cache folder.
    """
    _announce_compilation()
    compiled: Any = numba.njit(nogil=True)(function)
    if cache_folder() is not None:
        compiled._cache = _KernelCache(function)  # what njit's cache=True does with numba's own class
    kernel_function: F = compiled
    return kernel_function


class _CompileNotice(event.Listener):
    """Say once on standard error that kernels are being compiled, when that has taken a second in all."""

    def __init__(self) -> None:
        self._depth = 0  # a kernel is compiled in the midst of its caller
        self._started = 0.0
        self._spent = 0.0
        self._timer = threading.Timer(0, self._say)

    def on_start(self, event: event.Event) -> None:
        if not self._is_kernel(event):
            return
        self._depth += 1
        if self._depth == 1 and self._spent < _PATIENCE:
            self._started = time.monotonic()
            self._timer = threading.Timer(_PATIENCE - self._spent, self._say)
            self._timer.daemon = True
            self._timer.start()

    def on_end(self, event: event.Event) -> None:
        if not self._is_kernel(event):
            return
        self._depth -= 1
        if self._depth == 0:
            self._timer.cancel()
            self._spent += time.monotonic() - self._started

    @staticmethod
    def _is_kernel(event: event.Event) -> bool:
        """Whether it is about a kernel of ours: a user may have some of their own."""
        name: str = event.data["dispatcher"].py_func.__module__
        return name.startswith("xiangqi_gpt.")

    def _say(self) -> None:
        self._spent = _PATIENCE
        code = "rules.compiling" if cache_folder() is not None else "rules.compiling_uncached"
        print(say(code), file=sys.stderr, flush=True)


@cache
def _announce_compilation() -> None:
    event.register("numba:compile", _CompileNotice())  # type: ignore[no-untyped-call]
