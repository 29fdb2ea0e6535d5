"""A match: many games between two players, in pairs with colours swapped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from xiangqi_gpt.arena.game import PlayedGame, play_game
from xiangqi_gpt.arena.openings import Opening, random_openings
from xiangqi_gpt.players.base import Limit, Player
from xiangqi_gpt.rules.outcome import AXF, RuleSet
from xiangqi_gpt.rules.pieces import BLACK, RED, Color

__all__ = ["MatchGame", "MatchSettings", "OpensPlayer", "play_match"]

# Games handed to an executor at once: enough to keep its workers busy.
_IN_FLIGHT = 64


class OpensPlayer(Protocol):
    """Makes a player for one game, such as ``functools.partial(open_player, "greedy")``.

    An executor of other processes needs one that can be pickled.
    """

    def __call__(self, *, seed: int) -> Player:
        """A player whose moves the seed decides."""
        ...


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """What makes a match; with the same settings, players that keep to their seeds play the same games.

    Attributes:
        games: how many games; the last one has no partner when the number is odd.
        seed: decides the openings, and the seed of each player in each game.
        opening_plies: the fewest and the most plies of the random openings.
        max_plies: a longer game is a draw.
        limit: how long a player may think about a move.
        rules: what ends a game.
    """

    games: int
    seed: int
    opening_plies: tuple[int, int] = (2, 6)
    max_plies: int = 300
    limit: Limit = Limit()
    rules: RuleSet = AXF


@dataclass(frozen=True, slots=True)
class MatchGame:
    """A game of a match between A and B.

    Attributes:
        index: its number, from 0; games ``2 i`` and ``2 i + 1`` are a pair.
        a_color: the colour of A, RED in games of even number.
        game: the game.
    """

    index: int
    a_color: Color
    game: PlayedGame

    @property
    def points(self) -> float:
        """A's points: 1, 1/2 or 0."""
        return 0.5 if self.game.winner is None else float(self.game.winner == self.a_color)


@dataclass(frozen=True, slots=True)
class _Task:
    index: int
    opening: Opening


def _player_seed(seed: int, index: int, player: str) -> int:
    """The seed of player ``a`` or ``b`` in a game: far from those of all other games and players."""
    return int.from_bytes(hashlib.sha256(f"{seed} {index} {player}".encode()).digest()[:4])


def _play(a: OpensPlayer, b: OpensPlayer, settings: MatchSettings, task: _Task) -> MatchGame:
    a_color = BLACK if task.index % 2 else RED
    with (
        closing(a(seed=_player_seed(settings.seed, task.index, "a"))) as player_a,
        closing(b(seed=_player_seed(settings.seed, task.index, "b"))) as player_b,
    ):
        red, black = (player_a, player_b) if a_color == RED else (player_b, player_a)
        game = play_game(
            red,
            black,
            opening=task.opening,
            max_plies=settings.max_plies,
            limit=settings.limit,
            rules=settings.rules,
        )
    return MatchGame(task.index, a_color, game)


def _tasks(settings: MatchSettings) -> Iterator[_Task]:
    pairs = (settings.games + 1) // 2
    for pair, opening in enumerate(islice(random_openings(settings.seed, settings.opening_plies), pairs)):
        yield _Task(2 * pair, opening)
        if 2 * pair + 1 < settings.games:
            yield _Task(2 * pair + 1, opening)


def play_match(
    a: OpensPlayer, b: OpensPlayer, settings: MatchSettings, *, executor: Executor | None = None
) -> Iterator[MatchGame]:
    """Play a match, game by game.

    Without an executor the games are played here, one after the other; with one they come as they
    end, in any order, and are the same games. Games under way when the iterator is closed early are
    left to whoever ends the executor.

    Args:
        a: opens player A for each game. Whatever it raises ends the match.
        b: opens player B.
        settings: the rest.
        executor: where the games are played.
    """
    tasks = _tasks(settings)
    if executor is None:
        for task in tasks:
            yield _play(a, b, settings, task)
        return
    pending: set[Future[MatchGame]] = set()
    while True:
        pending |= {executor.submit(_play, a, b, settings, task) for task in islice(tasks, _IN_FLIGHT - len(pending))}
        if not pending:
            return
        done, pending = wait(pending, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()
