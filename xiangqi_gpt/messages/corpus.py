"""Messages of the corpus: preparing one, and reading it."""

CATALOGUE = {
    # Preparing
    "no_paths": (
        "Nothing to read: name files of games, or folders with such files.",
        "没有可读取的内容：请给出棋谱文件或存放棋谱的文件夹。",
    ),
    "no_files": (
        "There are no game files in {paths}: give files, or folders with .pgn files (.pgn.gz, .pgn.xz).",
        "{paths} 中没有棋谱文件：请给出文件，或含有 .pgn（.pgn.gz、.pgn.xz）文件的文件夹。",
    ),
    "not_a_regular_file": (
        "{file} is a pipe or a device, not a file on disk: save the games to a file and give that.",
        "{file} 是管道或设备，不是磁盘上的文件：请先把棋谱存成文件再给出。",
    ),
    "too_many_sources": (
        "{count} paths are more than the {limit} that a corpus can tell apart: give the folders they lie in.",
        "给出了 {count} 个路径，超过语料可区分的 {limit} 个：请改为给出它们所在的文件夹。",
    ),
    "validation_share": (
        "A validation share of {share} makes no sense: give 0 or more and less than 1, such as 0.02.",
        "验证集比例 {share} 无效：应不小于 0 且小于 1，例如 0.02。",
    ),
    "exists": (
        "{folder} has a corpus already: give another folder, or --overwrite to replace it.",
        "{folder} 中已有语料：请换一个文件夹，或加 --overwrite 覆盖。",
    ),
    "nothing_kept": (
        "No game could be used. The first fault: {first} All of them are in {file}.",
        "没有可用的对局。第一处错误：{first}全部错误见 {file}。",
    ),
    "cannot_write": (
        "{folder} cannot be written to ({detail}): give another folder with --out, or make room.",
        "无法写入 {folder}（{detail}）：请用 --out 换一个文件夹，或腾出空间。",
    ),
    "stage_read": ("Reading and checking", "读取并检查"),
    "stage_duplicates": ("Finding duplicates", "查找重复"),
    "stage_write": ("Writing shards", "写入分片"),
    "progress_games": ("{games} games, {rate} a second", "{games} 局，每秒 {rate} 局"),
    "column_source": ("source", "来源"),
    "column_read": ("games read", "读取局数"),
    "column_kept": ("kept", "保留"),
    "column_duplicates": ("duplicates", "重复"),
    "column_rejects": ("rejected", "拒绝"),
    "row_total": ("total", "合计"),
    "reason_no_moves": ("no moves", "没有着法"),
    "reason_move_unreadable": ("unreadable move", "着法无法读取"),
    "reason_move_illegal": ("illegal move", "着法不合规则"),
    "reason_fen_bad": ("bad FEN", "FEN 无效"),
    "reason_position_impossible": ("impossible position", "局面不可能出现"),
    "report_rejects": ("Rejected: {reasons}; all are listed in {file}.", "拒绝原因：{reasons}；逐局说明见 {file}。"),
    "report_split": (
        "{split}: games {games}, plies {plies}, shards {shards}.",
        "{split}：{games} 局，{plies} 步，{shards} 个分片。",
    ),
    "split_train": ("Training", "训练集"),
    "split_validation": ("Validation", "验证集"),
    "report_time": (
        "Files {files}, games {games}, {seconds} s, {rate} games a second; the corpus is in {folder}.",
        "{files} 个文件，{games} 局，用时 {seconds} 秒，每秒 {rate} 局；语料保存在 {folder}。",
    ),
    # Reading a corpus
    "not_a_corpus": (
        "{folder} is no corpus (it has no manifest.json): make one with `xiangqi-gpt prepare GAMES --out {folder}`.",
        "{folder} 不是语料目录（没有 manifest.json）：请用 `xiangqi-gpt prepare 棋谱 --out {folder}` 生成。",
    ),
    "manifest_damaged": (
        "{file} cannot be read as a corpus manifest ({detail}): prepare the corpus again.",
        "无法读取语料清单 {file}（{detail}）：请重新生成语料。",
    ),
    "other_version": (
        "{file} has corpus format {found}, this program reads {expected}: prepare the corpus again.",
        "{file} 的语料格式为 {found}，本程序读取的是 {expected}：请重新生成语料。",
    ),
    "other_vocabulary": (
        "{file} was made with another move vocabulary ({found} instead of {expected}): prepare the corpus again.",
        "{file} 使用了另一套着法词表（{found}，应为 {expected}）：请重新生成语料。",
    ),
    "shard_missing": (
        "The shard {file} named in the manifest is missing: prepare the corpus again.",
        "缺少清单中列出的分片 {file}：请重新生成语料。",
    ),
    "empty_split": (
        "The corpus {folder} has no {split} games: prepare more games, or another validation share.",
        "语料 {folder} 中没有用于 {split} 的棋局：请准备更多棋谱，或调整验证集比例。",
    ),
    "shard_damaged": (
        "The shard {file} is not what the manifest says ({detail}): prepare the corpus again.",
        "分片 {file} 与清单不符（{detail}）：请重新生成语料。",
    ),
}
