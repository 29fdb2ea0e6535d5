"""Games that an engine plays against itself, with its evaluation and best move at each ply.

Each side searches a number of nodes that is drawn once a game. In most games some moves are replaced by a
random legal one, so that the games hold mistakes and how they are punished; the label tells what the
engine would have played. A game is decided by the settings and its number alone: one can stop at any game
and go on with the next.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from xiangqi_gpt.board import Board
from xiangqi_gpt.labels.analyst import Analyst
from xiangqi_gpt.labels.annotate import label_of
from xiangqi_gpt.labels.openings import balanced_opening, begin_as
from xiangqi_gpt.labels.work import BATCH_NODES, MOST_FAILURES, in_batches, in_order
from xiangqi_gpt.players.base import Limit
from xiangqi_gpt.players.engine_process import EngineError
from xiangqi_gpt.players.uci import SimpleEngine
from xiangqi_gpt.records.game import Game, Label
from xiangqi_gpt.records.pgn_writer import pgn_text
from xiangqi_gpt.rules.outcome import AXF
from xiangqi_gpt.rules.pieces import BLACK, RED, Color

__all__ = ["ADJUDICATION", "MAX_PLIES", "GenerateSettings", "Generated", "generate_games", "play_game"]

# Endings beside those of the rules, as the header ``Termination`` names them.
ADJUDICATION = "adjudication"
MAX_PLIES = "max_plies"

_DECIDED = 1_800  # centipawns
_DECIDED_PLIES = 10
_BLUNDERS = (0.05, 0.20)  # of the moves of a game with blunders
_BATCH_GAMES = 8  # at most
_USUAL_PLIES = 100  # that are searched in a game


@dataclass(frozen=True, slots=True)
class GenerateSettings:
    """What decides the games.

    Attributes:
        engine: the spec of the engine.
        seed: decides all that is drawn.
        nodes: the fewest and the most nodes that a side searches at each move.
        blunder_games: the share of games in which some moves are random.
        opening_plies: the most plies of an opening.
        balance: pawns that a side may be ahead after an opening of our own making.
        max_plies: a longer game is a draw.
    """

    engine: str
    seed: int = 1
    nodes: tuple[int, int] = (2_000, 6_000)
    blunder_games: float = 0.75
    opening_plies: int = 30
    balance: float = 1.5
    max_plies: int = 220


@dataclass(frozen=True, slots=True)
class Generated:
    """A game that has been played, or one that the engine failed on.

    Attributes:
        number: the game's number, from 1.
        text: the game as PGN; empty when there is none.
        plies: how many have a label.
        error: why there is none.
    """

    number: int
    text: str = ""
    plies: int = 0
    error: EngineError | None = field(default=None, compare=False)


class _Task(NamedTuple):
    number: int
    opening: tuple[int, ...] | None  # kernel moves of a given game; None: of our own making


class _End(NamedTuple):
    winner: Color | None
    termination: str


class _Referee:
    """Knows when a game has ended."""

    def __init__(self, max_plies: int) -> None:
        self._max_plies = max_plies
        self._decided = 0  # plies in a row, negative when for Black

    def end(self, board: Board) -> _End | None:
        """How the game has ended with this position, or None."""
        if (outcome := board.outcome(AXF)) is not None:
            return _End(outcome.winner, outcome.termination.value)
        if abs(self._decided) >= _DECIDED_PLIES:
            return _End(RED if self._decided > 0 else BLACK, ADJUDICATION)
        return _End(None, MAX_PLIES) if len(board.move_stack) >= self._max_plies else None

    def see(self, evaluation: int | None) -> None:
        """Take note of the engine's evaluation at a ply, in centipawns for Red."""
        if evaluation is None or abs(evaluation) < _DECIDED:
            self._decided = 0
        elif (evaluation > 0) == (self._decided > 0):
            self._decided += 1 if evaluation > 0 else -1
        else:
            self._decided = 1 if evaluation > 0 else -1


