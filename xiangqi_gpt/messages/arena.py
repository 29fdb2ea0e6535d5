"""Messages of matches."""

CATALOGUE = {
    # Forfeits
    "illegal": (
        "{player} played {move}, which is not legal in the position {fen}, and forfeits.",
        "{player} 在局面 {fen} 中走出不合规则的 {move}，判负。",
    ),
    "failed": (
        "{player} failed in the position {fen} and forfeits: {reason}",
        "{player} 在局面 {fen} 中出错，判负：{reason}",
    ),
    # Settings
    "too_small": (
        "--{option} is {value}: give {least} or more.",
        "--{option} 为 {value}：应不小于 {least}。",
    ),
    "too_large": (
        "--{option} is {value}: give {most} or less.",
        "--{option} 为 {value}：应不大于 {most}。",
    ),
    "no_ply_left": (
        "--max-plies {most} leaves the players no move when the random opening (--opening-plies) has length {opening}: "
        "raise the one or lower the other.",
        "--max-plies 为 {most}，而随机开局（--opening-plies）可达 {opening} 着，棋手无棋可走：请增大前者或减小后者。",
    ),
    "pgn_unwritable": (
        "The file {file} cannot be written ({reason}): name another one after --pgn.",
        "无法写入文件 {file}（{reason}）：请用 --pgn 指定另一个文件。",
    ),
    # The report
    "total": ("total", "合计"),
    "as_red": ("{player} as Red", "{player} 执红"),
    "as_black": ("{player} as Black", "{player} 执黑"),
    "games": ("games", "局数"),
    "wins": ("wins", "胜"),
    "draws": ("draws", "和"),
    "losses": ("losses", "负"),
    "score": ("score", "得分率"),
    "none_played": ("No game was finished.", "没有下完的对局。"),
    "elo": (
        "Elo difference {elo} (95 % interval: {interval}); {units}",
        "Elo 差 {elo}（95% 置信区间：{interval}），按{units}计算",
    ),
    "from_pairs": ("pairs of games: {count}", " {count} 组（每组两局，互换红黑）"),
    "from_games": ("single games: {count}", " {count} 局"),
    "endings": ("Endings: {endings}", "终局方式：{endings}"),
    "figures": (
        "Seed {seed}, {plies:.1f} plies a game, {seconds:.1f} s, {rate:.1f} games/s",
        "随机种子 {seed}，平均每局 {plies:.1f} 着，用时 {seconds:.1f} 秒，每秒 {rate:.1f} 局",
    ),
    "forfeit": ("Game {number}: {note}", "第 {number} 局：{note}"),
    "more_forfeits": ("… further forfeits: {count}", "……另有 {count} 局判负"),
    "running": ("{a} – {b}: +{wins} ={draws} −{losses}", "{a} – {b}：{wins} 胜 {draws} 和 {losses} 负"),
    "rate": ("{rate:.1f} games/s", "{rate:.1f} 局/秒"),
    # Endings
    "checkmate": ("checkmate", "将死"),
    "stalemate": ("stalemate", "困毙"),
    "insufficient_material": ("insufficient material", "子力不足"),
    "natural_move_limit": ("natural move limit", "自然限着"),
    "repetition": ("repetition", "重复局面"),
    "perpetual_check": ("perpetual check", "长将"),
    "perpetual_chase": ("perpetual chase", "长捉"),
    "max_plies": ("ply limit", "着数上限"),
    "resignation": ("resignation", "认输"),
    "illegal_move": ("illegal move", "走子违规"),
    "failure": ("failure", "出错"),
}
