from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import slow_rules

from xiangqi_gpt import Board, Move
from xiangqi_gpt.encoding.vocabulary import move_id
from xiangqi_gpt.rules.squares import SQUARE_NAMES, parse_square

# Pieces on an otherwise empty board, as "Ke0 kd9 Nb2", and Red to move unless said otherwise.


def board_of(pieces: str, turn: str = "w") -> Board:
    placed = {("abcdefghi".index(text[1]), int(text[2])): text[0] for text in pieces.split()}
    return Board(slow_rules.write_fen(placed, turn == "w"))


def targets(board: Board, origin: str) -> set[str]:
    return {move.uci()[2:] for move in board.legal_moves if move.uci()[:2] == origin}


def words(text: str) -> set[str]:
    return set(text.split())


@pytest.mark.parametrize(
    ("pieces", "origin", "expected"),
    [
        # The rook: along its lines up to the first piece, an enemy's point included.
        ("Kd0 kf9 Rb1 Pb4 pf1", "b1", "b0 b2 b3 a1 c1 d1 e1 f1"),
        # The cannon moves like the rook, and takes only over one screen, of either side.
        ("Kd0 kf9 Cb1 Pb4 pb7 nb9 pf1 ph1 ri1", "b1", "b0 b2 b3 b7 a1 c1 d1 e1 h1"),
        ("Kd0 kf9 Cb1 pf1", "b1", "b0 b2 b3 b4 b5 b6 b7 b8 b9 a1 c1 d1 e1"),
        ("Kd0 kf9 Cb1 pf1 Pg1", "b1", "b0 b2 b3 b4 b5 b6 b7 b8 b9 a1 c1 d1 e1"),
        # The horse: eight jumps from the middle, two from a corner.
        ("Kd0 kf9 Ne4", "e4", "d6 f6 g5 g3 f2 d2 c3 c5"),
        ("Kd0 kf9 Na0", "a0", "b2 c1"),
        # A piece of either side on a leg takes away the two jumps over it; one elsewhere takes none.
        ("Kd0 kf9 Ne4 Pe5", "e4", "g5 g3 f2 d2 c3 c5"),
        ("Kd0 kf9 Ne4 pd4", "e4", "d6 f6 g5 g3 f2 d2"),
        ("Kd0 kf9 Ne4 pf5", "e4", "d6 f6 g5 g3 f2 d2 c3 c5"),
        ("Kd0 kf9 Ne4 pd4 pf4 pe3 pe5", "e4", ""),
        # The elephant: two points along a diagonal, not over a piece, never across the river.
        ("Kd0 kf9 Bc4", "c4", "a2 e2"),
        ("Kd0 kf9 Be2", "e2", "c0 c4 g0 g4"),
        ("Kd0 kf9 Be2 pf3 Pd1", "e2", "c4 g0"),
        ("Kd0 kf9 Bc0 pa2 Pe2", "c0", "a2"),
        # The advisor: one point along a diagonal within the palace.
        ("Kd0 kf9 Ae1", "e1", "f0 d2 f2"),
        ("Ke0 kf9 Ad2", "d2", "e1"),
        # The general: one point along a line within the palace.
        ("Ke1 kf9 Pe4", "e1", "e0 e2 d1"),
        ("Kd2 kf9", "d2", "d1 e2"),
        # The pawn: forward, after the river to the sides as well, never back.
        ("Kd0 kf9 Pa3", "a3", "a4"),
        ("Kd0 kf9 Pc4", "c4", "c5"),
        ("Kd0 kf9 Pc5", "c5", "c6 b5 d5"),
        ("Kd0 kf9 Pa6 pb6", "a6", "a7 b6"),
        ("Kd0 kf9 Pc9", "c9", "b9 d9"),
        ("Kd0 kf9 Pi9", "i9", "h9"),
        # A pin by a rook: along the line only, the rook may be taken.
        ("Ke0 kd9 Re2 re7", "e2", "e1 e3 e4 e5 e6 e7"),
        ("Ke0 kd9 Ne2 re7", "e2", ""),
        ("Ke0 kd9 Pe5 re7", "e5", "e6"),
        # A pin by a cannon: one of two screens may leave its line only to become, or leave, nothing.
        ("Ke0 kd9 Ae1 Ne4 ce7", "e4", ""),
        ("Ke0 kd9 Ae1 Re4 ce7", "e4", "e2 e3 e5 e6 e7"),
        # Not to step between the general and a cannon behind a further piece, or a bare cannon.
        ("Ke0 kd9 Rb4 ce7", "b4", "b0 b1 b2 b3 b5 b6 b7 b8 b9 a4 c4 d4 f4 g4 h4 i4"),
        # A piece on a leg of the enemy's horse that bears on the general is bound to stay.
        ("Ke0 kf9 Rd1 nc1", "d1", "c1"),
        ("Ke0 kf9 Bd1 nc1", "d1", ""),
        ("Ke0 kf9 Rf1 ng1", "f1", "g1"),
        # It alone stands between the generals.
        ("Ke0 ke9 Ne5", "e5", ""),
        ("Ke0 ke9 Re5", "e5", "e1 e2 e3 e4 e6 e7 e8 e9"),
        ("Ke0 ke9 Pe5", "e5", "e6"),
        # The general may not step onto the other's open file, nor where a piece bears on it.
        ("Kd0 ke9", "d0", "d1"),
        ("Kd0 ke9 Pe5", "d0", "d1 e0"),
        ("Kd1 kf9 rh2 rh0", "d1", "e1"),
        # Nor stay behind itself on the line of a rook that checks it.
        ("Kd1 kf9 rd8", "d1", "e1"),
        # It may take what stands unprotected, not what is protected.
        ("Kd0 kf9 rd1", "d0", "d1 e0"),
        ("Kd0 kf9 rd1 cd8 pd4", "d0", "e0"),
    ],
)
def test_moves_of_a_piece(pieces: str, origin: str, expected: str) -> None:
    assert targets(board_of(pieces), origin) == words(expected)
    # The same with the colours swapped, and with left and right exchanged.
    swapped = board_of(pieces).mirror()
    rank_turned = {f"{text[0]}{9 - int(text[1])}" for text in words(expected)}
    assert targets(swapped, f"{origin[0]}{9 - int(origin[1])}") == rank_turned


