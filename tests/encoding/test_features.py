"""Features against plain code on a Board, position by position."""

from __future__ import annotations

import random

import numpy as np
import pytest

from xiangqi_gpt import BLACK, RED, Board, Color
from xiangqi_gpt.encoding.batch import View, Window, encode_batch
from xiangqi_gpt.encoding.features import ATTACKED, DEFENDED, ENEMY_MOVES, OWN_MOVES, attack_counts
from xiangqi_gpt.encoding.vocabulary import BOS_ID, MOVE_CODE, MOVE_ID
from xiangqi_gpt.rules.pieces import CANNON
from xiangqi_gpt.rules.squares import flip_square, rotate_square

EVERYTHING = View(board=True, tactics=True, legal=True)


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
        ids = batch.legal[0, ply]
        count = int((ids >= 0).sum())
        assert (ids[count:] == -1).all()
        assert dict(zip(ids[:count].tolist(), batch.categories[0, ply, :count].tolist(), strict=True)) == legal
        if ply < len(moves):
            move = game.move_stack[ply]
            assert batch.targets[0, ply] == view_id(move.from_square, move.to_square, board.turn, flip)
            board.push(move)
            assert batch.tokens[0, ply + 1] == batch.targets[0, ply]
        else:
            assert batch.targets[0, ply] == -1
    assert batch.tokens[0, 0] == BOS_ID
    assert batch.positions == len(moves)


def test_a_cannon_attacks_over_one_screen_and_beyond_its_empty_points() -> None:
    board = Board("3k5/9/4p4/9/4P4/9/9/4C4/9/4K4 w")
    counts = np.zeros(90, np.uint8)
    attack_counts(board.state, 1, counts)
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
        assert set(one.legal[0, 0].tolist()) == set(two.legal[0, 0].tolist())
        flipped = encode_batch([Window(board.flip_horizontal().state, empty, 0, 1, 0, flip=True)], EVERYTHING)
        assert set(one.features.tolist()) == set(flipped.features.tolist())


def test_a_window_shows_what_the_whole_game_shows() -> None:
    game = random_game(9, 50)
    moves = move_ids(game)
    whole = encode_batch([Window(game.root().state, moves, 0, len(moves), 0)], EVERYTHING)
    part = encode_batch([Window(game.root().state, moves, 20, 40, 25)], EVERYTHING)
    assert part.tokens[0].tolist() == whole.tokens[0, 20:40].tolist()
    assert part.targets[0, :5].tolist() == [-1] * 5
    assert part.targets[0, 5:].tolist() == whole.targets[0, 25:40].tolist()
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
    assert MOVE_CODE[text.targets[0, 0]] == game.move_stack[0].code
