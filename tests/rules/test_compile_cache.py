"""The cache of compiled kernels, on a package of two tiny kernels beside the real compile_cache.py."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import xiangqi_gpt

PACKAGE = Path(xiangqi_gpt.__file__).parent
KERNEL_ROOMS = ("rules", "encoding")

CALLEE = """
from xiangqi_gpt.rules.compile_cache import kernel

@kernel
def factor() -> int:
    return 7
"""
CALLER = """
from xiangqi_gpt.rules.compile_cache import kernel
from xiangqi_gpt.rules.callee import factor

@kernel
def times(number):
    return number * factor()
"""
# Prints the product, and how many of the two kernels were compiled rather than loaded.
RUN = """
from xiangqi_gpt.rules.caller import times
from xiangqi_gpt.rules.callee import factor
print(times(6), sum(sum(kernel.stats.cache_misses.values()) for kernel in (times, factor)))
"""


class Tiny:
    """A copy of the package with hardly a kernel in it, a home, and processes that run it."""

    def __init__(self, folder: Path) -> None:
        self.rules = folder / "site" / "xiangqi_gpt" / "rules"
        self.work = folder / "work"
        self.cache = folder / "cache"
        self.rules.mkdir(parents=True)
        self.work.mkdir()
        shutil.copy(PACKAGE / "__init__.py", self.rules.parent)
        shutil.copytree(PACKAGE / "messages", self.rules.parent / "messages")
        shutil.copy(PACKAGE / "rules" / "compile_cache.py", self.rules)
        (self.rules / "__init__.py").touch()
        (self.rules / "callee.py").write_text(CALLEE)
        (self.rules / "caller.py").write_text(CALLER)
        (folder / "file").touch()
        self.no_folder = str(folder / "file" / "below")  # cannot be made, not even by root
        self.env = {
            "HOME": str(folder / "home"),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(self.rules.parent.parent),
            "XIANGQI_GPT_CACHE": str(self.cache),
            "XIANGQI_GPT_LANG": "en",
        }

    def start(self, before: str = "", code: str = RUN) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "error", "-c", f"{before}\n{code}"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.env, cwd=self.work, stdout=pipe, stderr=pipe, text=True)

    def run(self, before: str = "", code: str = RUN) -> tuple[str, str]:
        with self.start(before, code) as process:
            out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out.strip(), err.strip()

    def folders(self) -> list[Path]:
        return sorted(self.cache.glob("kernels-*"))


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return Tiny(tmp_path)


# A message after a nanosecond of compiling: once the timer has run, the compiler has hardly begun.
HASTY = "import xiangqi_gpt.rules.compile_cache as compile_cache; compile_cache._PATIENCE = 1e-9"
NO_TEMPORARY = "import tempfile; tempfile.tempdir = {!r}"


def test_second_process_compiles_nothing_and_says_nothing(tiny: Tiny) -> None:
    out, err = tiny.run(HASTY)
    assert out == "42 2"
    assert err.count("Compiling the rules engine") == 1  # though two kernels were compiled
    assert "once" in err
    assert tiny.run(HASTY) == ("42 0", "")


def test_change_in_a_callee_of_another_file_is_noticed(tiny: Tiny) -> None:
    assert tiny.run()[0] == "42 2"
    # Longer, or Python itself would not notice a change within the second: it goes by time and size.
    (tiny.rules / "callee.py").write_text(CALLEE.replace("7", "10"))
    assert tiny.run()[0] == "60 2"
    assert len(tiny.folders()) == 2


def test_damaged_cache_files_are_made_anew(tiny: Tiny) -> None:
    tiny.run()
    files = [file for file in tiny.cache.rglob("*") if file.is_file()]
    assert {file.suffix for file in files} == {".nbi", ".nbc"}
    for file in files:
        os.truncate(file, file.stat().st_size // 2)
    assert tiny.run()[0] == "42 2"
    assert tiny.run()[0] == "42 0"
    for file in tiny.cache.rglob("*.nbc"):
        file.unlink()
    assert tiny.run()[0] == "42 2"
    assert tiny.run()[0] == "42 0"


def test_without_any_folder_it_compiles_at_every_start_and_says_so(tiny: Tiny) -> None:
    tiny.env |= {"XIANGQI_GPT_CACHE": tiny.no_folder, "HOME": tiny.no_folder}
    before = f"{NO_TEMPORARY.format(tiny.no_folder)}\n{HASTY}"
    for _ in range(2):
        out, err = tiny.run(before)
        assert out == "42 2"
        assert err.count("Compiling the rules engine") == 1
        assert "XIANGQI_GPT_CACHE" in err
    assert not list(tiny.work.iterdir())


def test_unusable_chosen_folder_gives_way_to_the_users_cache(tiny: Tiny) -> None:
    tiny.env["XIANGQI_GPT_CACHE"] = tiny.no_folder
    tiny.env["XDG_CACHE_HOME"] = str(tiny.cache)
    assert tiny.run()[0] == "42 2"
    assert tiny.run()[0] == "42 0"


@pytest.mark.skipif(os.name == "nt", reason="Windows always knows a user's folder")
def test_user_without_a_home_uses_the_temporary_folder(tiny: Tiny, tmp_path: Path) -> None:
    del tiny.env["HOME"], tiny.env["XIANGQI_GPT_CACHE"]
    nobody = "import pwd\ndef unknown(user): raise KeyError\npwd.getpwuid = unknown"
    before = f"{nobody}\n{NO_TEMPORARY.format(str(tmp_path))}"
    assert tiny.run(before)[0] == "42 2"
    assert tiny.run(before)[0] == "42 0"
    assert len(list(tmp_path.glob(f"xiangqi-gpt-{os.getuid()}-kernels-*"))) == 1
    assert not list(tiny.work.iterdir())  # no folder named ~


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_nothing_is_loaded_from_a_folder_that_others_may_write_to(tiny: Tiny) -> None:
    tiny.run()
    tiny.folders()[0].chmod(0o777)
    tiny.env["HOME"] = tiny.no_folder
    refuse_temporary = NO_TEMPORARY.format(tiny.no_folder)
    assert tiny.run(refuse_temporary)[0] == "42 2"
    tiny.folders()[0].chmod(0o700)
    assert tiny.run(refuse_temporary)[0] == "42 0"
    somebody_else = "import os; os.getuid = lambda: 123456789"
    assert tiny.run(f"{somebody_else}\n{refuse_temporary}")[0] == "42 2"


def test_full_disk_does_not_stop_the_engine(tiny: Tiny) -> None:
    full = "import os\ndef fail(*paths): raise OSError(28, 'No space left on device')\nos.replace = fail"
    assert tiny.run(full)[0] == "42 2"
    assert tiny.run()[0] == "42 2"
    assert tiny.run()[0] == "42 0"


def test_processes_that_compile_at_once_leave_a_good_cache(tiny: Tiny) -> None:
    # Different argument types in each: numba alone may file both under one name.
    codes = [RUN, RUN.replace("times(6)", "int(times(6.0))")]
    processes = [tiny.start(code=code) for code in codes * 2]
    for process in processes:
        with process:
            out, err = process.communicate(timeout=120)
        assert out.startswith("42 "), err
    for code in codes:
        tiny.run(code=code)
        assert tiny.run(code=code)[0] == "42 0"


def test_folders_of_versions_long_unused_are_removed(tiny: Tiny) -> None:
    month_ago = time.time() - 31 * 24 * 3600
    kept = [tiny.cache / "kernels-00000000000000aa", tiny.cache / "other"]
    unused = tiny.cache / "kernels-00000000000000bb"
    for folder in (*kept, unused):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    for folder in (tiny.cache / "other", unused):
        os.utime(folder, (month_ago, month_ago))
    tiny.run()
    assert not unused.exists()
    assert all((folder / "file").exists() for folder in kept)
    # One's own folder counts as used at every start.
    own = max(tiny.folders(), key=lambda folder: folder.stat().st_mtime)
    os.utime(own, (month_ago, month_ago))
    assert tiny.run()[0] == "42 0"
    assert own.stat().st_mtime > month_ago + 24 * 3600


def test_kernels_of_the_user_are_not_announced(tiny: Tiny) -> None:
    own = "import numba\n@numba.njit\ndef twice(number): return 2 * number\nprint(twice(21))"
    assert tiny.run(f"{HASTY}\ncompile_cache._announce_compilation()", own) == ("42", "")


def _kernels() -> dict[str, ast.FunctionDef]:
    """Every function of the package that is decorated with ``@kernel``, by name and file."""
    found = {}
    for source in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(decorator, ast.Name) and decorator.id == "kernel" for decorator in node.decorator_list
            ):
                assert source.parent.name in KERNEL_ROOMS, f"{source}: the cache folder's name knows rules and encoding"
                assert node.name not in found, f"{source}: two kernels are called {node.name}"
                found[node.name] = node
    return found


def test_no_kernel_calls_itself_directly_or_through_others() -> None:
    kernels = _kernels()
    assert len(kernels) > 15
    calls = {
        name: {
            call.func.id
            for call in ast.walk(node)
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in kernels
        }
        for name, node in kernels.items()
    }
    while leaves := [name for name, called in calls.items() if not called & calls.keys()]:
        for name in leaves:
            del calls[name]
    assert not calls, "a self-recursive kernel crashes when it is loaded from the cache"


def test_the_engine_answers_from_the_cache_of_an_earlier_process() -> None:
    code = """
from numba.core import event
from xiangqi_gpt import Board
from xiangqi_gpt.rules import perft

with event.install_recorder("numba:compile") as compiled:
    board = Board()
    assert board.legal_moves.count() == 44
    board.push_uci("h2e2")
    assert board.outcome() is None
    board.pop()
    assert perft(board, 3) == 79666
print(len(compiled.buffer))
"""
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
    assert (done.stdout.split(), done.stderr) == (["0"], "")