@pytest.mark.parametrize(
    ("pieces", "checkers"),
    [
        ("Ke0 kd9 re7", "e7"),
        ("Ke0 kd9 re7 Pe5", ""),
        ("Ke0 kd9 ra0", "a0"),
        ("Ke0 kd9 ce7", ""),
        ("Ke0 kd9 ce7 Pe5", "e7"),
        ("Ke0 kd9 ce7 pe5", "e7"),
        ("Ke0 kd9 ce7 pe5 Pe4", ""),
        ("Ke0 kd9 ce7 ce5", "e7"),
        ("Ke0 kd9 nd2", "d2"),
        ("Ke0 kd9 nd2 Pd1", ""),
        ("Ke0 kd9 nd2 Pe1", "d2"),
        ("Ke0 kd9 nc1 pd1", ""),
        ("Ke0 kd9 nc1", "c1"),
        ("Ke0 kd9 pe1", "e1"),
        ("Ke1 kd9 pe0", ""),
        ("Ke0 kd9 pd0", "d0"),
        ("Ke0 ke9", "e9"),
        ("Ke0 ke9 ae8", ""),
        ("Ke0 kd9 rh0 nf2", "h0 f2"),
        ("Ke0 kd9 re3 ce7", "e3 e7"),
    ],
)
def test_check_and_checkers(pieces: str, checkers: str) -> None:
    board = board_of(pieces)
    assert {SQUARE_NAMES[sq] for sq in board.checkers()} == words(checkers)
    assert board.is_check() == bool(checkers)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        # Take the checker, step in between, or step aside.
        ("Ke0 kd9 re4 Ra4 Rh2 Ph6", "a4e4 h2e2 e0f0"),
        # A cannon's check: take it, take its screen away, step between, or put a second screen there.
        ("Ke0 kd9 ce7 Ne4 Ra7 Ph5", "e4d6 e4f6 e4g5 e4g3 e4f2 e4d2 e4c3 e4c5 a7e7 e0f0"),
        ("Ke0 kf9 ce7 pe4 Rb3 Af0 Bc0", "b3e3 f0e1 c0e2 e0d0"),
        # A horse's check: take it, stand on its leg, or step aside.
        ("Ke0 kf9 nd2 Ra1 Rh2", "a1d1 h2d2 e0d0 e0e1"),
        # Two checkers: only the general helps, unless one move stops both.
        ("Ke0 kd9 re5 nf2 Rb5 Ra2", "e0f0"),
    ],
)
def test_answers_to_a_check(pieces: str, expected: str) -> None:
    board = board_of(pieces)
    slow = {slow_rules.uci(move) for move in slow_rules.legal_moves(*slow_rules.read_fen(board.fen()))}
    assert board.is_check()
    assert {move.uci() for move in board.legal_moves} == words(expected) == slow


def all_moves() -> Iterator[Move]:
    for origin in range(90):
        for target in range(90):
            yield Move(origin, target)


