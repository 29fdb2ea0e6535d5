"""Features against plain code on a Board, position by position."""

from __future__ import annotations

import random

import numpy as np
import pytest

from xiangqi_gpt import BLACK, RED, Board, Color
from xiangqi_gpt.encoding.attacks import count_attackers
from xiangqi_gpt.encoding.batch import View, Window, encode_batch
from xiangqi_gpt.encoding.features import ATTACKED, DEFENDED, EN_PRISE, ENEMY_MOVES, OWN_MOVES
from xiangqi_gpt.encoding.vocabulary import BOS_ID, MOVE_CODE, MOVE_ID
from xiangqi_gpt.rules.pieces import ADVISOR, CANNON, ELEPHANT, GENERAL, HORSE, PAWN, ROOK
from xiangqi_gpt.rules.squares import flip_square, rotate_square

EVERYTHING = View(board=True, tactics=True, legal=True, exchanges=True)


def random_game(seed: int, plies: int, fen: str | None = None) -> Board:
    rng = random.Random(seed)
    board = Board(fen) if fen else Board()
    for _ in range(plies):
        moves = list(board.legal_moves)
        if not moves:
            break
        board.push(rng.choice(moves))
    return board


def move_ids(board: Board) -> np.ndarray:
    return np.array([MOVE_ID[move.from_square, move.to_square] for move in board.move_stack], np.uint16)


def view_square(sq: int, mover: Color, flip: bool) -> int:
    sq = sq if mover == RED else rotate_square(sq)
    return flip_square(sq) if flip else sq


def view_id(origin: int, target: int, mover: Color, flip: bool) -> int:
    return int(MOVE_ID[view_square(origin, mover, flip), view_square(target, mover, flip)])


VALUE = {PAWN: 3, ADVISOR: 4, ELEPHANT: 4, HORSE: 8, CANNON: 9, ROOK: 18, GENERAL: 400}


def takers(board: Board, sq: int, side: Color, without: tuple[int, ...] = ()) -> list[int]:
    """The kinds of the pieces of a side that attack a point, cheapest first; generals' facing is no attack."""
    found = [
        board.piece_at(origin).piece_type  # type: ignore[union-attr]
        for origin in board.attackers(side, sq)
        if origin not in without and not (origin == board.general(side) and sq == board.general(not side))
    ]
    return sorted(found, key=VALUE.__getitem__)


def best_of_taking(prize: int, first: list[int], second: list[int]) -> int:
    """What the side with the takers ``first`` wins on a point when it may stop at any time: plain minimax."""
    if not first or (first[0] == GENERAL and second):
        return 0
    return max(0, prize - best_of_taking(VALUE[first[0]], second, first[1:]))


def wins_by_taking(board: Board, sq: int, side: Color) -> bool:
    piece = board.piece_at(sq)
    assert piece is not None
    return best_of_taking(VALUE[piece.piece_type], takers(board, sq, side), takers(board, sq, not side)) > 0


def expected_exchange(board: Board, origin: int, target: int) -> int:
    mover = board.turn
    piece, captured = board.piece_at(origin), board.piece_at(target)
    assert piece is not None
    last = board.move_stack[-1] if board.move_stack else None
    own_last = board.move_stack[-2] if len(board.move_stack) > 1 else None
    history = 0
    if last is not None and target == last.to_square:
        before = board.copy()
        before.pop()
        history = 2 if before.piece_at(target) else 1
    elif own_last is not None and origin == own_last.to_square:
        history = 4 if target == own_last.from_square else 3
    prize = VALUE[captured.piece_type] if captured else 0
    answer = best_of_taking(
        VALUE[piece.piece_type], takers(board, target, not mover), takers(board, target, mover, (origin,))
    )
    value = prize - answer
    step = sum(value >= least for least in (-8, -3, 0, 1, 4, 9))
    after = board.copy()
    after.push(next(m for m in board.legal_moves if (m.from_square, m.to_square) == (origin, target)))
    threat, best = 0, 0
    for sq, victim in after.piece_map().items():
        if victim.color != mover and victim.piece_type != GENERAL and target in after.attackers(mover, sq):
            defended = bool(takers(board, sq, not mover))
            profit = VALUE[victim.piece_type] - (VALUE[piece.piece_type] if defended else 0)
            if profit > 0:
                threat, best = max((best, threat), (profit, victim.piece_type))[::-1]
    return ((history * 7 + step) * 7 + threat) * 2 + board.is_check()


def expected_features(board: Board, flip: bool) -> set[int]:
    mover = board.turn
    features = set()
    for sq, piece in board.piece_map().items():
        kind = piece.piece_type - 1 + (0 if piece.color == mover else 7)
        index = 90 * kind + view_square(sq, mover, flip)
        features.add(index)
        # Board.attackers also counts the generals' facing, which is no attack on other pieces.
        general_of = {color: board.general(color) for color in (RED, BLACK)}
        attackers = board.attackers(not piece.color, sq)
        if sq == general_of[piece.color]:
            attackers.discard(general_of[not piece.color])
        if attackers:
            features.add(ATTACKED + index)
        if board.attackers(piece.color, sq):
            features.add(DEFENDED + index)
        if sq != general_of[piece.color] and wins_by_taking(board, sq, not piece.color):
            features.add(EN_PRISE + index)
    for move in board.legal_moves:
        features.add(OWN_MOVES + view_id(move.from_square, move.to_square, mover, flip))
    other = Board(board.fen().replace(" w ", " x ").replace(" b ", " w ").replace(" x ", " b "))
    for move in other.pseudo_legal_moves:
        features.add(ENEMY_MOVES + view_id(move.from_square, move.to_square, mover, flip))
    return features


