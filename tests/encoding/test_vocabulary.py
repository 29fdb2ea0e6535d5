from __future__ import annotations

import numpy as np
import pytest

from xiangqi_gpt.encoding.vocabulary import (
    BOS_ID,
    FLIP_ID,
    MOVE_CODE,
    MOVE_FROM,
    MOVE_ID,
    MOVE_TO,
    N_MOVES,
    NO_MOVE,
    PAD_ID,
    ROTATE_ID,
    VOCABULARY_HASH,
    VOCABULARY_SIZE,
    move_code,
    move_id,
)


def kind(origin: int, target: int) -> str:
    """Which piece could go from one square to the other, told from the distances alone."""
    (file, rank), (to_file, to_rank) = (origin % 9, origin // 9), (target % 9, target // 9)
    across, along = abs(to_file - file), abs(to_rank - rank)
    if (across == 0) != (along == 0):
        return "rook"
    if sorted((across, along)) == [1, 2]:
        return "horse"
    # Black's points are Red's turned by 180 degrees.
    for x, y, to_x, to_y in ((file, rank, to_file, to_rank), (8 - file, 9 - rank, 8 - to_file, 9 - to_rank)):
        palace = all(3 <= a <= 5 and b <= 2 for a, b in ((x, y), (to_x, to_y)))
        if across == along == 1 and palace and (x, y) in {(3, 0), (5, 0), (4, 1), (3, 2), (5, 2)}:
            return "advisor"
        points = {(2, 0), (6, 0), (0, 2), (4, 2), (8, 2), (2, 4), (6, 4)}
        if across == along == 2 and {(x, y), (to_x, to_y)} <= points:
            return "elephant"
    return ""


def test_the_moves_are_those_of_the_pieces_in_order() -> None:
    expected = [(origin, target) for origin in range(90) for target in range(90) if kind(origin, target)]
    assert list(zip(MOVE_FROM.tolist(), MOVE_TO.tolist(), strict=True)) == expected
    kinds = [kind(*pair) for pair in expected]
    counts = {name: kinds.count(name) for name in ("rook", "horse", "advisor", "elephant")}
    assert counts == {"rook": 1530, "horse": 508, "advisor": 16, "elephant": 32}
    assert len(expected) == N_MOVES == 2086


def test_ids_and_codes_are_inverse() -> None:
    for number in range(N_MOVES):
        assert move_id(move_code(number)) == number
        assert move_code(number) == MOVE_CODE[number] == MOVE_FROM[number] << 7 | MOVE_TO[number]
    assert (MOVE_ID >= 0).sum() == N_MOVES
    for code in (-1, 0, 90 << 7, 95, 1 << 20):
        with pytest.raises(ValueError, match="no piece"):
            move_id(code)


def test_special_ids_stand_behind_the_moves() -> None:
    assert N_MOVES <= PAD_ID < BOS_ID < VOCABULARY_SIZE <= NO_MOVE
    assert VOCABULARY_SIZE % 64 == 0


def test_symmetries_map_moves_to_moves() -> None:
    for table in (ROTATE_ID, FLIP_ID):
        assert np.array_equal(np.sort(table), np.arange(N_MOVES))
        assert np.array_equal(table[table], np.arange(N_MOVES))
    h2e2 = move_id(25 << 7 | 22)
    assert move_code(int(FLIP_ID[h2e2])) == 19 << 7 | 22  # b2e2
    assert move_code(int(ROTATE_ID[h2e2])) == 64 << 7 | 67  # b7e7


def test_the_order_is_frozen() -> None:
    # Corpora and models name moves by these ids: a change here breaks every one of them.
    assert VOCABULARY_HASH == "8588074feb02ecc4"
    assert [divmod(move_code(number), 128) for number in (0, 1000, 2085)] == [(0, 1), (43, 16), (89, 88)]
