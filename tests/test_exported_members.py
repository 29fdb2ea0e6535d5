"""What the modules say they export is there."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import xiangqi_gpt

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(xiangqi_gpt.__path__, "xiangqi_gpt.")
    if not info.name.endswith("__main__") and not info.name.startswith("xiangqi_gpt.data.")
)


@pytest.mark.parametrize("name", MODULES)
def test_exported_names_exist(name: str) -> None:
    module = importlib.import_module(name)
    exported = getattr(module, "__all__", None)
    if exported is None:  # a package of modules, or a catalogue of messages
        own = [member for member in vars(module).values() if getattr(member, "__module__", None) == name]
        assert not own, f"{name} defines {own} and has no __all__"
        return
    assert len(set(exported)) == len(exported)
    for member in exported:
        assert not member.startswith("_")
        assert hasattr(module, member), f"{name}.{member}"


def test_the_package_offers_the_names_of_python_chess() -> None:
    assert {"Board", "Move", "Outcome", "Piece", "Termination", "RED", "BLACK", "STARTING_FEN"} <= set(
        xiangqi_gpt.__all__
    )
    for name in xiangqi_gpt.__all__:
        assert getattr(xiangqi_gpt, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        xiangqi_gpt.no_such_name  # noqa: B018
