"""A wheel built from the checkout, installed in a clean environment, away from the checkout.

The libraries (torch and the rest) are those of the environment that runs the tests: the new one finds
them through a ``.pth`` file, behind its own packages.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("setuptools", minversion="77", reason="without setuptools no wheel can be built offline")

CHECKOUT = Path(__file__).resolve().parent.parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command where there is no display, and return what it printed."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "PYTHONPATH")
    env = {name: value for name, value in os.environ.items() if name not in hidden} | {"XIANGQI_GPT_LANG": "en"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, for pip builds in place."""
    copy = tmp_path_factory.mktemp("checkout") / "xiangqi-gpt"
    shutil.copytree(CHECKOUT / "xiangqi_gpt", copy / "xiangqi_gpt", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "train.py"):
        shutil.copy(CHECKOUT / name, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--quiet"]
    run(*pip, "--wheel-dir", folder, sources, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    python = folder / SCRIPTS / "python"
    own = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    outer = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]
    (own / "outer.pth").write_text("\n".join(outer))
    pip = [sys.executable, "-m", "pip", f"--python={python}", "install", "--no-deps", "--no-index", "--quiet"]
    run(*pip, "--force-reinstall", wheel, cwd=folder)
    return python


def test_wheel_holds_the_package_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"xiangqi_gpt"}
    assert not [name for name in names if "__pycache__" in name or name.startswith("xiangqi_gpt/tests")]
    shipped = {path.relative_to(CHECKOUT) for path in (CHECKOUT / "xiangqi_gpt").rglob("*") if path.is_file()}
    wanted = {path.as_posix() for path in shipped if "__pycache__" not in path.parts}
    assert wanted <= set(names)
    licences = [name for name in names if ".dist-info/" in name and "licenses/" in name]
    assert any(name.endswith("/LICENSE") for name in licences)
    assert any(name.endswith("/OFL.txt") for name in licences)


def test_installed_program_draws_its_window(python: Path, tmp_path: Path) -> None:
    where = run(python, "-c", "import xiangqi_gpt.ui, xiangqi_gpt.data; print(xiangqi_gpt.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(python.parent.parent)
    run(python.parent / "xiangqi-gpt", "play", "--screenshot", "window.png", cwd=tmp_path)
    picture = (tmp_path / "window.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000  # more than one colour


@pytest.mark.skipif(not (CHECKOUT / "xiangqi_gpt" / "data" / "model").is_dir(), reason="no model in data/")
def test_installed_program_plays_with_the_model_that_ships(python: Path, tmp_path: Path) -> None:
    match = run(python.parent / "xiangqi-gpt", "match", "gpt", "random", "--games", "2", "--json", cwd=tmp_path)
    report = json.loads(match)
    assert report["wins"] + report["draws"] + report["losses"] == report["games"] == 2


def test_no_other_names_are_installed(python: Path, tmp_path: Path) -> None:
    code = """
import importlib.metadata
files = importlib.metadata.distribution("xiangqi-gpt").files
print(*sorted({file.parts[0] for file in files if file.parts[0] != ".."}))
"""
    package, info = run(python, "-c", code, cwd=tmp_path).split()
    assert package == "xiangqi_gpt"
    assert info.startswith("xiangqi_gpt-")
    assert info.endswith(".dist-info")


def test_the_checkout_is_a_fine_working_folder_after_a_plain_install(python: Path, sources: Path) -> None:
    assert "--corpus" in run(python, "train.py", "--help", cwd=sources)
    run(python, "-c", "import xiangqi_gpt.ui, xiangqi_gpt.data, xiangqi_gpt.cli", cwd=sources)
    assert "perft" in run(python, "-m", "xiangqi_gpt", "--help", cwd=sources)
    assert run(python, "-m", "xiangqi_gpt", "perft", "2", cwd=sources).startswith("1920 (")
