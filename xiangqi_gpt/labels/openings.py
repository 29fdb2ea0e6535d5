"""Openings of engine games: the first plies of given games, or ones of our own making that are balanced."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from itertools import islice

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.messages import XiangqiError
from xiangqi_gpt.players.base import Limit
from xiangqi_gpt.players.engine_info import EngineInfo
from xiangqi_gpt.players.engine_process import EngineError
from xiangqi_gpt.players.uci import SimpleEngine
from xiangqi_gpt.records.game import Game

__all__ = ["balanced_opening", "begin_as", "opening_lines"]

_LOOK = Limit(nodes=600)  # at a position on the way
_CHECK = Limit(nodes=3_000)  # at the last one
_CANDIDATES = 6
_MOST_RANDOM = 0.3  # of an opening's moves
_TEMPERATURES = (0.2, 1.0)  # in pawns
_ON_THE_WAY = 1.5  # times the bound of the last position
# People's usual first moves, of which an engine that looks a few plies ahead makes little; as often as these weights.
_FIRST_MOVES = {"h2e2": 10, "c3c4": 4, "g0e2": 4, "h0g2": 2, "h2d2": 1, "h2f2": 1, "h2g2": 1}
_USUAL_FIRST = 0.6  # of the openings
_TRIES = 100  # to find an opening
_LOOKS = 4  # for each ply, in all; then the opening is begun again


def opening_lines(games: Iterable[Game], plies: int) -> list[tuple[int, ...]]:
    """The first plies, at most so many, of the games from the usual start, as kernel moves."""
    return [tuple(move.code for move in islice(game.mainline_moves(), plies)) for game in games if not game.is_setup()]


def begin_as(line: Iterable[int], plies: int) -> Board:
    """A board after the first plies of a line, fewer where the game would be over."""
    board = Board()
    for code in islice(line, plies):
        board.push(Move.from_code(code))
    while board.outcome() is not None:
        board.pop()
    return board


def _centipawns(info: EngineInfo) -> int:
    return 0 if info.score is None else info.score.centipawns()


def _look(engine: SimpleEngine, board: Board, limit: Limit, game: object, *, multipv: int = 1) -> list[EngineInfo]:
    """The engine's thoughts on a position; one that sees no move here where there are some does not know it."""
    lines = engine.analyse(board, limit, multipv=multipv, game=game)
    if not lines:
        raise EngineError("labels.no_move", engine=engine.name, fen=board.fen())
    return lines


def _draw(draws: random.Random, lines: list[EngineInfo], temperature: float) -> Move:
    """One of the engine's moves, the likelier the better it is."""
    best = _centipawns(lines[0])
    weights = [math.exp(min(0.0, (_centipawns(info) - best) / 100 / temperature)) for info in lines]
    return draws.choices(lines, weights)[0].pv[0]


def _first_move(draws: random.Random) -> Move:
    move = Move.from_uci(draws.choices([*_FIRST_MOVES], [*_FIRST_MOVES.values()])[0])
    return move.flip_horizontal() if draws.random() < 0.5 else move


def balanced_opening(engine: SimpleEngine, draws: random.Random, plies: int, bound: float, game: object) -> Board:
    """A board after ``plies`` varied moves that leave neither side more than ``bound`` pawns ahead.

    The first move is often a usual one of people's. The others are drawn from the engine's best few at
    a short look, and some are random legal ones; those that cost too much are taken back.

    Args:
        engine: looks at the positions.
        draws: decides, beside the engine.
        plies: how many.
        bound: in pawns.
        game: what the engine is told the game is.

    Raises:
        EngineError: the engine fails.
        XiangqiError: it finds hardly any opening balanced.
    """
    for _ in range(_TRIES):
        board = Board()
        randomness = draws.uniform(0, _MOST_RANDOM)
        temperature = draws.uniform(*_TEMPERATURES)
        if plies and draws.random() < _USUAL_FIRST:
            board.push(_first_move(draws))
        for _ in range(_LOOKS * plies):
            if len(board.move_stack) == plies:
                break
            if board.outcome() is not None:
                board.pop()
                continue
            if draws.random() < randomness:
                board.push(draws.choice(list(board.legal_moves)))
                continue
            lines = _look(engine, board, _LOOK, game, multipv=_CANDIDATES)
            if board.move_stack and abs(_centipawns(lines[0])) > 100 * _ON_THE_WAY * bound:
                board.pop()
            else:
                board.push(_draw(draws, lines, temperature))
        if len(board.move_stack) == plies and board.outcome() is None:
            lines = _look(engine, board, _CHECK, game)
            if abs(_centipawns(lines[0])) <= 100 * bound:
                return board
    raise XiangqiError("labels.no_balance", engine=engine.name, bound=bound)
