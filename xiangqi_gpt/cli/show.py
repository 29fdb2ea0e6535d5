"""``xiangqi-gpt show FILE``: games for a person to read."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, islice

import tyro
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from xiangqi_gpt.board import Board
from xiangqi_gpt.cli.show_moves import NOTATIONS, Notation, WriteMove, print_comment, print_moves
from xiangqi_gpt.messages import XiangqiError, language, say
from xiangqi_gpt.records.errors import RecordFileError
from xiangqi_gpt.records.game import Game, GameNode
from xiangqi_gpt.records.reader import read_games
from xiangqi_gpt.rules.fen import InvalidFenError
from xiangqi_gpt.rules.pieces import PIECE_HANZI_TRADITIONAL, RED

__all__ = ["Settings", "run"]

# Shown first and in this order, by their names in the user's language.
_TAGS = (
    *("Event", "Title", "Site", "Date", "Round", "RedTeam", "Red", "BlackTeam", "Black", "Result", "Opening"),
    *("TimeControl", "Annotator", "Author", "PlayType"),
)
_HIDDEN = {"Game", "Format", "Variant", "FEN"}
_UNKNOWN = {"", "?", "????.??.??"}

_RESULTS = {"1-0": "red", "0-1": "black", "1/2-1/2": "draw", "*": "unknown"}
_KINDS = ("opening", "middlegame", "endgame")
_NAME_CELLS = 12
_RED_HANZI = PIECE_HANZI_TRADITIONAL[9:]


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt show``."""

    file: tyro.conf.Positional[str]
    """A file of games in any format, an archive, a folder with such, or - for standard input."""
    game: int | None = None
    """The number of the game to show, from 1. Left out, a file of several games is listed."""
    ply: int | None = None
    """Show the board after so many plies; 0 is the start of the game. Left out, that is its end, or its start where it
    begins from a set-up position."""
    notation: Notation | None = None
    """Of the moves. Left out, that is chinese where the program speaks Chinese, else wxf."""
    variations: bool = False
    """Show side lines too."""
    list: bool = False
    """List the games, also where there is only one."""


def _known(game: Game, tag: str) -> str:
    """The value of a header in one line; empty when it tells nothing."""
    value = " ".join(game.headers.get(tag, "").split())
    return "" if value in _UNKNOWN else value


# The list of games


def _row(number: int, game: Game) -> str:
    red, black = (set_cell_size(_known(game, side) or "?", _NAME_CELLS) for side in ("Red", "Black"))
    plies = sum(1 for _ in game.mainline())
    rest = "  ".join(dict.fromkeys(filter(None, (_known(game, tag) for tag in ("Date", "Title", "Event")))))
    mark = "!" if game.errors else " "
    return f"{number:>6}{mark} {game.result:<7} {red} {black} {plies:>4}  {rest}".rstrip()


def _print_row(console: Console, row: str) -> None:
    """Print a line of the list; on a terminal it is no longer than that is wide."""
    cut = console.is_terminal and cell_len(row) > console.width
    console.print(set_cell_size(row, console.width) if cut else row, soft_wrap=True)


def _list(console: Console, games: Iterable[Game]) -> None:
    """Print a line a game."""
    titles = {"Result": 7, "Red": _NAME_CELLS, "Black": _NAME_CELLS}
    named = " ".join(set_cell_size(say(f"cli.tag_{tag}"), cells) for tag, cells in titles.items())
    _print_row(console, f"{'':7} {named} {say('cli.show_plies')}")
    count = faulty = 0
    for count, game in enumerate(games, 1):
        _print_row(console, _row(count, game))
        faulty += bool(game.errors)
    _print_row(console, say("cli.show_listed", games=f"{count:,}", faulty=f"{faulty:,}"))


# One game


def _print_headers(console: Console, game: Game) -> None:
    tags = [*_TAGS, *(tag for tag in game.headers if tag not in _TAGS and tag not in _HIDDEN)]
    for tag in tags:
        value = _known(game, tag)
        if not value or value == "*":
            continue
        if tag == "Result" and value in _RESULTS:
            value = f"{value} ({say(f'cli.result_{_RESULTS[value]}')})"
        if tag == "PlayType" and value in _KINDS:
            value = say(f"cli.kind_{value}")
        label = say(f"cli.tag_{tag}") if tag in _TAGS else tag
        console.print(Text.assemble((say("cli.show_header", name=label), "bold"), value))


def _board_text(board: Board) -> Text:
    """The board with Chinese pieces where the program speaks Chinese, else with letters; Red's in red."""
    if language() == "zh":
        text = Text(board.unicode(traditional=True))  # which tells the sides apart without colours too
        text.highlight_regex(f"[{_RED_HANZI}]", "red")
        return text
    ranks = [f"{9 - number} {line}" for number, line in enumerate(str(board).splitlines())]
    text = Text("\n".join([*ranks, "  a b c d e f g h i"]))
    text.highlight_regex("[A-Z]", "red")
    return text


def _print_board(console: Console, game: Game, ply: int | None, write: WriteMove) -> None:
    """Print the position after ``ply`` moves of the main line, and which that is."""
    nodes: list[GameNode] = [game, *game.mainline()]
    if ply is None:
        ply = 0 if game.is_setup() else len(nodes) - 1
    if not 0 <= ply < len(nodes):
        raise XiangqiError("cli.show_no_ply", ply=ply, plies=len(nodes) - 1)
    board = nodes[ply].board()
    mover = say("cli.show_red_moves" if board.turn == RED else "cli.show_black_moves")
    console.print(_board_text(board))
    if ply == 0:
        caption = say("cli.show_start", mover=mover)
    else:
        move = board.pop()
        caption = say("cli.show_after", ply=ply, move=write(board, move), mover=mover)
    console.print(caption, "", sep="\n")


def _side_lines(game: Game) -> int:
    """How many side lines there are in all."""
    count, waiting = 0, [game.variations]
    while waiting:
        nodes = waiting.pop()
        count += max(len(nodes) - 1, 0)
        waiting += (node.variations for node in nodes)
    return count


def _show(console: Console, game: Game, settings: Settings) -> None:
    write = NOTATIONS[settings.notation or ("chinese" if language() == "zh" else "wxf")]
    _print_headers(console, game)
    console.print()
    try:
        game.start_board()
    except InvalidFenError:
        pass  # which the faults tell
    else:
        _print_board(console, game, settings.ply, write)
        if game.comment:
            print_comment(console, game.comment, depth=0)
        print_moves(console, game, write, variations=settings.variations)
    console.print(say(f"cli.result_{_RESULTS[game.result]}"), style="bold")
    if not settings.variations and (count := _side_lines(game)):
        console.print(say("cli.show_side_lines", count=count))
    for error in game.errors:
        console.print(str(error), style="yellow")


def run(settings: Settings) -> int:
    """Print a game, or the list of games."""
    errors: list[RecordFileError] = []
    # What people wrote is no markup.
    console = Console(highlight=False, markup=False, emoji=False)
    games = read_games(settings.file, variations=not settings.list, on_error=errors.append)
    if settings.game is not None:
        found = list(islice(games, settings.game - 1, settings.game)) if settings.game > 0 else []
    else:
        found = list(islice(games, 2))
    if settings.list or len(found) > 1:
        _list(console, chain(found, games))
    elif found:
        _show(console, found[0], settings)
    elif not errors:
        raise XiangqiError("cli.show_no_game", number=1 if settings.game is None else settings.game, file=settings.file)
    for error in errors:
        print(error, file=sys.stderr)
    return 0 if found else 1
