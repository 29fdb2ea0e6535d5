"""Games labelled by an engine: at each ply of the main line what it thinks of the position and would play."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, TypeAlias

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.labels.analyst import Analyst
from xiangqi_gpt.labels.annotate import label_of
from xiangqi_gpt.labels.work import BATCH_NODES, MOST_FAILURES, in_order
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.base import Limit
from xiangqi_gpt.players.engine_process import EngineError
from xiangqi_gpt.players.uci import SimpleEngine
from xiangqi_gpt.records.game import Game, Label
from xiangqi_gpt.rules.fen import InvalidFenError

__all__ = ["LABEL_HEADER", "LabelSettings", "Labelled", "label_games", "label_line"]

LABEL_HEADER = "Labels"
"""The header that tells which engine made the labels, with how many nodes."""

_BATCH_PLIES = 1_000  # for each start of an engine


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """What decides the labels.

    Attributes:
        engine: the spec of the engine.
        nodes: the nodes of each search.
        multipv: how many candidates each ply gets.
    """

    engine: str
    nodes: int
    multipv: int = 1


@dataclass(frozen=True, slots=True)
class Labelled:
    """A game with its labels, or one that could not be labelled.

    Attributes:
        game: the game.
        plies: how many have a label.
        error: why none has.
    """

    game: Game
    plies: int = 0
    error: XiangqiError | None = None


class _Line(NamedTuple):
    """What a worker needs of a game."""

    fen: str
    moves: tuple[int, ...]  # kernel moves


_Labels: TypeAlias = list[Label] | EngineError


def label_line(engine: SimpleEngine, settings: LabelSettings, start: Board, moves: Iterable[Move]) -> list[Label]:
    """The labels of the positions before each of some moves.

    Raises:
        EngineError: the engine fails.
    """
    board, game = start.copy(), object()
    labels = []
    for move in moves:
        result = engine.play(board, Limit(nodes=settings.nodes), game=game, multipv=settings.multipv)
        labels.append(label_of(result, board.turn))
        board.push(move)
    return labels


def _label(line: _Line, settings: LabelSettings, analyst: Analyst) -> _Labels:
    def do(engine: SimpleEngine) -> list[Label]:
        return label_line(engine, settings, Board(line.fen), map(Move.from_code, line.moves))

    return analyst.attempt(do) if line.moves else []


def _label_batch(settings: LabelSettings, lines: Sequence[_Line]) -> list[_Labels]:
    """The labels of some lines, for an executor: the engine is started for them."""
    with Analyst(settings.engine) as analyst:
        return [_label(line, settings, analyst) for line in lines]


def _line_of(game: Game) -> _Line:
    """The game for a worker; without moves where there is no position to search."""
    try:
        start = game.start_board()
    except InvalidFenError:
        return _Line("", ())
    return _Line(start.fen(), tuple(move.code for move in game.mainline_moves()))


def _batches(games: Iterable[Game], nodes: int) -> Iterator[tuple[list[Game], list[_Line]]]:
    """Games with enough to search that it is worth starting an engine."""
    batch: list[Game] = []
    lines: list[_Line] = []
    plies = 0
    for game in games:
        batch.append(game)
        lines.append(_line_of(game))
        plies += 1 + len(lines[-1].moves)
        if plies * nodes >= BATCH_NODES or plies >= _BATCH_PLIES:
            yield batch, lines
            batch, lines, plies = [], [], 0
    if batch:
        yield batch, lines


def _by_executor(
    games: Iterable[Game], settings: LabelSettings, executor: Executor, workers: int
) -> Iterator[tuple[Game, _Labels]]:
    waiting: deque[list[Game]] = deque()

    def tasks() -> Iterator[list[_Line]]:
        for batch, lines in _batches(games, settings.nodes * settings.multipv):
            waiting.append(batch)
            yield lines

    for found in in_order(executor, partial(_label_batch, settings), tasks(), ahead=3 * workers):
        yield from zip(waiting.popleft(), found, strict=True)


def _finish(game: Game, labels: _Labels, header: str) -> Labelled:
    if isinstance(labels, EngineError):
        return Labelled(game, error=labels)
    try:
        game.start_board()
    except InvalidFenError as error:
        return Labelled(game, error=error)
    for node, label in zip(game.mainline(), labels, strict=True):
        node.set_label(*label)
    if labels:
        game.headers[LABEL_HEADER] = header
    return Labelled(game, len(labels))


def label_games(
    games: Iterable[Game],
    settings: LabelSettings,
    *,
    executor: Executor | None = None,
    workers: int = 1,
) -> Iterator[Labelled]:
    """Label games; they come in their order.

    A label tells of the position before the move in whose comment it stands, and takes the place of
    one that was there; side lines and other comments stay. The position after the last move has none.

    Args:
        games: the games; they are changed.
        settings: decide the labels.
        executor: where the engines run; one runs here when left out.
        workers: how many games the executor labels at a time.

    Raises:
        EngineError: the engine cannot be started, or fails on one game after another.
    """
    with Analyst(settings.engine) as analyst:
        header = f"{analyst.name()}, {settings.nodes} nodes"
        if executor is None:
            found: Iterable[tuple[Game, _Labels]] = (
                (game, _label(_line_of(game), settings, analyst)) for game in games
            )
        else:
            analyst.close()
            found = _by_executor(games, settings, executor, workers)
        failures = 0
        for game, labels in found:
            failures = failures + 1 if isinstance(labels, EngineError) else 0
            if isinstance(labels, EngineError) and failures >= MOST_FAILURES:
                raise labels
            yield _finish(game, labels, header)
