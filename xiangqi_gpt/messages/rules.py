"""Messages of the rules: positions, FEN, moves, outcomes."""

CATALOGUE = {
    "compiling": (
        "Compiling the rules engine; this happens once and takes about ten seconds…",
        "正在编译规则引擎，仅首次运行需要，约十秒……",
    ),
    "compiling_uncached": (
        "Compiling the rules engine, as at every start until XIANGQI_GPT_CACHE names a folder that can be written to…",
        "正在编译规则引擎；没有可写的缓存目录，每次启动都要编译，可用 XIANGQI_GPT_CACHE 指定一个目录……",
    ),
    # FEN
    "fen_empty": ("The FEN is empty: give at least the piece placement.", "FEN 为空：至少要给出棋子布局。"),
    "fen_ranks": (
        "The placement in the FEN {fen!r} needs 10 ranks divided by '/', not {count}.",
        "FEN {fen!r} 有 {count} 行：布局应为 10 行，以 “/” 分隔。",
    ),
    "fen_rank_length": (
        "Rank {rank} of the FEN (0 is Red's first; {text!r}) must cover 9 points, not {count}.",
        "FEN 中的 {text!r}（自红方底线起为 0，第 {rank} 横线）共 {count} 个交叉点，应为 9 个。",
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
    "fen_halfmove": (
        "The halfmove counter of the FEN (plies without a capture) is {text!r}: write a number from 0 to 999999999.",
        "FEN 的无吃子着数（半回合）为 {text!r}：应为 0 至 999999999 的整数。",
    ),
    "fen_fullmove": (
        "The fullmove counter of the FEN (the number of the move) is {text!r}: write a number from 0 to 999999999.",
        "FEN 的回合数为 {text!r}：应为 0 至 999999999 的整数。",
    ),
    "fen_fields": (
        "The fields of the FEN {fen!r} are not the placement, the side to move, '- -' and two counters: "
        "write it like '{start}'.",
        "FEN {fen!r} 的各段应依次为布局、走棋方、“- -” 和两个计数，如 “{start}”。",
    ),
    # Moves
    "move_invalid": (
        "{text!r} is no {notation} move: write two different squares, as in {example}.",
        "{text!r} 不是 {notation} 着法：应写两个不同的交叉点，如 {example}。",
    ),
    "move_invalid_text": (
        "{text!r} is no move: write it as h2e2, H2-E2, C2=5 or 炮二平五.",
        "{text!r} 不是着法：可写成 h2e2、H2-E2、C2=5 或炮二平五。",
    ),
    "move_invalid_wxf": (
        "{text!r} is no WXF move: write piece, file, + - or =, and a number, as in C2=5.",
        "{text!r} 不是 WXF 着法：应依次写棋子、纵线、+ - =、数字，如 C2=5。",
    ),
    "move_invalid_chinese": (
        "{text!r} is no Chinese move: write piece, file, 进, 退 or 平, and a number, as in 炮二平五.",
        "{text!r} 不是中文着法：应依次写棋子、纵线、进退平、数字，如炮二平五。",
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
        "轮到走棋的一方可直接吃掉对方将帅",
    ),
    "unplayable": ("This position cannot be played: {faults}.", "该局面无法对弈：{faults}。"),
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
        "{loser}'s {by} gave perpetual check on plies {first}-{last}: {winner} wins.",
        "{loser}以{by}长将（第 {first}–{last} 着），判负，{winner}胜。",
    ),
    "mutual_perpetual_check": (
        "Draw: both sides gave perpetual check on plies {first}-{last}.",
        "和棋：双方互相长将（第 {first}–{last} 着）。",
    ),
    "perpetual_chase": (
        "{loser}'s {by} chased {winner}'s unprotected {victim} on plies {first}-{last}: {winner} wins.",
        "{loser}以{by}长捉{winner}无根{victim}（第 {first}–{last} 着），判负，{winner}胜。",
    ),
    "perpetual_chase_of_stronger": (
        "{loser}'s {by} chased {winner}'s {victim} on plies {first}-{last}: {winner} wins.",
        "{loser}以{by}长捉{winner}{victim}（第 {first}–{last} 着），判负，{winner}胜。",
    ),
    "mutual_perpetual_chase": (
        "Draw: on plies {first}-{last} Red's {red_by} chased Black's {red_victim} "
        "and Black's {black_by} chased Red's {black_victim}.",
        "和棋：双方互相长捉（第 {first}–{last} 着，红方{red_by}捉黑方{red_victim}，"
        "黑方{black_by}捉红方{black_victim}）。",
    ),
    "rule_set_unknown": (
        "There is no rule set {name!r}: choose one of {names}.",
        "没有名为 {name!r} 的棋规：请在 {names} 中选择。",
    ),
}