def expected_category(board: Board, origin: int, target: int) -> int:
    mover = board.turn
    piece, captured = board.piece_at(origin), board.piece_at(target)
    assert piece is not None
    covers = board.attackers(mover, target) - {origin}
    facts = (
        bool(board.attackers(not mover, target)),
        bool(covers),
        bool(board.attackers(not mover, origin)),
        bool(board.attackers(mover, origin)),
    )
    board.push(next(m for m in board.legal_moves if (m.from_square, m.to_square) == (origin, target)))
    facts += (board.is_check(),)
    board.pop()
    category = (piece.piece_type - 1) * 8 + (captured.piece_type if captured else 0)
    for fact in facts:
        category = 2 * category + fact
    return category


@pytest.mark.parametrize(("seed", "flip"), [(1, False), (2, True), (3, False), (4, True)])
def test_features_and_categories_of_random_games(seed: int, flip: bool) -> None:
    game = random_game(seed, 60)
    moves = move_ids(game)
    n = len(moves) + 1
    batch = encode_batch([Window(game.root().state, moves, 0, n, 0, flip)], EVERYTHING)
    board = game.root()
    ends = [*batch.feature_offsets[1:], len(batch.features)]
    for ply in range(n):
        features = batch.features[batch.feature_offsets[ply] : ends[ply]].tolist()
        assert len(set(features)) == len(features)
        assert set(features) == expected_features(board, flip)
        legal = {
            view_id(m.from_square, m.to_square, board.turn, flip): expected_category(board, m.from_square, m.to_square)
            for m in board.legal_moves
        }
        ids = batch.legal[ply]
        count = int((ids >= 0).sum())
        assert (ids[count:] == -1).all()
        assert dict(zip(ids[:count].tolist(), batch.categories[ply, :count].tolist(), strict=True)) == legal
        exchanges = {
            view_id(m.from_square, m.to_square, board.turn, flip): expected_exchange(board, m.from_square, m.to_square)
            for m in board.legal_moves
        }
        assert dict(zip(ids[:count].tolist(), batch.exchanges[ply, :count].tolist(), strict=True)) == exchanges
        if ply < len(moves):
            move = game.move_stack[ply]
            seen = view_id(move.from_square, move.to_square, board.turn, flip)
            assert ids[batch.targets[ply]] == seen
            board.push(move)
            assert batch.tokens[0, ply + 1] == seen
        else:
            assert batch.targets[ply] == -1
    assert batch.tokens[0, 0] == BOS_ID
    assert batch.positions == len(moves)


def test_a_cannon_attacks_over_one_screen_and_beyond_its_empty_points() -> None:
    board = Board("3k5/9/4p4/9/4P4/9/9/4C4/9/4K4 w")
    attackers = np.zeros(90, np.int64)
    count_attackers(board.state, 1, attackers, np.empty(17, np.int16))
    counts = [sum((int(attackers[sq]) >> 8 * kind) & 255 for kind in range(7)) for sq in range(90)]
    (cannon,) = board.pieces(CANNON, RED)
    attacked = {sq for sq in range(90) if cannon in board.attackers(RED, sq)}
    assert attacked == {58, 67}  # e6 (empty, behind the screen on e5) and e7 (the pawn)
    assert counts[58] == 2  # the pawn on e5 attacks it as well
    assert counts[67] == 1


def test_turned_and_mirrored_games_look_the_same() -> None:
    """Black's view of a position is Red's view of the same position with the colours swapped."""
    for seed in range(20):
        board = random_game(seed, 31)
        board = Board(board.fen())
        swapped = board.mirror().flip_horizontal()  # mirrored twice: turned by 180 degrees, colours swapped
        empty = np.empty(0, np.uint16)
        one = encode_batch([Window(board.state, empty, 0, 1, 0)], EVERYTHING)
        two = encode_batch([Window(swapped.state, empty, 0, 1, 0)], EVERYTHING)
        assert set(one.features.tolist()) == set(two.features.tolist())
        assert set(one.legal[0].tolist()) == set(two.legal[0].tolist())
        flipped = encode_batch([Window(board.flip_horizontal().state, empty, 0, 1, 0, flip=True)], EVERYTHING)
        assert set(one.features.tolist()) == set(flipped.features.tolist())


def test_a_window_shows_what_the_whole_game_shows() -> None:
    game = random_game(9, 50)
    moves = move_ids(game)
    whole = encode_batch([Window(game.root().state, moves, 0, len(moves), 0)], EVERYTHING)
    part = encode_batch([Window(game.root().state, moves, 20, 40, 25)], EVERYTHING)
    assert part.tokens[0].tolist() == whole.tokens[0, 20:40].tolist()
    assert part.places.tolist() == list(range(5, 20))
    assert part.targets.tolist() == whole.targets[25:40].tolist()
    assert part.exchanges.tolist() == whole.exchanges[25:40, : part.exchanges.shape[1]].tolist()
    first, last = whole.feature_offsets[20], whole.feature_offsets[40]
    assert part.features.tolist() == whole.features[first:last].tolist()
    assert part.positions == 15


def test_parts_are_made_only_when_asked_for() -> None:
    game = random_game(5, 12)
    window = Window(game.root().state, move_ids(game), 0, 12, 0)
    text = encode_batch([window], View())
    assert text.features.size == text.legal.size == 0
    bag = encode_batch([window], View(board=True))
    assert bag.features.max() < 14 * 90
    assert bag.legal.size == 0
    assert np.array_equal(text.tokens, bag.tokens)
    assert MOVE_CODE[text.targets[0]] == game.move_stack[0].code
