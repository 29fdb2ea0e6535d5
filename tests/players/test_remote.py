from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.players.base import Info, Limit, PlayResult
from xiangqi_gpt.players.remote import Answer, Failure, PlayerError, Progress, Ready, RemotePlayer, Report
from xiangqi_gpt.players.spec import open_player

FIRST, SECOND = Move.from_uci("h2e2"), Move.from_uci("b2e2")


class Scripted:
    """Does what the limit's depth says; made in the worker's process."""

    name = "scripted"

    def play(
        self,
        board: Board,
        limit: Limit = Limit(),
        *,
        stop: threading.Event | None = None,
        on_progress: Callable[[Info], None] | None = None,
    ) -> PlayResult:
        assert stop is not None
        assert on_progress is not None
        match limit.depth:
            case 1:  # think until stopped
                on_progress(Info(depth=1))
                stop.wait()
                return PlayResult(FIRST)
            case 2:
                raise ValueError("no idea")
            case 3:
                os._exit(3)
            case 4:  # never heed a stop
                on_progress(Info())
                threading.Event().wait()
        return PlayResult(SECOND, Info(nodes=len(board.move_stack)))

    def close(self) -> None:
        pass


def unopened() -> Scripted:
    raise OSError("the disk is gone")


@pytest.fixture
def player() -> Iterator[RemotePlayer]:
    remote = RemotePlayer(Scripted, "someone")
    yield remote
    remote.close()


def reports_until(player: RemotePlayer, kind: type[Report]) -> list[Report]:
    reports: list[Report] = []
    while not any(isinstance(report, kind) for report in reports):
        player.wait(60)
        reports += player.poll()
    return reports


def test_questions_answers_progress_and_stops(player: RemotePlayer) -> None:
    assert (player.name, player.ready) == ("someone", False)
    board = Board()
    board.push_uci("h2e2")
    board.push_uci("h9g7")
    before = board.fen()
    # Asked before the process is up: answered when it is.
    request = player.start(board)
    assert reports_until(player, Answer) == [
        Ready("scripted"),
        Answer(request, PlayResult(SECOND, Info(nodes=2))),
    ]
    assert (player.name, player.ready) == ("scripted", True)
    assert board.fen() == before
    # The blocking call of the Protocol, with progress and a stop.
    stop, seen = threading.Event(), []

    def on_progress(info: Info) -> None:
        seen.append(info)
        stop.set()

    assert player.play(board, Limit(depth=1), stop=stop, on_progress=on_progress) == PlayResult(FIRST)
    assert seen == [Info(depth=1)]
    assert player.play(board).move == SECOND


def test_of_a_cancelled_question_nothing_is_heard(player: RemotePlayer) -> None:
    player.start(Board(), Limit(depth=1))
    reports_until(player, Progress)
    player.cancel()
    second = player.start(Board())
    assert [report.request for report in reports_until(player, Answer)] == [second]
    # One that is cancelled before the process is up is never asked; asking anew cancels.
    player.start(Board(), Limit(depth=1))
    third = player.start(Board())
    assert [report.request for report in reports_until(player, Answer) if isinstance(report, Answer)] == [third]


def test_a_failed_answer_is_one_sentence_and_the_player_can_be_asked_again(player: RemotePlayer) -> None:
    with pytest.raises(PlayerError) as caught:
        player.play(Board(), Limit(depth=2))
    assert caught.value.text("en") == "The player failed: ValueError: no idea."
    assert player.play(Board()).move == SECOND


def test_a_process_that_dies_is_reported_once(player: RemotePlayer) -> None:
    player.start(Board(), Limit(depth=3))
    failure = reports_until(player, Failure)[-1]
    assert isinstance(failure, Failure)
    assert failure.request is None
    assert (
        failure.error().text("en").startswith("The process of the player scripted ended unexpectedly (exit status 3)")
    )
    assert player.poll() == []
    with pytest.raises(PlayerError):
        player.start(Board())


def test_closing_ends_a_process_that_does_not_listen(player: RemotePlayer) -> None:
    player.start(Board(), Limit(depth=4))
    reports_until(player, Progress)
    process = player._process
    pid = process.pid
    assert pid is not None
    player.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    player.close()  # harmless


def test_errors_of_opening_come_with_code_and_fields() -> None:
    remote = RemotePlayer(partial(open_player, "nobody"), "nobody")
    with pytest.raises(PlayerError) as caught:
        remote.play(Board())
    assert caught.value.code == "players.spec_unknown"
    assert "'nobody'" in caught.value.text("en")
    assert "没有名为" in caught.value.text("zh")
    assert not remote.ready


def test_other_errors_of_opening_are_one_sentence() -> None:
    remote = RemotePlayer(unopened, "someone")
    with pytest.raises(PlayerError, match="OSError: the disk is gone"):
        remote.play(Board())
