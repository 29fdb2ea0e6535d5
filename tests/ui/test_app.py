from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import pygame
import pytest

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.players.base import PlayResult
from xiangqi_gpt.players.remote import Answer, Failure, Ready, Report
from xiangqi_gpt.records import read_games
from xiangqi_gpt.rules.pieces import BLACK, RED
from xiangqi_gpt.rules.squares import parse_square
from xiangqi_gpt.ui.app import App
from xiangqi_gpt.ui.dialog import _places, banner_rect
from xiangqi_gpt.ui.layout import Action
from xiangqi_gpt.ui.opponent import Opponent
from xiangqi_gpt.ui.panel import move_rows, spoken
from xiangqi_gpt.ui.scene import Look
from xiangqi_gpt.ui.state import Table, new_table, play

pytestmark = pytest.mark.usefixtures("display")

# Red mates by a2-a9.
MATE_IN_ONE = "3k5/1R7/9/9/9/9/9/R8/9/4K4 w - - 0 1"


class FakePlayer:
    """Answers at once what it is told to: ``replies`` by the number of moves played; None where it thinks on."""

    def __init__(self, replies: dict[int, Report | str | None], loads: bool = True) -> None:
        self.replies, self.reports = replies, [Ready("fake")] if loads else []
        self.asked: list[str] = []
        self.cancelled = self.closed = 0
        self._count = 0

    def start(self, board: Board) -> int:
        self._count += 1
        self.asked.append(board.fen())
        reply = self.replies.get(len(board.move_stack))
        if isinstance(reply, str):
            reply = Answer(self._count, PlayResult(Move.from_uci(reply) if reply else None))
        if reply is not None:
            self.reports.append(reply)
        return self._count

    def poll(self) -> list[Report]:
        reports, self.reports = self.reports, []
        return reports

    def cancel(self) -> None:
        self.cancelled += 1

    def close(self) -> None:
        self.closed += 1


class Window:
    """An app with hands: clicks, keys, and a clock that leaps so that no movement lasts."""

    def __init__(self, table: Table, player: FakePlayer, lang: str = "en") -> None:
        ticks = itertools.count()
        self.players: list[tuple[str, float]] = []

        def open_player(spec: str, temperature: float) -> FakePlayer:
            self.players.append((spec, temperature))
            return player

        self.now = 0.0
        look = Look("zh" if lang == "zh" else "en", flipped=table.person == BLACK)
        self.app = App(
            table,
            Opponent(open_player, "greedy", 0.3),
            look,
            chance=random.Random(1),
            clock=lambda: self.now + 0.001 * next(ticks),
        )
        self.steps(2)

    def steps(self, count: int = 4) -> None:
        for _ in range(count):
            self.app.step(wait=False)
            self.now += 0.3

    def post(self, kind: int, **fields: object) -> None:
        pygame.event.post(pygame.event.Event(kind, **fields))

    def mouse(self, kind: int, point: tuple[int, int]) -> None:
        self.post(pygame.MOUSEMOTION, pos=point, rel=(0, 0), buttons=(0, 0, 0))
        self.post(kind, pos=point, button=1)

    def click(self, point: tuple[int, int]) -> None:
        self.mouse(pygame.MOUSEBUTTONDOWN, point)
        self.mouse(pygame.MOUSEBUTTONUP, point)
        self.steps()

    def click_square(self, name: str) -> None:
        self.click(self.app.layout.point(parse_square(name)))

    def move(self, text: str) -> None:
        self.click_square(text[:2])
        self.click_square(text[2:])

    def drag(self, text: str) -> None:
        layout = self.app.layout
        self.mouse(pygame.MOUSEBUTTONDOWN, layout.point(parse_square(text[:2])))
        self.app.step(wait=False)
        self.mouse(pygame.MOUSEBUTTONUP, layout.point(parse_square(text[2:])))
        self.steps()

    def key(self, key: int, mod: int = 0) -> None:
        self.post(pygame.KEYDOWN, key=key, mod=mod, unicode="")
        self.steps()

    def button(self, action: Action) -> None:
        self.click(dict(self.app.layout.buttons)[action].center)

    def choose(self, row: str, choice: str | float) -> None:
        assert self.app.dialog is not None
        places = dict(_places(self.app.layout, self.app.dialog))
        self.click(next(rect for button, rect in places.items() if button == (row, choice)).center)

    @property
    def moves(self) -> list[str]:
        return [move.uci() for move in self.app.table.board.move_stack]

    @property
    def says(self) -> str:
        return spoken(self.app.scene())[0]


