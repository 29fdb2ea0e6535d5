"""Messages of labelling and of making games."""

CATALOGUE = {
    # Engines
    "limit_in_spec": (
        "The spec {spec!r} limits the engine's searches, which is for --nodes to do here: take nodes, depth and "
        "movetime out of it.",
        "{spec!r} 限制了引擎的搜索，而这里由 --nodes 决定：请去掉其中的 nodes、depth 或 movetime。",
    ),
    "no_move": (
        "The engine {engine} sees no move in the position {fen}: check that it plays xiangqi.",
        "引擎 {engine} 在局面 {fen} 中没有给出着法：请确认它会下象棋。",
    ),
    "no_balance": (
        "The engine {engine} finds hardly any opening balanced to {bound} pawns: raise --balance.",
        "引擎 {engine} 几乎找不到差距在 {bound} 兵以内的均衡开局：请增大 --balance。",
    ),
    # The file
    "file_exists": (
        "{file} exists already, and nothing tells how it was made: name another file, or replace it with --overwrite.",
        "{file} 已存在，且无法得知其来历：请换一个文件名，或用 --overwrite 覆盖。",
    ),
    "file_in_use": (
        "Another run is writing {file}: wait for it, or name another file.",
        "另一个进程正在写 {file}：请等它结束，或换一个文件名。",
    ),
    "file_unwritable": (
        "The file {file} cannot be written ({reason}): name another one after --out.",
        "无法写入文件 {file}（{reason}）：请用 --out 指定另一个文件。",
    ),
    "file_cut": (
        "{file} holds less than its journal {journal} tells of: bring the file back, or begin anew with --overwrite.",
        "{file} 的内容少于其日志 {journal} 的记载：请恢复该文件，或用 --overwrite 从头开始。",
    ),
    "journal_damaged": (
        "{file} cannot be read as the journal of a run: begin anew with --overwrite.",
        "无法读取运行日志 {file}：请用 --overwrite 从头开始。",
    ),
    "other_job": (
        "{file} was begun with other settings ({settings}): give those again, name another file, or replace it with "
        "--overwrite.",
        "{file} 是用其他设置（{settings}）开始的：请使用原来的设置，换一个文件名，或用 --overwrite 覆盖。",
    ),
    "other_files": (
        "The files of games are not those that {file} was begun with (some are new, gone or changed): bring those "
        "back, name another file, or begin anew with --overwrite.",
        "棋谱文件与开始生成 {file} 时不同（有增减或改动）：请恢复原来的文件，换一个文件名，或用 --overwrite 从头开始。",
    ),
    # Settings
    "too_small": ("--{option} is {value}: give {least} or more.", "--{option} 为 {value}：应不小于 {least}。"),
    "too_large": ("--{option} is {value}: give {most} or less.", "--{option} 为 {value}：应不大于 {most}。"),
    "no_openings": (
        "None of the files after --openings holds a game from the usual start: give others.",
        "--openings 所给的文件中没有从开局开始的对局：请换用其他文件。",
    ),
    "nothing_to_label": (
        "There is no game in {paths}: name other files of games.",
        "{paths} 中没有对局：请换用其他棋谱文件。",
    ),
    "no_games": ("No games are given: name a file or folder of games.", "没有给出棋谱：请指定棋谱文件或文件夹。"),
    # Progress
    "rate": ("{rate} plies/s", "每秒 {rate} 着"),
    "skipped": ("Game {number} was left out: {error}", "第 {number} 局被跳过：{error}"),
    "fault": (
        "Game {number} is labelled up to its fault: {error}",
        "第 {number} 局只标注到出错之处：{error}",
    ),
    "labelled": (
        "{file} holds the games up to number {done}; {games} of them were labelled now, {plies} plies in {seconds} s, "
        "{rate} a second.",
        "{file} 已有前 {done} 局；本次标注 {games} 局、{plies} 着，用时 {seconds} 秒，每秒 {rate} 着。",
    ),
    "not_whole": (
        "Of these, games with a fault: {faulty}; games left out: {skipped}.",
        "其中有错误的对局：{faulty}；被跳过的对局：{skipped}。",
    ),
    "generated": (
        "{file} holds {done} games; {games} of them were made now, {plies} plies in {seconds} s, {rate} games an hour.",
        "{file} 共有 {done} 局；本次生成 {games} 局、{plies} 着，用时 {seconds} 秒，每小时 {rate} 局。",
    ),
}
