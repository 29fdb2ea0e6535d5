"""``xiangqi-gpt openings``: count the moves of openings, and look them up."""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import tyro
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from xiangqi_gpt.board import Board
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.filters import Kind
from xiangqi_gpt.corpus.metadata import KINDS
from xiangqi_gpt.corpus.opening_tree import build_opening_tree
from xiangqi_gpt.corpus.prepare import prepare
from xiangqi_gpt.corpus.shards import MANIFEST_NAME
from xiangqi_gpt.corpus.stats import percent
from xiangqi_gpt.messages import XiangqiError, language, say
from xiangqi_gpt.records.opening_tree import OpeningMove, OpeningTree
from xiangqi_gpt.records.packed import path_text
from xiangqi_gpt.rules.fen import STARTING_FEN
from xiangqi_gpt.rules.status import require_playable

__all__ = ["TREE_SUFFIX", "Settings", "run"]

TREE_SUFFIX = ".tree"
_MOVE_NUMBER = re.compile(r"\d+\.+")


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt openings``."""

    paths: tyro.conf.Positional[tuple[Path, ...]]
    """An opening tree (.tree) to look into; or what to count: a corpus, or files of games and folders of them."""
    out: Path | None = None
    """Keep the tree as this file, such as openings.tree."""
    overwrite: bool = False
    """Replace a file that exists."""
    line: str = ""
    """Look up the position after these moves, in any notation, as in "h2e2 h9g7" or "C2=5 H8+7"."""
    fen: str = STARTING_FEN
    """The position that the line begins at."""
    plies: int = 30
    """How deep to count."""
    least: int = 2
    """Leave out moves that fewer games played in a position."""
    mirrored: bool = True
    """Take a position and its mirror image left to right for one."""
    kinds: tuple[Kind, ...] = ()
    """Count games of these kinds only; all when left out."""
    json: bool = False
    """Print one JSON object instead of a table."""


def _position(settings: Settings) -> Board:
    board = Board(settings.fen)
    require_playable(board.state)
    for word in settings.line.split():
        if move := _MOVE_NUMBER.sub("", word, count=1) if _MOVE_NUMBER.match(word) else word:
            board.push_text(move)
    return board


def _count(corpus: Corpus, path: Path, settings: Settings) -> None:
    """Write the tree of a corpus, with a bar on the terminal while it takes its time."""
    shards = [shard for split in corpus.manifest.splits for shard in corpus.shards(split)]
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bars:
        task = bars.add_task(say("corpus.stage_openings"), total=sum(len(shard["result"]) for shard in shards))
        build_opening_tree(
            shards,
            path,
            plies=settings.plies,
            least=settings.least,
            mirrored=settings.mirrored,
            kinds=settings.kinds or KINDS,
            on_progress=lambda games: bars.update(task, completed=games),
        )


def _tree(settings: Settings, work: Path) -> OpeningTree:
    """The tree to look into; one that is not kept is made in the folder ``work``."""
    paths: Sequence[Path] = settings.paths
    if len(paths) == 1 and paths[0].suffix == TREE_SUFFIX:
        return OpeningTree.open(paths[0])
    if settings.out is not None and settings.out.exists() and not settings.overwrite:
        raise XiangqiError("cli.convert_exists", file=path_text(settings.out))
    out = settings.out or work / f"openings{TREE_SUFFIX}"
    folder = paths[0] if paths else Path()
    if len(paths) != 1 or not (folder / MANIFEST_NAME).exists():
        # A game that is recorded twice shall count once, and a faulty one not at all.
        folder = work / "corpus"
        prepare(paths, folder, validation=0.0)
    _count(Corpus.open(folder), out, settings)
    return OpeningTree.open(out)


def _table(board: Board, moves: Sequence[OpeningMove]) -> Table:
    table = Table()
    table.add_column(say("corpus.column_line"))
    for name in ("games", "share", "red_wins", "draws", "black_wins", "unknown", "rating", "last_year"):
        table.add_column(say(f"corpus.column_{name}"), justify="right")
    total = sum(found.games for found in moves)
    for found in moves:
        text = board.chinese(found.move) if language() == "zh" else board.wxf(found.move)
        decided = found.games - found.unknown
        table.add_row(
            f"{text}  {found.move}",
            f"{found.games:,}",
            percent(found.games, total),
            *(percent(part, decided) for part in (found.red_wins, found.draws, found.black_wins)),
            f"{found.unknown:,}",
            str(found.rating or "–"),
            str(found.last_year or "–"),
        )
    return table


def run(settings: Settings) -> int:
    """Print what was played in a position, most often first."""
    board = _position(settings)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        tree = _tree(settings, Path(work))
        # What is mapped into memory stays readable when its file has gone.
        moves = tree.moves(board)
    if settings.json:
        found = [asdict(move) | {"move": move.move.uci()} for move in moves]
        print(json.dumps({"fen": board.fen(), "tree": asdict(tree.facts), "moves": found}, indent=2))
        return 0
    facts = {name: f"{getattr(tree.facts, name):,}" for name in ("games", "positions", "plies")}
    print(say("corpus.tree_summary", lang=None, **facts))
    if moves:
        Console(highlight=False, markup=False, emoji=False).print(_table(board, moves))
    else:
        print(say("corpus.tree_unknown_position"))
    if settings.out is not None:
        print(say("corpus.tree_written", file=settings.out))
    return 0
