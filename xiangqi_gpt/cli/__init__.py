"""The command line, ``xiangqi-gpt COMMAND …``: one file a command.

A command file has a frozen dataclass ``Settings`` (tyro makes flags and help of it) and a function
``run(settings) -> int``, the exit status; where the defaults depend on the arguments, also a function
``defaults(arguments) -> Settings``. It is imported only when its command is called, so that
``xiangqi-gpt --help`` loads neither numba, torch nor pygame.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper

from xiangqi_gpt.messages import XiangqiError, say

__all__ = ["COMMANDS", "main"]

# Command -> module in this package; the help shows them in this order.
COMMANDS = (
    *("play", "show", "convert", "prepare", "corpus", "stats"),
    *("openings", "train", "runs", "evaluate", "match", "label", "generate", "export", "perft"),
)

_TRACEBACK = "XIANGQI_GPT_TRACEBACK"  # set: where an error of the program itself happened


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {say(f'cli.about_{name}')}" for name in COMMANDS]
    return "\n".join([say("cli.usage"), "", *lines, "", say("cli.usage_more")])


def _run(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_help())
        return 0
    if arguments[0] in ("-V", "--version"):
        from xiangqi_gpt import __version__

        print(__version__)
        return 0
    name, *rest = arguments
    if name not in COMMANDS:
        print(say("cli.unknown_command", name=name, commands=", ".join(COMMANDS)), file=sys.stderr)
        return 2
    import tyro

    command = import_module(f"xiangqi_gpt.cli.{name}")
    settings = tyro.cli(
        command.Settings,
        prog=f"xiangqi-gpt {name}",
        description=say(f"cli.about_{name}"),
        args=rest,
        default=command.defaults(rest) if hasattr(command, "defaults") else tyro.MISSING_NONPROP,
    )
    status: int = command.run(settings)
    sys.stdout.flush()  # a full disk behind it is to be told here, not at exit
    return status


def _drop_output() -> None:
    """Python flushes standard output once more at exit, and would complain then."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status.

    0: done. 1: a message on standard error says what is wrong and how to mend it. 2: the arguments
    are off. 130: interrupted. An error of the program itself is one sentence too, and its traceback for
    those who set ``XIANGQI_GPT_TRACEBACK``.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that cannot show Chinese must not end the program
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    except XiangqiError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(say("cli.interrupted"), file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as in `xiangqi-gpt … | head`
        _drop_output()
        return 1
    except OSError as error:
        name = "cli.system" if error.filename is None else "cli.system_file"
        print(say(name, file=error.filename, reason=error.strerror or error), file=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:
            _drop_output()
        return 1
    except Exception as error:
        if os.environ.get(_TRACEBACK):
            raise
        print(say("cli.defect", kind=type(error).__name__, reason=error, switch=_TRACEBACK), file=sys.stderr)
        return 1
