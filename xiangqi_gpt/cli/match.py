"""``xiangqi-gpt match``: let two players play a match and measure the difference."""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from xiangqi_gpt.arena.match import MatchGame, MatchSettings, play_match
from xiangqi_gpt.arena.openings import MAX_OPENING_PLIES
from xiangqi_gpt.arena.record import game_record
from xiangqi_gpt.arena.score import MatchScore
from xiangqi_gpt.cli.threads import set_threads
from xiangqi_gpt.cli.workers import worker_pool
from xiangqi_gpt.messages import XiangqiError, say
from xiangqi_gpt.players.base import Limit
from xiangqi_gpt.players.spec import open_player, parse_spec
from xiangqi_gpt.rules.outcome import rule_set
from xiangqi_gpt.rules.pieces import BLACK, RED

__all__ = ["Settings", "run"]

_FORFEITS_SHOWN = 10


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt match``."""

    a: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="A")]
    """The player whose wins are counted: random, greedy, gpt (the model that ships), gpt:DIR (a model of yours), or an
    engine, uci:PROGRAM or ucci:PROGRAM, with its own limits and options behind a question mark, as in
    'uci:/usr/games/fairy-stockfish?nodes=1000&Hash=64'."""
    b: Annotated[tyro.conf.Positional[str], tyro.conf.arg(metavar="B")]
    """Its opponent, of the same kinds."""
    games: int = 100
    """How many games: pairs from one random opening, with colours swapped; the last of an odd number stands alone."""
    seed: int | None = None
    """Makes the match reproducible; a new one when left out (the report tells it)."""
    json: bool = False
    """Print the result as one JSON object."""
    pgn: Path | None = None
    """Append each game to this file as it ends."""
    max_plies: int = 300
    """A game that is longer is a draw."""
    opening_plies: int | None = None
    """Random plies at the start of each game; 2 to 6 when left out."""
    temperature: float | None = None
    """How freely models draw their moves, 0 for the likeliest always; their own when left out."""
    nodes: int | None = None
    """The positions that an engine may look at for each move. Without a limit it thinks for a second a move."""
    depth: int | None = None
    """The plies that an engine may search."""
    movetime: int | None = None
    """The milliseconds that an engine may think about each move."""
    rules: Literal["axf", "simple"] = "axf"
    """The rule set: that of the Asian federation, or perpetual check alone as a fault."""
    workers: int = 1
    """Processes that play games side by side; the games are the same for any number."""


def _opening_plies(settings: Settings) -> tuple[int, int]:
    """The fewest and the most plies of the random openings."""
    return (2, 6) if settings.opening_plies is None else (settings.opening_plies, settings.opening_plies)


def _check(settings: Settings) -> None:
    """Refuse settings that make no match, before anything is loaded."""
    parse_spec(settings.a)
    parse_spec(settings.b)
    least = {"games": 1, "seed": 0, "max_plies": 1, "opening_plies": 0, "temperature": 0, "workers": 1}
    least |= {"nodes": 1, "depth": 1, "movetime": 1}
    for name, low in least.items():
        value = getattr(settings, name)
        if value is not None and not value >= low:
            raise XiangqiError("arena.too_small", option=name.replace("_", "-"), value=value, least=low)
    if (settings.opening_plies or 0) > MAX_OPENING_PLIES:
        fields = {"value": settings.opening_plies, "most": MAX_OPENING_PLIES}
        raise XiangqiError("arena.too_large", option="opening-plies", **fields)
    longest = max(_opening_plies(settings))
    if settings.max_plies <= longest:
        raise XiangqiError("arena.no_ply_left", most=settings.max_plies, opening=longest)


def _limit(settings: Settings) -> Limit:
    time = None if settings.movetime is None else settings.movetime / 1000
    return Limit(time=time, nodes=settings.nodes, depth=settings.depth)


@contextmanager
def _games(settings: Settings, seed: int) -> Iterator[Iterator[MatchGame]]:
    """The games of the match as they end."""
    match = MatchSettings(
        settings.games,
        seed,
        opening_plies=_opening_plies(settings),
        max_plies=settings.max_plies,
        limit=_limit(settings),
        rules=rule_set(settings.rules),
    )
    a, b = (partial(open_player, spec, temperature=settings.temperature) for spec in (settings.a, settings.b))
    with worker_pool(settings.workers) if settings.workers > 1 else nullcontext() as executor:
        yield play_match(a, b, match, executor=executor)


def _append(file: Path, text: str) -> None:
    """Add a game's text, or nothing, to a file that is made when it is missing."""
    try:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(f"\n{text}" if text and stream.tell() else text)
    except OSError as error:
        raise XiangqiError("arena.pgn_unwritable", file=file, reason=error.strerror or error) from error


