"""What the program says to people: codes with fields, rendered in English or Chinese.

A message is a code such as ``rules.compiling`` and named fields. The texts stand in one file a room
(``xiangqi_gpt/messages/rules.py`` …), English and Chinese side by side. Errors that a user can mend
derive from :class:`XiangqiError`, which renders its code the same way.
"""

from __future__ import annotations

import os
from functools import partial
from importlib import import_module
from typing import Any, Literal

__all__ = ["Language", "XiangqiError", "language", "say"]

Language = Literal["en", "zh"]


def language() -> Language:
    """The user's language: ``XIANGQI_GPT_LANG`` (``en`` or ``zh``), else the locale's, else English."""
    for variable in ("XIANGQI_GPT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def say(code: str, /, *, lang: Language | None = None, **fields: Any) -> str:
    """The text of a message.

    Args:
        code: ``room.name``, as in the catalogue.
        lang: the language; the user's when left out.
        fields: what the text names; an error among them speaks the language of the whole.

    Raises:
        KeyError: the catalogue has no such code, or the text names a field that was not given.
    """
    room, _, name = code.partition(".")
    english, chinese = import_module(f"xiangqi_gpt.messages.{room}").CATALOGUE[name]
    lang = lang or language()
    text: str = chinese if lang == "zh" else english
    told = {field: value.text(lang) if isinstance(value, XiangqiError) else value for field, value in fields.items()}
    return text.format(**told)


class XiangqiError(Exception):
    """An error with a message for the user: one sentence that says what is wrong and how to mend it.

    ``str(error)`` is in the user's language; :meth:`text` gives either.
    """

    def __init__(self, code: str, /, **fields: Any) -> None:
        super().__init__(code, fields)
        self.code = code
        self.fields = fields

    def __reduce__(self) -> tuple[Any, ...]:
        # Exception's own way would call the class without the names of the fields.
        return partial(type(self), self.code, **self.fields), ()

    def __str__(self) -> str:
        return self.text()

    def text(self, lang: Language | None = None) -> str:
        """The message in ``lang``, or in the user's language."""
        return say(self.code, lang=lang, **self.fields)
