"""Every message that the program can say is in the catalogue, in both languages, and none besides."""

from __future__ import annotations

import ast
import re
import string
from importlib import import_module
from pathlib import Path

import pytest

import xiangqi_gpt
from xiangqi_gpt.messages import XiangqiError, language, say

PACKAGE = Path(xiangqi_gpt.__file__).parent
ROOMS = sorted(file.stem for file in (PACKAGE / "messages").glob("*.py") if file.stem != "__init__")
MESSAGES: dict[str, tuple[str, str]] = {
    f"{room}.{name}": texts
    for room in ROOMS
    for name, texts in import_module(f"xiangqi_gpt.messages.{room}").CATALOGUE.items()
}
SOURCES = {
    file: ast.parse(file.read_text(encoding="utf-8"))
    for file in sorted(PACKAGE.rglob("*.py"))
    if file.parent.name != "messages"
}
CODE = re.compile(rf"({'|'.join(ROOMS)})\.\w+")


def fields_of(text: str) -> set[str]:
    return {name.partition(".")[0].partition("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def is_filename(code: str) -> bool:
    return code.rpartition(".")[2] in {"py", "json", "jsonl", "toml", "txt", "md", "html", "xz", "gz", "safetensors"}


NODES = [(file, node) for file, tree in SOURCES.items() for node in ast.walk(tree)]
IN_F_STRINGS = {id(part) for _, node in NODES if isinstance(node, ast.JoinedStr) for part in node.values}


def literals() -> dict[str, str]:
    """Every string constant of the sources, with the place of one of its uses."""
    return {
        node.value: f"{file.relative_to(PACKAGE)}:{node.lineno}"
        for file, node in NODES
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in IN_F_STRINGS
    }


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """The f-strings of the sources as (what stands before the first field, expression for the whole)."""
    found = []
    for _, node in NODES:
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            parts = [re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"(\w+)" for v in node.values]
            found.append((str(node.values[0].value), re.compile("".join(parts))))
    return found


def test_both_languages_name_the_same_fields() -> None:
    for code, texts in MESSAGES.items():
        english, chinese = texts
        assert fields_of(english) == fields_of(chinese), code
        assert english.strip(), code
        assert chinese.strip(), code


def test_every_code_in_the_sources_is_in_the_catalogue() -> None:
    unknown = [
        f"{place}: {text}"
        for text, place in literals().items()
        if CODE.fullmatch(text) and not is_filename(text) and text not in MESSAGES
    ]
    assert not unknown


def test_every_message_is_said_somewhere() -> None:
    constants = literals()
    whole = patterns()

    def is_formatted(code: str) -> bool:
        """Whether an f-string says it; of f"rules.{name}" the names must be constants somewhere."""
        for prefix, pattern in whole:
            match = pattern.fullmatch(code)
            if match and (not prefix.endswith(".") or all(name in constants for name in match.groups())):
                return True
        return False

    assert not [code for code in MESSAGES if code not in constants and not is_formatted(code)]


def calls() -> list[tuple[str, str, set[str | None]]]:
    """Calls with a code for their first argument, and all fields named: place, code, names."""
    # These errors give fields to their texts themselves.
    own_words = {
        node.name
        for _, node in NODES
        if isinstance(node, ast.ClassDef)
        and any(isinstance(member, ast.FunctionDef) and member.name == "text" for member in node.body)
    }
    found = []
    for file, node in NODES:
        if not (isinstance(node, ast.Call) and len(node.args) == 1 and isinstance(node.args[0], ast.Constant)):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        code = node.args[0].value
        names = {keyword.arg for keyword in node.keywords}
        speaks = called == "say" or (called.endswith("Error") and called not in own_words)
        if code in MESSAGES and speaks and None not in names:
            found.append((f"{file.relative_to(PACKAGE)}:{node.lineno}", code, names))
    return found


def test_calls_give_the_fields_that_the_texts_name() -> None:
    found = calls()
    assert len(found) > 30
    missing = {
        f"{place}: {code}": fields_of(MESSAGES[code][0]) - names
        for place, code, names in found
        if fields_of(MESSAGES[code][0]) - names
    }
    assert not missing


def test_errors_speak_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    error = XiangqiError("cli.unknown_command", name="dance", commands="play, perft")
    for variable in ("XIANGQI_GPT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    assert language() == "en"
    assert str(error) == error.text("en") == say("cli.unknown_command", name="dance", commands="play, perft")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language() == "zh"
    assert str(error) == error.text("zh")
    monkeypatch.setenv("XIANGQI_GPT_LANG", "en")
    assert str(error) == error.text("en")
    assert "dance" in error.text("zh")
    with pytest.raises(KeyError):
        say("cli.no_such_message")
