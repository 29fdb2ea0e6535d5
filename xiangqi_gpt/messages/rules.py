"""Messages of the rules: positions, FEN, moves, outcomes."""

CATALOGUE = {
    "compiling": (
        "Compiling the rules engine; this happens once and takes about ten seconds…",
        "正在编译规则引擎，仅首次运行需要，约十秒……",
    ),
    # FEN
    "fen_empty": ("The FEN is empty: give at least the piece placement.", "FEN 为空：至少要给出棋子布局。"),
    "fen_ranks": (
        "The FEN {fen!r} has {count} ranks: the placement needs 10, divided by '/'.",
        "FEN {fen!r} 有 {count} 行：布局应为 10 行，以 “/” 分隔。",
    ),
    "fen_rank_length": (
        "Rank {rank} of the FEN ({text!r}) covers {count} points instead of 9.",
        "FEN 第 {rank} 行（{text!r}）共 {count} 个交叉点，应为 9 个。",
    ),
    "fen_letter": (
        "{letter!r} in the FEN is not a piece: use K A B N R C P (or E, H) and digits.",
        "FEN 中的 {letter!r} 不是棋子：应为 K A B N R C P（或 E、H）和数字。",
    ),
    "fen_generals": (
        "The FEN has {red} red and {black} black generals: each side needs exactly one.",
        "FEN 中红帅 {red} 个、黑将 {black} 个：双方应各有一个。",
    ),
    "fen_turn": (
        "The side to move in the FEN is {text!r}: write w (or r) for Red, b for Black.",
        "FEN 的走棋方为 {text!r}：红方写 w（或 r），黑方写 b。",
    ),
    "fen_counter": (
        "The {field} counter in the FEN is {text!r}: it must be a whole number.",
        "FEN 的{field}计数为 {text!r}：应为整数。",
    ),
    "fen_fields": (
        "The FEN {fen!r} has {count} fields: one to six are read.",
        "FEN {fen!r} 有 {count} 段：应为一至六段。",
    ),
    # Moves
    "move_invalid": (
        "{text!r} is not a move in {notation}.",
        "{text!r} 不是合法的{notation}着法写法。",
    ),
    "move_illegal": (
        "{text!r} is not legal in the position {fen}.",
        "着法 {text!r} 在局面 {fen} 中不合规则。",
    ),
    "move_ambiguous": (
        "{text!r} could mean {candidates} in the position {fen}: write one of these.",
        "{text!r} 在局面 {fen} 中有歧义，可能是 {candidates}：请写明其一。",
    ),
    # Status
    "status_general_outside": (
        "the {color} general on {square} stands outside its palace",
        "{color}方将帅（{square}）不在九宫内",
    ),
    "status_advisor_off": (
        "the {color} advisor on {square} is off its points",
        "{color}方士（{square}）不在士位上",
    ),
    "status_elephant_off": (
        "the {color} elephant on {square} is off its points",
        "{color}方象（{square}）不在象位上",
    ),
    "status_pawn_behind": (
        "the {color} pawn on {square} stands where no pawn can come",
        "{color}方兵卒（{square}）不可能到达该处",
    ),
    "status_too_many": (
        "{color} has {count} pieces of the kind {piece}, more than a set holds",
        "{color}方有 {count} 个{piece}，超过一副棋的数目",
    ),
    "status_facing": ("the generals face each other on an open file", "将帅照面"),
    "status_opposite_check": (
        "the side not to move is in check",
        "轮到走棋的一方已将着对方",
    ),
    "red": ("red", "红"),
    "black": ("black", "黑"),
    "Red": ("Red", "红方"),
    "Black": ("Black", "黑方"),
    "pawn": ("pawn", "兵卒"),
    "advisor": ("advisor", "仕士"),
    "elephant": ("elephant", "相象"),
    "horse": ("horse", "马"),
    "cannon": ("cannon", "炮"),
    "rook": ("rook", "车"),
    "general": ("general", "帅将"),
    # Outcomes
    "checkmate": ("{winner} wins by checkmate.", "{winner}将死对方获胜。"),
    "stalemate": ("{winner} wins: the other side has no legal move.", "{winner}困毙对方获胜。"),
    "insufficient": (
        "Draw: neither side has a piece left that can cross the river.",
        "和棋：双方均无可过河的进攻子力。",
    ),
    "natural_move_limit": (
        "Draw: {moves} moves without a capture.",
        "和棋：连续 {moves} 回合没有吃子。",
    ),
    "repetition": ("Draw by repetition: the position occurred {count} times.", "和棋：同一局面出现 {count} 次。"),
    "perpetual_check": (
        "{winner} wins: {loser} gave perpetual check.",
        "{winner}获胜：{loser}长将判负。",
    ),
    "mutual_perpetual_check": (
        "Draw: both sides gave perpetual check.",
        "和棋：双方互相长将。",
    ),
}