@contextmanager
def _progress(settings: Settings) -> Iterator[Callable[[MatchScore], None]]:
    """What shows the running score on standard error, where that is a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        started = time.perf_counter()
        task = progress.add_task("", total=settings.games, rate="")

        def show(score: MatchScore) -> None:
            games = score.total.games
            running = say("arena.running", a=settings.a, b=settings.b, **asdict(score.total))
            rate = say("arena.rate", rate=games / max(time.perf_counter() - started, 1e-9))
            progress.update(task, completed=games, description=running, rate=rate)

        show(MatchScore())
        yield show


def _finite(number: float) -> float | None:
    return None if math.isinf(number) else round(number, 2)


def _result(settings: Settings, seed: int, score: MatchScore, seconds: float, interrupted: bool) -> dict[str, Any]:
    """The result as ``--json`` prints it; infinite Elo differences, and those of no game, are null."""
    estimate = score.elo()
    elo, low, high = (None,) * 3 if estimate is None else map(_finite, asdict(estimate).values())
    return {
        "players": [settings.a, settings.b],
        "games": score.total.games,
        **asdict(score.total),
        "elo": elo,
        "elo_interval": [low, high],
        "pairs": score.pairs,
        "by_color": {"red": asdict(score.by_color[RED]), "black": asdict(score.by_color[BLACK])},
        "terminations": dict(score.terminations.most_common()),
        "forfeits": [{"game": played.index + 1, "reason": played.game.note} for played in score.forfeits],
        "seed": seed,
        "rules": settings.rules,
        "mean_plies": score.mean_plies and round(score.mean_plies, 2),
        "seconds": round(seconds, 3),
        "interrupted": interrupted,
    }


def _table(settings: Settings, score: MatchScore) -> Table:
    table = Table(title=escape(f"{settings.a} – {settings.b}"))
    table.add_column()
    for name in ("games", "wins", "draws", "losses", "score"):
        table.add_column(say(f"arena.{name}"), justify="right")
    rows = {
        say("arena.total"): score.total,
        say("arena.as_red", player=settings.a): score.by_color[RED],
        say("arena.as_black", player=settings.a): score.by_color[BLACK],
    }
    for name, row in rows.items():
        share = f"{100 * row.points / row.games:.1f} %" if row.games else "–"
        table.add_row(escape(name), *map(str, (row.games, row.wins, row.draws, row.losses)), share)
    return table


def _elo_text(score: MatchScore) -> str:
    estimate = score.elo()
    if estimate is None:
        return say("arena.none_played")
    elo, low, high = (f"{number:+.1f}".replace("inf", "∞") for number in asdict(estimate).values())
    interval = f"{low} … {high}"
    if math.isinf(estimate.high):
        interval = f"> {low}"
    elif math.isinf(estimate.low):
        interval = f"< {high}"
    by_pairs = score.pairs is not None
    count = sum(score.pairs or (score.total.games,))
    units = say("arena.from_pairs" if by_pairs else "arena.from_games", count=count)
    return say("arena.elo", elo=elo, interval=interval, units=units)


def _report(settings: Settings, seed: int, score: MatchScore, seconds: float) -> None:
    """Print the result for people."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(_table(settings, score))
    lines = [_elo_text(score)]
    if score.total.games:
        counts = score.terminations.most_common()
        endings = ", ".join(f"{say(f'arena.{name}')} {count}" for name, count in counts)
        rate = score.total.games / max(seconds, 1e-9)
        figures = say("arena.figures", seed=seed, plies=score.mean_plies, seconds=seconds, rate=rate)
        lines += [say("arena.endings", endings=endings), figures]
    for played in score.forfeits[:_FORFEITS_SHOWN]:
        lines.append(say("arena.forfeit", number=played.index + 1, note=played.game.note))
    if (more := len(score.forfeits) - _FORFEITS_SHOWN) > 0:
        lines.append(say("arena.more_forfeits", count=more))
    for line in lines:
        console.print(line, markup=False)


def _play(settings: Settings, seed: int, score: MatchScore) -> None:
    """Play the match into ``score``."""
    if settings.pgn is not None:
        _append(settings.pgn, "")  # an unwritable file shall be told before the games, not after the first
    with _games(settings, seed) as games, _progress(settings) as show:
        for played in games:
            score.add(played)
            if settings.pgn is not None:
                _append(settings.pgn, str(game_record(played, date.today())))
            show(score)


def run(settings: Settings) -> int:
    """Play the match and print the result; after Ctrl+C or an error, what there is of it."""
    _check(settings)
    set_threads(usual=1 if settings.workers > 1 else None)
    seed = secrets.randbelow(2**32) if settings.seed is None else settings.seed
    score = MatchScore()
    stopped: KeyboardInterrupt | XiangqiError | None = None
    started = time.perf_counter()
    try:
        _play(settings, seed, score)
    except (KeyboardInterrupt, XiangqiError) as reason:
        stopped = reason
    seconds = time.perf_counter() - started
    if isinstance(stopped, XiangqiError) and not score.total.games:
        raise stopped
    if settings.json:
        print(json.dumps(_result(settings, seed, score, seconds, stopped is not None), ensure_ascii=False))
    else:
        _report(settings, seed, score, seconds)
    if isinstance(stopped, XiangqiError):
        raise stopped
    return 0 if stopped is None else 130
