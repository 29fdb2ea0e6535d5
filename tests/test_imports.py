"""The rooms of the package, and what each may import of the others and of the heavy libraries."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import xiangqi_gpt

PACKAGE = Path(xiangqi_gpt.__file__).parent

# Every room may also import itself, messages and atomic. docs/architecture.md says why.
MAY_IMPORT = {
    "messages": "",
    "atomic": "",
    "data": "",
    "rules": "",
    "notation": "rules",
    "board": "rules notation svg",
    "svg": "rules notation board",
    "encoding": "rules notation",
    "records": "rules notation board",
    "corpus": "rules notation board encoding records",
    "model": "rules encoding",
    "training": "encoding model corpus",
    "players": "rules notation board encoding model",
    "arena": "rules notation board records players",
    "labels": "rules notation board records players",
    "ui": "rules notation board records players arena",
    "cli": "rules notation board encoding records corpus model training players arena labels ui data",
    "__init__": "rules notation board",
    "__main__": "cli",
}
ONLY_IN = {"torch": "model training players", "safetensors.torch": "model training", "pygame": "ui", "numba": "rules"}

FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(file: Path) -> set[tuple[str, int]]:
    """The modules that a file imports anywhere in it, with the line; ours as ``xiangqi_gpt.room``."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(alias.name, node.lineno) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: a relative import"
            module = str(node.module)
            if module == "xiangqi_gpt":  # names that it takes from elsewhere, and rooms
                homes = [xiangqi_gpt._MODULE_OF.get(alias.name, f"xiangqi_gpt.{alias.name}") for alias in node.names]
                found |= {(home, node.lineno) for home in homes if not home.endswith(".__version__")}
            else:
                found.add((module, node.lineno))
    return found


def test_every_file_has_a_room() -> None:
    assert {room_of(file) for file in FILES} == MAY_IMPORT.keys()


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_only_what_the_table_allows(room: str) -> None:
    allowed = {room, *MAY_IMPORT[room].split()}
    if room not in ("data", "atomic"):
        allowed |= {"messages", "atomic"}
    refused = []
    for file in FILES:
        for module, line in imported(file) if room_of(file) == room else ():
            top, _, inner = module.partition(".")
            ours = top == "xiangqi_gpt" and inner.partition(".")[0] not in allowed
            heavy = any(
                f"{module}.".startswith(f"{name}.") and room not in rooms.split() for name, rooms in ONLY_IN.items()
            )
            if ours or heavy:
                refused.append(f"{file.relative_to(PACKAGE)}:{line}: {module}")
    assert not refused


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("from xiangqi_gpt.cli import main; main(['--help'])", "torch pygame numba numpy tyro rich"),
        ("from xiangqi_gpt.cli import main; main(['--version'])", "torch pygame numba numpy tyro rich"),
        ("import xiangqi_gpt", "torch pygame numba numpy"),
        ("from xiangqi_gpt import Board, Move, Outcome, Termination; Board().legal_moves.count()", "torch pygame tyro"),
    ],
)
def test_libraries_that_are_not_loaded(code: str, unwanted: str) -> None:
    code = f"{code}\nimport sys\nprint(*(name for name in {unwanted.split()} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == ""


def test_importing_the_package_leaves_the_threads_alone() -> None:
    code = """
import os, threading
before = dict(os.environ)
from xiangqi_gpt import Board
Board().legal_moves.count()
assert dict(os.environ) == before
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
