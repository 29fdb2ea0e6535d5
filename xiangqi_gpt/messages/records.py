"""Messages of game records: files that cannot be read, games with faults."""

CATALOGUE = {
    # Files
    "file_missing": (
        "There is no file or folder {file}: check the path.",
        "找不到文件或文件夹 {file}：请检查路径。",
    ),
    "file_unreadable": (
        "{file} cannot be read ({detail}): check the path, and that you may read it.",
        "无法读取 {file}（{detail}）：请检查路径及读取权限。",
    ),
    "file_empty": ("{file} is empty: give a file with games.", "{file} 是空文件：请给出含有棋谱的文件。"),
    "file_damaged": (
        "{file} is damaged or cut short ({detail}): fetch the file again.",
        "{file} 已损坏或不完整（{detail}）：请重新获取该文件。",
    ),
    "not_a_game_log": (
        "{file} is no game log that can be read: give PGN of ICCS moves (h2e2, H2-E2), plain or in gzip or xz.",
        "{file} 不是可读取的棋谱：请给出 ICCS 着法（h2e2 或 H2-E2）的 PGN 文件，可用 gzip 或 xz 压缩。",
    ),
    "line_too_long": (
        "Line {line} of {file} is longer than {limit} characters, so it is no game log: split it into lines.",
        "{file} 第 {line} 行超过 {limit} 个字符，不是棋谱：请分行。",
    ),
    # Games
    "move_unreadable": (
        "{file}, line {line}: {text!r} at ply {ply} is no ICCS move: write it as h2e2 or H2-E2.",
        "{file} 第 {line} 行：第 {ply} 步 {text!r} 不是 ICCS 着法：请写成 h2e2 或 H2-E2 的形式。",
    ),
    "move_illegal": (
        "{file}, line {line}: {text!r} at ply {ply} is against the rules: correct the move.",
        "{file} 第 {line} 行：第 {ply} 步 {text!r} 不合规则：请更正该着法。",
    ),
    "fen_bad": (
        "{file}, line {line}: {detail}",
        "{file} 第 {line} 行：{detail}",
    ),
    "position_impossible": (
        "{file}, line {line}: in the start position {text!r} the side to move could take the general; correct the FEN.",
        "{file} 第 {line} 行：起始局面 {text!r} 中走棋方可直接吃掉对方将帅；请更正 FEN。",
    ),
    "no_moves": ("{file}, line {line}: the game has no moves.", "{file} 第 {line} 行：该局没有着法。"),
    "comment_open": (
        "{file}, line {line}: a comment is not closed by '}}' before the next game; close it.",
        "{file} 第 {line} 行：注释直到下一局开始仍未以 “}}” 结束；请补上。",
    ),
    "variation_stray": (
        "{file}, line {line}: a side line follows no move and is left out; put it behind the move it replaces.",
        "{file} 第 {line} 行：括号中的变着前没有着法，已略去；请把它放在所替换的着法之后。",
    ),
}
