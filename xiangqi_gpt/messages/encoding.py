"""Messages of the encoding."""

CATALOGUE = {
    "illegal_in_batch": (
        "Move id {move} is not legal in position {row} of the batch ({fen}).",
        "着法编号 {move} 在批次第 {row} 个局面（{fen}）中不合规则。",
    ),
}