def assert_same_as_slow_rules(fen: str) -> None:
    """Legal moves, check, and the answers about one move are those of the slow rules."""
    board = Board(fen)
    pieces, red = slow_rules.read_fen(fen)
    expected = {slow_rules.uci(move) for move in slow_rules.legal_moves(pieces, red)}
    moves = list(board.legal_moves)
    assert {move.uci() for move in moves} == expected, fen
    assert len(moves) == len(expected) == board.legal_moves.count(), fen
    assert bool(board.legal_moves) == bool(expected), fen
    assert board.is_check() == slow_rules.in_check(pieces, red), fen
    assert board.is_checkmate() == (not expected and slow_rules.in_check(pieces, red)), fen
    assert board.is_stalemate() == (not expected and not slow_rules.in_check(pieces, red)), fen
    assert board.fen() == fen
    for move in moves:
        assert move in board.legal_moves
        assert move_id(move.code) >= 0


def test_positions_of_random_games_match_the_slow_rules() -> None:
    rng = random.Random(1)
    seen = 0
    while seen < 1200:
        board = Board()
        for _ in range(rng.randint(1, 120)):
            moves = list(board.legal_moves)
            if not moves:
                break
            board.push(rng.choice(moves))
            if rng.random() < 0.2:
                assert_same_as_slow_rules(Board(board.fen()).board_fen() + f" {'w' if board.turn else 'b'} - - 0 1")
                seen += 1


@pytest.mark.parametrize("wild", [False, True])
def test_random_positions_match_the_slow_rules(wild: bool) -> None:
    rng = random.Random(2)
    checks = mates = 0
    for _ in range(1500):
        pieces, red = slow_rules.random_position(rng, wild=wild)
        assert_same_as_slow_rules(slow_rules.write_fen(pieces, red))
        checks += slow_rules.in_check(pieces, red)
        mates += not slow_rules.legal_moves(pieces, red)
    assert checks > 300  # the sample is worth something
    assert mates > 30


def test_is_legal_says_no_to_every_other_pair_of_squares() -> None:
    rng = random.Random(3)
    for _ in range(15):
        board = Board(slow_rules.write_fen(*slow_rules.random_position(rng, wild=True)))
        legal = set(board.legal_moves)
        pseudo_legal = set(board.pseudo_legal_moves)
        assert legal <= pseudo_legal
        for move in all_moves():
            assert board.is_legal(move) == (move in board.legal_moves) == (move in legal)
            assert board.is_pseudo_legal(move) == (move in pseudo_legal)


def test_gives_check_is_what_the_slow_rules_see_after_the_move() -> None:
    rng = random.Random(4)
    found = 0
    for _ in range(300):
        pieces, red = slow_rules.random_position(rng)
        if slow_rules.in_check(pieces, not red):
            continue
        board = Board(slow_rules.write_fen(pieces, red))
        for origin, target in slow_rules.legal_moves(pieces, red):
            after = dict(pieces)
            after[target] = after.pop(origin)
            check = slow_rules.in_check(after, not red)
            found += check
            assert board.gives_check(Move.from_uci(slow_rules.uci((origin, target)))) == check
    assert found > 100


def test_attackers_are_the_pieces_that_could_take_an_enemy_there() -> None:
    rng = random.Random(5)
    for _ in range(100):
        pieces, _ = slow_rules.random_position(rng)
        fen = slow_rules.write_fen(pieces, True)
        board = Board(fen)
        point = rng.randrange(9), rng.randrange(10)
        for red in (True, False):
            # Put an enemy's pawn on the point; whoever could take it attacks the point.
            if pieces.get(point, "").upper() == "K":
                continue
            bait = pieces | {point: "p" if red else "P"}
            expected = {slow_rules.uci((origin, to))[:2] for origin, to in slow_rules.moves(bait, red) if to == point}
            found = board.attackers(red, point[0] + 9 * point[1])
            assert {SQUARE_NAMES[sq] for sq in found} == expected, (fen, point, red)


def test_advisors_and_elephants_off_their_points_cannot_move() -> None:
    for pieces, origin in (("Ke0 kd9 Ad1", "d1"), ("Ke0 kd9 Ba0", "a0"), ("Ke0 kd9 Bc5", "c5"), ("Ke0 kd9 Ai9", "i9")):
        assert targets(board_of(pieces), origin) == set()


def test_general_outside_its_palace_can_step_back_in() -> None:
    assert targets(board_of("Kc1 kf9"), "c1") == {"d1"}
    assert targets(board_of("Ke5 kf9"), "e5") == set()


def test_squares_of_moves_are_the_documented_ones() -> None:
    move = Board().parse_uci("h2e2")
    assert (move.from_square, move.to_square) == (7 + 9 * 2, 4 + 9 * 2)
    assert parse_square("i9") == 89
