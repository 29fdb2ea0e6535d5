"""Matches: pairs, seeds, the score, workers, records."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest

from xiangqi_gpt.arena.game import PlayedGame
from xiangqi_gpt.arena.match import MatchGame, MatchSettings, play_match
from xiangqi_gpt.arena.record import game_record
from xiangqi_gpt.arena.score import MatchScore
from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.cli.workers import worker_pool
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.base import Player, PlayResult
from xiangqi_gpt.players.greedy import GreedyPlayer
from xiangqi_gpt.players.random import RandomPlayer
from xiangqi_gpt.players.spec import open_player
from xiangqi_gpt.rules.pieces import BLACK, RED

RANDOM, GREEDY = partial(open_player, "random"), partial(open_player, "greedy")
SETTINGS = MatchSettings(games=12, seed=3, max_plies=60)


def by_number(games: list[MatchGame]) -> list[tuple[tuple[Move, ...], str, float]]:
    ordered = sorted(games, key=lambda played: played.index)
    return [(played.game.moves, played.game.termination, played.points) for played in ordered]


@pytest.fixture(scope="module")
def match() -> list[MatchGame]:
    return list(play_match(GREEDY, RANDOM, SETTINGS))


def test_colours_swap_on_the_same_opening(match: list[MatchGame]) -> None:
    assert [played.index for played in match] == list(range(12))
    assert [played.a_color for played in match] == [RED, BLACK] * 6
    assert [(played.game.red, played.game.black) for played in match] == [
        ("greedy", "random"),
        ("random", "greedy"),
    ] * 6
    openings = [played.game.moves[: played.game.opening_plies] for played in match]
    assert openings[::2] == openings[1::2]
    assert len(set(openings)) == 6
    assert all(2 <= len(opening) <= 6 for opening in openings)


def test_games_end_as_they_say(match: list[MatchGame]) -> None:
    for played in match:
        board = Board()
        for move in played.game.moves:
            assert not board.is_game_over()
            assert board.is_legal(move)
            board.push(move)
        outcome = board.outcome()
        if outcome is None:
            assert (played.game.termination, len(played.game.moves)) == ("max_plies", 60)
            assert played.points == 0.5
        else:
            assert played.game.termination == outcome.termination.value
            assert played.game.winner == outcome.winner
            assert played.points == {None: 0.5, played.a_color: 1.0}.get(outcome.winner, 0.0)


def test_an_odd_number_leaves_the_last_game_single() -> None:
    settings = MatchSettings(games=5, seed=3, max_plies=20)
    odd = list(play_match(RANDOM, RANDOM, settings))
    assert [played.index for played in odd] == [0, 1, 2, 3, 4]
    assert odd[4].game.moves[: odd[4].game.opening_plies] not in [
        played.game.moves[: played.game.opening_plies] for played in odd[:4]
    ]


def test_a_seed_decides_the_games(match: list[MatchGame]) -> None:
    again = list(play_match(GREEDY, RANDOM, SETTINGS))
    assert by_number(again) == by_number(match)
    other = list(play_match(GREEDY, RANDOM, MatchSettings(games=12, seed=4, max_plies=60)))
    assert by_number(other) != by_number(match)


def test_every_player_of_every_game_has_its_own_seed() -> None:
    seeds: list[int] = []

    def opens(*, seed: int) -> Player:
        seeds.append(seed)
        return RandomPlayer(seed)

    list(play_match(opens, opens, MatchSettings(games=10, seed=1, max_plies=8)))
    assert len(set(seeds)) == 20


def test_players_are_closed() -> None:
    class Closing(RandomPlayer):
        closed = 0

        def close(self) -> None:
            Closing.closed += 1

    list(play_match(lambda seed: Closing(seed), RANDOM, MatchSettings(games=3, seed=1, max_plies=8)))
    assert Closing.closed == 3


def test_an_executor_plays_the_same_games(match: list[MatchGame]) -> None:
    with ThreadPoolExecutor(3) as executor:
        assert by_number(list(play_match(GREEDY, RANDOM, SETTINGS, executor=executor))) == by_number(match)


def open_broken(*, seed: int) -> Player:
    raise XiangqiError("cli.unknown_command", name="x", commands="y")


def test_worker_processes_play_the_same_games(match: list[MatchGame]) -> None:
    with worker_pool(2) as executor:
        assert by_number(list(play_match(GREEDY, RANDOM, SETTINGS, executor=executor))) == by_number(match)


def test_an_error_crosses_from_a_worker_process() -> None:
    with pytest.raises(XiangqiError) as error, worker_pool(1) as executor:
        list(play_match(partial(open_player, "nobody"), RANDOM, SETTINGS, executor=executor))
    assert error.value.fields["spec"] == "nobody"


def test_a_player_that_cannot_be_opened_ends_the_match() -> None:
    with pytest.raises(XiangqiError):
        list(play_match(open_broken, RANDOM, SETTINGS))


class Cheat(RandomPlayer):
    """Plays a while, then moves like nobody may."""

    name = "cheat"

    def play(self, board: Board, *args: object, **kwargs: object) -> PlayResult:
        if len(board.move_stack) >= 8:
            return PlayResult(Move.from_uci("e0e9"))
        return super().play(board)


def test_a_cheat_forfeits_and_the_match_goes_on() -> None:
    score = MatchScore()
    for played in play_match(lambda seed: Cheat(seed), RANDOM, MatchSettings(games=6, seed=1)):
        score.add(played)
    assert (score.total.wins, score.total.draws, score.total.losses) == (0, 0, 6)
    assert score.terminations == {"illegal_move": 6}
    assert len(score.forfeits) == 6
    assert all(played.game.note is not None and "cheat" in played.game.note for played in score.forfeits)


def test_greedy_beats_random_clearly() -> None:
    score = MatchScore()
    for played in play_match(GREEDY, RANDOM, MatchSettings(games=40, seed=11)):
        score.add(played)
    assert score.total.wins >= 36
    assert score.total.losses == 0
    estimate = score.elo()
    assert estimate is not None
    assert estimate.low > 200


# The score


def result(index: int, points: float, termination: str = "checkmate", note: str | None = None) -> MatchGame:
    color = BLACK if index % 2 else RED
    winner = {1.0: color, 0.0: not color, 0.5: None}[points]
    return MatchGame(index, color, PlayedGame("a", "b", (Move(0, 9),) * 10, 2, winner, termination, note, 0.1))


def test_counts_add_up_in_any_order() -> None:
    points = [1, 1, 1, 0.5, 0.5, 0.5, 0, 1, 0.5, 0, 0, 0]
    games = [result(index, value) for index, value in enumerate(points)]
    random.Random(5).shuffle(games)
    score = MatchScore()
    for played in games:
        score.add(played)
    assert (score.total.wins, score.total.draws, score.total.losses, score.total.points) == (4, 4, 4, 6)
    assert (score.by_color[RED].wins, score.by_color[RED].draws, score.by_color[RED].losses) == (2, 2, 2)
    assert (score.by_color[BLACK].wins, score.by_color[BLACK].draws, score.by_color[BLACK].losses) == (2, 2, 2)
    assert score.pairs == (1, 1, 2, 1, 1)
    assert score.mean_plies == 10
    assert score.terminations == {"checkmate": 12}
    assert score.forfeits == []


def test_an_open_pair_makes_the_estimate_go_by_games() -> None:
    score = MatchScore()
    assert score.elo() is None
    assert score.mean_plies is None
    for index in range(40):
        score.add(result(index, index % 2))
    paired = score.elo()
    assert score.pairs == (0, 0, 20, 0, 0)
    score.add(result(40, 0.5))
    single = score.elo()
    assert score.pairs is None
    assert paired is not None
    assert single is not None
    assert paired.elo == single.elo == 0
    # A win and a loss in each pair say more than as many wins and losses of single games.
    assert paired.high < single.high


# Records


def test_a_record_tells_the_game() -> None:
    played = next(iter(play_match(GREEDY, RANDOM, SETTINGS)))
    record = game_record(played, date(2024, 3, 9))
    assert record.headers["Round"] == "1"
    assert record.headers["Date"] == "2024.03.09"
    assert (record.headers["Red"], record.headers["Black"]) == ("greedy", "random")
    assert record.headers["Result"] == played.game.result()
    assert record.headers["Termination"] == played.game.termination
    assert int(record.headers["PlyCount"]) == len(played.game.moves)
    assert int(record.headers["OpeningPlies"]) == played.game.opening_plies
    assert tuple(record.mainline_moves()) == played.game.moves


def test_a_record_tells_namesakes_apart_and_notes_forfeits() -> None:
    twins = list(play_match(lambda seed: GreedyPlayer(seed), GREEDY, MatchSettings(games=2, seed=1, max_plies=8)))
    names = [
        (record.headers["Red"], record.headers["Black"]) for record in (game_record(t, date.today()) for t in twins)
    ]
    assert names == [("greedy (A)", "greedy (B)"), ("greedy (B)", "greedy (A)")]
    (cheated,) = play_match(lambda seed: Cheat(seed), RANDOM, MatchSettings(games=1, seed=1))
    assert game_record(cheated, date.today()).end().comment == cheated.game.note