def play_game(
    engine: SimpleEngine, settings: GenerateSettings, number: int, opening: Sequence[int] | None = None
) -> Game:
    """Play one game.

    Args:
        engine: plays both sides.
        settings: decide the game, together with its number.
        number: of the game.
        opening: the kernel moves that it may begin with; None to make an opening.

    Raises:
        EngineError: the engine fails.
        XiangqiError: no balanced opening is to be found.
    """
    draws = random.Random(f"xiangqi-gpt {settings.seed} {number}")
    nodes = {color: draws.randint(*settings.nodes) for color in (RED, BLACK)}
    blunders = draws.uniform(*_BLUNDERS) if draws.random() < settings.blunder_games else 0.0
    plies = draws.randint(0, settings.opening_plies)
    if opening is None:
        board = balanced_opening(engine, draws, plies, settings.balance, number)
    else:
        board = begin_as(opening, plies)
    begun = len(board.move_stack)
    referee = _Referee(settings.max_plies)
    labels: list[Label] = []
    while (end := referee.end(board)) is None:
        result = engine.play(board, Limit(nodes=nodes[board.turn]), game=number)
        if result.move is None:
            raise EngineError("labels.no_move", engine=engine.name, fen=board.fen())
        labels.append(label_of(result, board.turn))
        referee.see(labels[-1].eval)
        is_blunder = draws.random() < blunders
        board.push(draws.choice(list(board.legal_moves)) if is_blunder else result.move)
    game = Game()
    game.headers |= {
        "Event": "engine self-play",
        "Round": str(number),
        "Red": f"{engine.name}, {nodes[RED]} nodes",
        "Black": f"{engine.name}, {nodes[BLACK]} nodes",
        "Result": "1/2-1/2" if end.winner is None else "1-0" if end.winner == RED else "0-1",
        "Termination": end.termination,
        "PlyCount": str(len(board.move_stack)),
        "OpeningPlies": str(begun),
        "RandomMoves": f"{blunders:.2f}",
    }
    game.add_line(board.move_stack)
    for node, label in zip(islice(game.mainline(), begun, None), labels, strict=True):
        node.set_label(*label)
    return game


def _play_batch(settings: GenerateSettings, tasks: Iterable[_Task]) -> Iterator[Generated]:
    """The games of some tasks, one after another, with one engine."""
    with Analyst(settings.engine) as analyst:
        for task in tasks:
            game = analyst.attempt(partial(play_game, settings=settings, number=task.number, opening=task.opening))
            if isinstance(game, EngineError):
                yield Generated(task.number, error=game)
            else:
                plies = int(game.headers["PlyCount"]) - int(game.headers["OpeningPlies"])
                yield Generated(task.number, pgn_text(game), plies)


def _play_listed(settings: GenerateSettings, tasks: Sequence[_Task]) -> list[Generated]:
    """As :func:`_play_batch`, for an executor."""
    return list(_play_batch(settings, tasks))


def _tasks(settings: GenerateSettings, numbers: Iterable[int], openings: Sequence[tuple[int, ...]]) -> Iterator[_Task]:
    for number in numbers:
        draws = random.Random(f"xiangqi-gpt opening {settings.seed} {number}")
        yield _Task(number, draws.choice(openings) if openings else None)


def generate_games(
    settings: GenerateSettings,
    numbers: Iterable[int],
    openings: Sequence[tuple[int, ...]] = (),
    *,
    executor: Executor | None = None,
    workers: int = 1,
) -> Iterator[Generated]:
    """Play the games of some numbers; they come in this order.

    Args:
        settings: decide the games.
        numbers: which games.
        openings: lines that games may begin with, from :func:`.openings.opening_lines`; when there
            are none, balanced ones are made.
        executor: where to play; here, one game after another, when left out.
        workers: how many games the executor plays at a time.

    Raises:
        EngineError: the engine cannot be started, or fails on one game after another.
        XiangqiError: no balanced opening is to be found.
    """
    tasks = _tasks(settings, numbers, openings)
    if executor is None:
        games = _play_batch(settings, tasks)
    else:
        nodes = _USUAL_PLIES * sum(settings.nodes) // 2  # of a game
        size = min(_BATCH_GAMES, 1 + BATCH_NODES // nodes)
        batches = in_batches(tasks, size)
        games = chain.from_iterable(in_order(executor, partial(_play_listed, settings), batches, ahead=3 * workers))
    failures = 0
    for game in games:
        failures = failures + 1 if game.error is not None else 0
        if game.error is not None and failures >= MOST_FAILURES:
            raise game.error
        yield game