def test_a_person_plays_and_the_opponent_answers() -> None:
    player = FakePlayer({1: "h9g7", 3: "i9h9"})
    window = Window(new_table(Board(), RED), player)
    assert window.says == "Your move, Red begins."
    window.move("h2e2")
    assert window.moves == ["h2e2", "h9g7"]
    window.drag("h0g2")
    assert window.moves == ["h2e2", "h9g7", "h0g2", "i9h9"]
    assert window.says == "Your move."
    assert move_rows(window.app.table, Look("zh", traditional=False))[1] == (2, "马二进三", "车９平８")
    # Asked once about each position, and no more.
    assert len(player.asked) == 2


def test_the_opponent_begins_when_the_person_has_black() -> None:
    window = Window(new_table(Board(), BLACK), FakePlayer({0: "h2e2"}))
    window.steps()
    assert window.moves == ["h2e2"]
    assert window.app.look.flipped
    window.move("h9g7")
    assert window.moves == ["h2e2", "h9g7"]
    assert window.says == "The opponent is thinking."


def test_mate_is_announced_and_the_banner_goes_on_a_click() -> None:
    window = Window(new_table(Board(MATE_IN_ONE), RED), FakePlayer({}), "zh")
    window.move("a2a9")
    assert window.app.scene().announced
    assert window.says == "红方将死对方获胜。"
    window.click(banner_rect(window.app.layout).center)
    assert not window.app.scene().announced
    assert window.app.table.is_over


def test_an_illegal_answer_is_not_played_but_told() -> None:
    player = FakePlayer({1: "h9h5"})
    window = Window(new_table(Board(), RED), player)
    window.move("h2e2")
    assert window.moves == ["h2e2"]
    assert "answered with h9h5, which is no legal move" in window.says
    assert window.app.opponent.status == "failed"
    assert len(player.asked) == 1
    # Taking back mends it.
    player.replies[1] = "h9g7"
    window.button("undo")
    window.move("h2e2")
    assert window.moves == ["h2e2", "h9g7"]


def test_an_opponent_may_give_up() -> None:
    window = Window(new_table(Board(), RED), FakePlayer({1: ""}))
    window.move("h2e2")
    assert window.says == "Red wins: Black resigned."


def test_undo_while_the_opponent_thinks_cancels_the_question() -> None:
    player = FakePlayer({})
    window = Window(new_table(Board(), RED), player)
    window.move("h2e2")
    assert window.app.opponent.status == "thinking"
    window.key(pygame.K_z, pygame.KMOD_CTRL)
    assert window.moves == []
    assert player.cancelled == 1
    assert window.app.opponent.status == "ready"


def test_resigning_takes_two_presses() -> None:
    window = Window(new_table(Board(), RED), FakePlayer({}))
    window.button("resign")
    assert not window.app.table.is_over
    assert "once more" in window.says
    window.now += 60
    window.steps(1)
    assert window.says == "Your move, Red begins."
    window.button("resign")
    assert not window.app.table.is_over
    window.button("resign")
    assert window.says == "Black wins: Red resigned."


def test_a_new_game_from_the_dialog() -> None:
    player = FakePlayer({0: "b0c2", 1: "h9g7"})
    window = Window(new_table(Board(), RED), player)
    window.move("h2e2")
    window.button("new")
    window.choose("side", "black")
    window.choose("opponent", "gpt")
    window.choose("temperature", 0.8)
    window.choose("do", "start")
    window.steps()
    assert window.app.dialog is None
    assert window.players == [("greedy", 0.3), ("gpt", 0.8)]
    assert window.app.table.person == BLACK
    assert window.app.look.flipped
    assert window.moves == ["b0c2"]
    # Escape closes the dialog and changes nothing; Enter starts.
    window.key(pygame.K_n)
    window.key(pygame.K_ESCAPE)
    assert window.app.dialog is None
    assert window.moves == ["b0c2"]
    window.key(pygame.K_n)
    window.choose("side", "red")
    window.key(pygame.K_RETURN)
    assert window.app.table.person == RED
    assert window.moves == []
    assert len(window.players) == 2


def test_an_opponent_that_cannot_be_opened_says_why_in_either_language() -> None:
    player = FakePlayer({}, loads=False)
    window = Window(new_table(Board(), RED), player)
    assert window.app.opponent.status == "loading"
    player.reports.append(Failure(None, "players.spec_unknown", {"spec": "nobody", "choices": "gpt"}))
    window.steps()
    assert window.says == "There is no player 'nobody': give one of gpt."
    window.key(pygame.K_l)
    assert window.says == "没有名为 'nobody' 的棋手：可用的有 gpt。"
    assert player.closed == 1
    # The window lives on: the person may move, and a new game opens the player anew.
    window.move("h2e2")
    assert window.moves == ["h2e2"]
    player.reports.append(Ready("fake"))
    window.key(pygame.K_n)
    window.key(pygame.K_RETURN)
    assert window.app.opponent.status == "ready"


