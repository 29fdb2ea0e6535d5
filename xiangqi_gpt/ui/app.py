"""The event loop: turns what the person and the opponent do into the next table, and draws it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pygame

from xiangqi_gpt.board import Board
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.notation.errors import IllegalMoveError
from xiangqi_gpt.players.base import PlayResult
from xiangqi_gpt.players.remote import PlayerError
from xiangqi_gpt.rules.pieces import BLACK, RED, Color
from xiangqi_gpt.ui import clipboard
from xiangqi_gpt.ui.animation import Motion, motion_between, placement
from xiangqi_gpt.ui.dialog import TEMPERATURES, banner_rect, choose, dialog_button_at
from xiangqi_gpt.ui.layout import Action, Layout, Point, make_layout
from xiangqi_gpt.ui.opponent import Opponent
from xiangqi_gpt.ui.panel import move_rows, opponent_name, rows_shown
from xiangqi_gpt.ui.saving import games_folder, save_game
from xiangqi_gpt.ui.scene import Dialog, Look, Scene, SideChoice
from xiangqi_gpt.ui.sound import Sounds
from xiangqi_gpt.ui.state import (
    Notice,
    Table,
    answer,
    drop_selection,
    new_table,
    press,
    release,
    resign,
    set_up,
    undo,
    with_notice,
)
from xiangqi_gpt.ui.view import Painter

__all__ = ["App", "draw_side"]

_KEYS: dict[int, Action] = {
    pygame.K_n: "new",
    pygame.K_u: "undo",
    pygame.K_r: "resign",
    pygame.K_f: "flip",
    pygame.K_t: "script",
    pygame.K_l: "language",
}
_NOTICE_SECONDS = 5.0
_BUSY_MS, _IDLE_MS = 8, 40  # how long the loop waits for an event


def draw_side(side: SideChoice, chance: random.Random) -> Color:
    """The colour of a choice of side."""
    return chance.choice((RED, BLACK)) if side == "random" else side == "red"


def _display() -> pygame.Surface:
    surface = pygame.display.get_surface()
    assert surface is not None  # opened before the App was made
    return surface


class App:
    """A window's life: call :meth:`run`, or :meth:`step` again and again."""

    def __init__(
        self,
        table: Table,
        opponent: Opponent,
        look: Look,
        *,
        side: SideChoice = "red",
        offered: tuple[str, ...] = ("gpt", "greedy", "random"),
        temperatures: tuple[float, ...] = TEMPERATURES,
        sounds: Sounds | None = None,
        games: Path | None = None,
        chance: random.Random | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Play on the display that pygame has open.

        Args:
            table: the game to begin with.
            opponent: the player across the board; closed by :meth:`close`.
            look: language and looks.
            side: the choice of side that the first game came from, offered for the next.
            offered: the specs of opponents to choose from.
            temperatures: the temperatures to choose from.
            sounds: what to hear, or None for silence.
            games: the folder where games are saved; one in the home folder when left out.
            chance: draws the side by lot.
            clock: the time in seconds.
        """
        self.table, self.opponent, self.look = table, opponent, look
        self.dialog: Dialog | None = None
        self.running = True
        self._side, self._sounds = side, sounds
        self._offered, self._temperatures = offered, temperatures
        self._games = games or games_folder()
        self._chance, self._clock = chance or random.Random(), clock
        self._painter = Painter()
        self._motion = Motion()
        self._pointer: Point | None = None
        self._scroll: int | None = None
        self._announced = table.is_over
        self._notice_until = self._resign_until = 0.0
        self._layout_of: tuple[tuple[int, int], bool] | None = None
        self._drawn: Scene | None = None
        self._hand = False
        pygame.key.stop_text_input()  # keys are commands: an input method must not swallow them

    # The loop

    def run(self) -> None:
        """Live until the window is closed."""
        while self.running:
            self.step()

    def close(self) -> None:
        """End the opponent."""
        self.opponent.close()

    def step(self, *, wait: bool = True) -> None:
        """Handle what has happened, let the opponent move, and draw if anything looks different.

        With ``wait``, a moment is spent waiting for an event when there is none.
        """
        if wait:
            busy = self._motion.is_running(self._clock())
            self.handle(pygame.event.wait(_BUSY_MS if busy else _IDLE_MS))
        for event in pygame.event.get():
            self.handle(event)
        self._advance()
        scene = self.scene()
        if scene != self._drawn:
            self._painter.draw(_display(), scene)
            pygame.display.flip()
            self._drawn = scene
            self._set_cursor()

    def scene(self) -> Scene:
        """The window as it looks now."""
        now = self._clock()
        moving = self._motion.is_running(now)
        return Scene(
            self.table,
            self.look,
            self.layout,
            self.opponent.spec,
            status=self.opponent.status,
            trouble=self.opponent.error,
            pointer=self._pointer,
            motion=self._motion if moving else Motion(),
            scroll=self._scroll,
            dialog=self.dialog,
            announced=self._announced and not moving,
            now=now if moving else 0.0,
        )

    @property
    def layout(self) -> Layout:
        """Where things stand in the window now."""
        key = (_display().get_size(), self.look.flipped)
        if self._layout_of != key:
            self._layout_of, self._layout = key, make_layout(*key)
        return self._layout

    def _advance(self) -> None:
        now = self._clock()
        notice = self.table.notice
        if notice is not None and notice.error is None and now > self._notice_until:
            self.table = with_notice(self.table, None)
        if self._motion.is_running(now):
            return  # the opponent waits until the person's move has been seen
        try:
            result = self.opponent.follow(self.table)
        except PlayerError as error:
            self.opponent.fail(error)
            return
        if result is not None:
            self._take_answer(result)

    def _take_answer(self, result: PlayResult) -> None:
        try:
            self._show(answer(self.table, result.move))
        except IllegalMoveError:
            name = opponent_name(self.opponent.spec, self.look.lang)
            self.opponent.fail(PlayerError("ui.opponent_illegal", name=name, move=result.move))

    def _show(self, table: Table, *, slide: bool = True) -> None:
        """Put another table in the place of the present one: what changed on the board moves there."""
        if table is self.table:
            return
        before, after = placement(self.table.board), placement(table.board)
        if before != after:
            self._motion = motion_between(before, after, self._clock()) if slide else Motion()
            self._scroll = None
            if self._sounds is not None and len(table.texts) > len(self.table.texts):
                self._sounds.play(capture=sum(map(bool, after)) < sum(map(bool, before)))
        if table.is_over != self.table.is_over:
            self._announced = table.is_over
        if table.notice is not self.table.notice:
            self._notice_until = self._clock() + _NOTICE_SECONDS
        self._resign_until = 0.0
        self.table = table

    def _tell(self, notice: Notice) -> None:
        self._show(with_notice(self.table, notice))

    # Events

    def handle(self, event: pygame.event.Event) -> None:
        """Do what an event asks for."""
        match event.type:
            case pygame.QUIT:
                self.running = False
            case pygame.MOUSEMOTION:
                self._pointer = event.pos
            case pygame.WINDOWLEAVE:
                if not self.table.held:
                    self._pointer = None
            case pygame.MOUSEBUTTONDOWN if event.button == 1:
                self._pointer = event.pos
                self._press(event.pos)
            case pygame.MOUSEBUTTONDOWN if event.button == 3:
                self.table = drop_selection(self.table)
            case pygame.MOUSEBUTTONUP if event.button == 1:
                self._pointer = event.pos
                self._show(release(self.table, self.layout.square_at(event.pos)), slide=False)
            case pygame.MOUSEWHEEL:
                self._wheel(event.y)
            case pygame.KEYDOWN:
                self._key(event)
            case pygame.WINDOWEXPOSED | pygame.WINDOWSIZECHANGED:
                self._drawn = None

    def _press(self, point: Point) -> None:
        if self.dialog is not None:
            self._press_dialog(self.dialog, point)
        elif self._announced and banner_rect(self.layout).collidepoint(point):
            self._announced = False
        elif (action := self.layout.action_at(point)) is not None:
            self._act(action)
        else:
            self._show(press(self.table, self.layout.square_at(point)))

    def _press_dialog(self, dialog: Dialog, point: Point) -> None:
        button = dialog_button_at(self.layout, dialog, point)
        if button == ("do", "start"):
            self._start(dialog)
        elif button == ("do", "cancel"):
            self.dialog = None
        elif button is not None:
            self.dialog = choose(dialog, button)

    def _key(self, event: pygame.event.Event) -> None:
        control = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
        if self.dialog is not None:
            if event.key == pygame.K_ESCAPE:
                self.dialog = None
            elif event.key in (pygame.K_RETURN, pygame.K_KP_ENTER):
                self._start(self.dialog)
        elif control:
            match event.key:
                case pygame.K_c:
                    self._copy()
                case pygame.K_v:
                    self._paste()
                case pygame.K_s:
                    self._save()
                case pygame.K_z:
                    self._act("undo")
                case pygame.K_q | pygame.K_w:
                    self.running = False
        elif event.key == pygame.K_ESCAPE:
            self._announced = False
            self._show(drop_selection(with_notice(self.table, None)))
        elif event.key in _KEYS:
            self._act(_KEYS[event.key])

    def _wheel(self, steps: int) -> None:
        if self.dialog is not None or self._pointer is None or not self.layout.moves.collidepoint(self._pointer):
            return
        last = max(0, len(move_rows(self.table, self.look)) - rows_shown(self.layout))
        first = min(max((last if self._scroll is None else self._scroll) - steps, 0), last)
        self._scroll = None if first == last else first

    def _set_cursor(self) -> None:
        point, layout = self._pointer, self.layout
        hand = False
        if point is not None and self.dialog is not None:
            hand = dialog_button_at(layout, self.dialog, point) is not None
        elif point is not None:
            sq = layout.square_at(point)
            piece = None if sq is None else self.table.board.piece_at(sq)
            own = self.table.is_persons_turn and piece is not None and piece.color == self.table.person
            hand = layout.action_at(point) is not None or own or sq in self.table.targets
        if hand != self._hand:
            self._hand = hand
            with suppress(pygame.error):  # not every system has these cursors
                pygame.mouse.set_cursor(pygame.SYSTEM_CURSOR_HAND if hand else pygame.SYSTEM_CURSOR_ARROW)

    # Actions

    def _act(self, action: Action) -> None:
        match action:
            case "new":
                now = self.opponent
                self.dialog = Dialog(self._side, now.spec, now.temperature, self._offered, self._temperatures)
                self.table = drop_selection(self.table)
            case "undo":
                self._show(undo(self.table))
            case "resign":
                self._resign()
            case "flip":
                self.look = replace(self.look, flipped=not self.look.flipped)
            case "script":
                self.look = replace(self.look, traditional=not self.look.traditional)
            case "language":
                self.look = replace(self.look, lang="en" if self.look.lang == "zh" else "zh")

    def _resign(self) -> None:
        """Give up, when asked to a second time."""
        if self.table.is_over:
            return
        if self._clock() < self._resign_until:
            self._show(resign(self.table, self.table.person))
        else:
            self._tell(Notice("ui.resign_sure"))
            self._resign_until = self._notice_until

    def _start(self, dialog: Dialog) -> None:
        """A new game as chosen in the dialog."""
        self.dialog = None
        self._side = dialog.side
        chosen = dialog.opponent, dialog.temperature
        if chosen != (self.opponent.spec, self.opponent.temperature) or self.opponent.is_lost:
            self.opponent.reopen(*chosen)
        self._seat(new_table(Board(), draw_side(dialog.side, self._chance)))

    def _seat(self, table: Table) -> None:
        """Begin another game, the person at the bottom of the board."""
        self._announced = table.is_over
        self._show(table)
        self.look = replace(self.look, flipped=table.person == BLACK)

    def _copy(self) -> None:
        try:
            clipboard.put(self.table.board.fen())
        except XiangqiError as error:
            self._tell(Notice.of(error))
        else:
            self._tell(Notice("ui.fen_copied"))

    def _save(self) -> None:
        try:
            file = save_game(self.table, self.opponent.spec, self._games, datetime.now())
        except XiangqiError as error:
            self._tell(Notice.of(error))
        else:
            self._tell(Notice("ui.game_saved", file=str(file)))

    def _paste(self) -> None:
        try:
            table = set_up(clipboard.get(), self.table.person)
        except XiangqiError as error:
            self._tell(Notice.of(error))
        else:
            self._seat(with_notice(table, Notice("ui.fen_pasted")))