def test_the_board_can_be_turned_and_its_script_changed() -> None:
    window = Window(new_table(Board(), RED), FakePlayer({}))
    a0 = window.app.layout.point(parse_square("a0"))
    window.key(pygame.K_f)
    assert window.app.layout.point(parse_square("i9")) == a0
    window.key(pygame.K_t)
    assert not window.app.look.traditional


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The clipboard holds no text: copy a FEN first."),
        ("3kk4/9/9/9/9/9/9/9/9/4K4 w", "The FEN has 1 red and 2 black generals: each side needs exactly one."),
        ("4k4/9/9/9/9/9/9/9/9/4K4 w", "This position cannot be played: the generals face each other on an open file."),
    ],
)
def test_pasting_what_is_no_position_is_refused(monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    _clipboard(monkeypatch, text)
    window = Window(new_table(Board(), RED), FakePlayer({}))
    window.key(pygame.K_v, pygame.KMOD_CTRL)
    assert window.says == said
    assert window.app.table.board == Board()


def _clipboard(monkeypatch: pytest.MonkeyPatch, text: str) -> Callable[[], str]:
    held = [text]
    monkeypatch.setattr(pygame.scrap, "put_text", lambda new: held.__setitem__(0, new))
    monkeypatch.setattr(pygame.scrap, "get_text", lambda: held[0])
    monkeypatch.setattr(pygame.scrap, "has_text", lambda: bool(held[0]))
    return lambda: held[0]


def test_positions_are_copied_and_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    held = _clipboard(monkeypatch, MATE_IN_ONE)
    window = Window(new_table(Board(), RED), FakePlayer({}))
    window.key(pygame.K_v, pygame.KMOD_CTRL)
    assert window.app.table.board.fen() == MATE_IN_ONE
    window.move("a2a9")
    window.key(pygame.K_c, pygame.KMOD_CTRL)
    assert held() == "R2k5/1R7/9/9/9/9/9/9/9/4K4 b - - 1 1"


def test_games_are_saved(tmp_path: Path) -> None:
    window = Window(new_table(Board(), RED), FakePlayer({}))
    window.app._games = tmp_path / "games"

    def notice() -> str:
        assert window.app.table.notice is not None
        return window.app.table.notice.code

    window.key(pygame.K_s, pygame.KMOD_CTRL)
    assert notice() == "ui.nothing_to_save"
    window.move("h2e2")
    window.key(pygame.K_r)
    window.key(pygame.K_r)
    window.key(pygame.K_s, pygame.KMOD_CTRL)
    [file] = (tmp_path / "games").iterdir()
    assert notice() == "ui.game_saved"
    [game] = read_games(file)
    assert [move.uci() for move in game.mainline_moves()][:1] == ["h2e2"]
    assert (game.headers["Red"], game.headers["Black"], game.result) == ("human", "greedy", "0-1")
    (tmp_path / "file").touch()
    window.app._games = tmp_path / "file"
    window.key(pygame.K_s, pygame.KMOD_CTRL)
    assert notice() == "ui.save_failed"


def test_the_move_list_scrolls_and_follows_new_moves() -> None:
    window = Window(_long_game(60), FakePlayer({}))
    middle = window.app.layout.moves.center
    window.post(pygame.MOUSEMOTION, pos=middle, rel=(0, 0), buttons=(0, 0, 0))
    window.post(pygame.MOUSEWHEEL, x=0, y=3)
    window.steps(1)
    first = window.app.scene().scroll
    assert first is not None
    window.post(pygame.MOUSEWHEEL, x=0, y=100)
    window.steps(1)
    assert window.app.scene().scroll == 0
    window.post(pygame.MOUSEWHEEL, x=0, y=-100)
    window.steps(1)
    assert window.app.scene().scroll is None
    window.post(pygame.MOUSEWHEEL, x=0, y=100)
    window.steps(1)
    mover = next(iter(window.app.table.board.legal_moves))
    window.move(mover.uci())
    assert window.app.scene().scroll is None


def _long_game(plies: int) -> Table:
    table, chance = new_table(Board(), RED), random.Random(7)
    while len(table.texts) < plies:
        quiet = [move for move in table.board.legal_moves if not table.board.is_capture(move)]
        table = play(table, chance.choice(quiet))
    return table


def test_closing_the_window_ends_the_loop_and_the_opponent() -> None:
    player = FakePlayer({})
    window = Window(new_table(Board(), RED), player)
    window.post(pygame.QUIT)
    window.app.run()
    window.app.close()
    assert player.closed == 1
