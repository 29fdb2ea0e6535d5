"""Messages of the corpus: preparing one, and reading it."""

CATALOGUE = {
    # Preparing
    "no_paths": (
        "Nothing to read: name files of games, or folders with such files.",
        "没有可读取的内容：请给出棋谱文件或存放棋谱的文件夹。",
    ),
    "no_files": (
        "There are no game files in {paths}: give files, or folders with files of games, such as .pgn or .xqf.",
        "{paths} 中没有棋谱文件：请给出文件，或含有棋谱文件（如 .pgn、.xqf）的文件夹。",
    ),
    "out_is_input": (
        "{file} is both input and output: give the output another name.",
        "{file} 既是输入又是输出：请为输出另取文件名。",
    ),
    "out_is_a_file": (
        "{file} is a file: give a folder for the corpus.",
        "{file} 是文件：请为语料指定文件夹。",
    ),
    "out_is_a_run": (
        "{folder} is the folder of a model or a training run: give the corpus another, with --out.",
        "{folder} 是模型或训练的文件夹：请用 --out 为语料另选文件夹。",
    ),
    "no_validation_games": (
        "No game fell into the validation part, which training needs: prepare more games, or make it larger, such as "
        "--validation 0.2.",
        "没有棋局被分到验证集，而训练需要验证集：请准备更多棋谱，或用 --validation 0.2 增大其比例。",
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
        "{folder} has a corpus of other files already: give another folder, or --overwrite to replace it.",
        "{folder} 中已有由其他文件生成的语料：请换一个文件夹，或加 --overwrite 覆盖。",
    ),
    "nothing_kept": (
        "No game could be used. The first fault: {first} All of them are in {file}.",
        "没有可用的对局。第一处错误：{first}全部错误见 {file}。",
    ),
    "nothing_passes": (
        "None of the games passes the filters: leave out --results, --kinds, --min-rating and the like, one by one.",
        "没有对局通过筛选：请逐一去掉 --results、--kinds、--min-rating 等条件再试。",
    ),
    "filter_plies": (
        "No game has {least} plies or more and {most} or less: give --min-plies and --max-plies the other way round.",
        "着数不可能既不少于 {least} 又不多于 {most}：请对调 --min-plies 与 --max-plies。",
    ),
    "filter_years": (
        "No year is {least} or later and {most} or earlier: give --since and --until the other way round.",
        "年份不可能既不早于 {least} 又不晚于 {most}：请对调 --since 与 --until。",
    ),
    "no_such_source": (
        "No source has {text!r} in its name; they are: {names}.",
        "没有名称含 {text!r} 的来源；现有来源：{names}。",
    ),
    "weight_form": (
        "{text!r} gives no weight: write the source and its weight as in masters=2.",
        "{text!r} 不是权重：请写成“来源=权重”的形式，例如 masters=2。",
    ),
    "too_little": (
        "--{option} {value} makes no sense: give {least} or more.",
        "--{option} {value} 无效：应不小于 {least}。",
    ),
    "workers_lost": (
        "A worker process ended unexpectedly, perhaps for lack of memory: give fewer --workers or less --memory, "
        "and what has been read so far will be used.",
        "一个工作进程意外结束，可能是内存不足：请减小 --workers 或 --memory；已读取的部分会继续使用。",
    ),
    "shuffle_in_place": (
        "{folder} is the corpus itself: give another folder with --out.",
        "{folder} 就是原语料：请用 --out 另指定一个文件夹。",
    ),
    "unchanged": (
        "Nothing to do: {folder} holds the corpus of these {files} files with these settings already.",
        "无需处理：{folder} 已是这 {files} 个文件按当前设置生成的语料。",
    ),
    "passed_over": (
        "Passed over in folders, for their names are of no format of games: {suffixes}.",
        "文件夹中因扩展名不是棋谱格式而略过的文件：{suffixes}。",
    ),
    "no_suffix": ("without a suffix", "无扩展名"),
    "filter_by_sources": ("source", "来源"),
    "filter_by_results": ("result", "结果"),
    "filter_by_kinds": ("kind", "类型"),
    "filter_by_min_rating": ("rating", "等级分"),
    "filter_by_min_plies": ("too short", "着数过少"),
    "filter_by_max_plies": ("too long", "着数过多"),
    "filter_by_since": ("too early", "年份过早"),
    "filter_by_until": ("too late", "年份过晚"),
    "report_filtered": ("Left out by filters: {reasons}.", "被筛除：{reasons}。"),
    "shuffled": (
        "{games} games in {shards} shards, {seconds} s, {rate} games a second; the corpus is in {folder}.",
        "共 {games} 局，{shards} 个分片，用时 {seconds} 秒，每秒 {rate} 局；语料保存在 {folder}。",
    ),
    "cannot_write": (
        "{folder} cannot be written to ({detail}): give another folder with --out, or make room.",
        "无法写入 {folder}（{detail}）：请用 --out 换一个文件夹，或腾出空间。",
    ),
    "cannot_write_file": (
        "{file} cannot be written ({detail}): give another path, or make room.",
        "无法写入 {file}（{detail}）：请换一个路径，或腾出空间。",
    ),
    "tree_limits": (
        "An opening tree of {plies} plies and moves of {least} games makes no sense: both must be 1 or more.",
        "开局树的深度 {plies} 着、每着至少 {least} 局无效：两者都应不小于 1。",
    ),
    "no_openings": (
        "None of the games begins at the usual start: an opening tree needs such games.",
        "没有从标准开局局面开始的对局，无法生成开局树：请给出这样的棋谱。",
    ),
    "stage_read": ("Reading and checking", "读取并检查"),
    "stage_group": ("Grouping", "按开局归组"),
    "stage_duplicates": ("Dropping duplicates", "去重与筛选"),
    "stage_shuffle": ("Shuffling", "划分与打乱"),
    "stage_write": ("Writing shards", "写入分片"),
    "stage_report": ("Writing the report", "生成报告"),
    "progress_games": ("{games} games, {rate} a second", "{games} 局，每秒 {rate} 局"),
    "column_source": ("source", "来源"),
    "column_read": ("games read", "读取局数"),
    "column_kept": ("kept", "保留"),
    "column_duplicates": ("copies", "重复"),
    "column_rejects": ("faulty", "有误"),
    "row_total": ("total", "合计"),
    "reason_no_moves": ("no moves", "没有着法"),
    "reason_move_unreadable": ("unreadable move", "着法无法读取"),
    "reason_move_illegal": ("illegal move", "着法不合规则"),
    "reason_fen_bad": ("bad FEN", "FEN 无效"),
    "reason_move_ambiguous": ("ambiguous move", "着法有歧义"),
    "reason_variant_other": ("another game than xiangqi", "不是中国象棋"),
    "reason_position_impossible": ("impossible position", "局面不可能出现"),
    "report_rejects": ("Rejected: {reasons}; all are listed in {file}.", "剔除原因：{reasons}；逐局说明见 {file}。"),
    "report_split": (
        "{split}: games {games}, plies {plies}, shards {shards}.",
        "{split}：{games} 局，{plies} 着，{shards} 个分片。",
    ),
    "split_train": ("Training", "训练集"),
    "split_validation": ("Validation", "验证集"),
    "report_time": (
        "Files {files}, games {games}, {seconds} s, {rate} games a second; the corpus is in {folder}.",
        "{files} 个文件，{games} 局，用时 {seconds} 秒，每秒 {rate} 局；语料保存在 {folder}。",
    ),
    # Figures of a corpus
    "stats_summary": (
        "{games} games, {plies} plies, {shards} shards of {size} MB together.",
        "共 {games} 局，{plies} 着，{shards} 个分片，合计 {size} MB。",
    ),
    "stats_labels": (
        "Plies with an evaluation: {evals}, with a best move: {best}, with several candidates: {candidates}.",
        "带评分的着数：{evals}；带最佳着法的：{best}；带多个候选着法的：{candidates}。",
    ),
    "stats_inputs": ("Games read, by outcome", "读取结果"),
    "stats_splits": ("Training and validation", "训练与验证"),
    "stats_sources": ("Sources", "来源"),
    "stats_kinds": ("Kinds of games", "对局类型"),
    "stats_lengths": ("Plies a game", "每局着数"),
    "stats_ratings": ("Ratings of the players", "棋手等级分"),
    "stats_titles": ("Titles of the players", "棋手称号"),
    "stats_years": ("Years", "年份"),
    "stats_first_moves": ("First moves (mirror images together)", "首着（左右对称合并统计）"),
    "stats_lines": ("Openings of four plies (mirror images together)", "前四着布局（左右对称合并统计）"),
    "column_name": ("name", "名称"),
    "column_games": ("games", "局数"),
    "column_plies": ("plies", "着数"),
    "column_red_wins": ("Red wins", "红胜"),
    "column_draws": ("draws", "和棋"),
    "column_black_wins": ("Black wins", "黑胜"),
    "column_unknown": ("no result", "结果未知"),
    "column_line": ("moves", "着法"),
    "column_share": ("share", "占比"),
    "column_count": ("known", "已知数"),
    "column_mean": ("mean", "平均"),
    "column_min": ("least", "最小"),
    "column_max": ("most", "最大"),
    "column_near_duplicates": ("near copies", "近似重复"),
    "column_filtered": ("left out", "筛除"),
    "column_weight": ("weight", "权重"),
    "kind_unknown": ("unknown", "未知"),
    "kind_tournament": ("tournament", "比赛"),
    "kind_online": ("online", "网络对局"),
    "kind_study": ("opening study", "布局研究"),
    "kind_composition": ("composition", "排局"),
    "kind_engine": ("engine", "引擎对局"),
    "kind_correspondence": ("correspondence", "通信赛"),
    "kind_exhibition": ("exhibition", "表演赛"),
    "title_none": ("no title known", "未知或无"),
    "title_master": ("master", "大师"),
    "title_grandmaster": ("grandmaster", "特级大师"),
    "report_title": ("A corpus of games", "棋谱语料"),
    "report_labels": ("Labels", "标注"),
    "report_evals": ("with an evaluation", "带评分"),
    "report_best": ("with a best move", "带最佳着法"),
    "report_candidates": ("with several candidates", "带多个候选着法"),
    "report_reasons": ("Games that were left out", "未收录的对局"),
    "report_no_rejects": ("No game was rejected.", "没有剔除任何对局。"),
    "report_more_rejects": ("{count} more are in {file}", "另有 {count} 局见 {file}"),
    "report_faults": ("Files that could not be read to their end", "未能完整读取的文件"),
    "report_line": ("line {line}", "第 {line} 行"),
    "report_known": ("{count} known, mean {mean}", "已知 {count}，平均 {mean}"),
    "report_written": ("The report is {file}.", "报告已写入 {file}。"),
    # Opening trees
    "stage_openings": ("Counting openings", "统计开局"),
    "column_rating": ("rating", "等级分"),
    "column_last_year": ("last", "最近"),
    "tree_summary": (
        "Openings of {games} games to ply {plies}: {positions} positions.",
        "{games} 局的前 {plies} 着开局：共 {positions} 个局面。",
    ),
    "tree_unknown_position": (
        "None of the games came to this position, or too few did.",
        "没有对局（或只有极少数对局）出现过这个局面。",
    ),
    "tree_written": ("The tree is {file}.", "开局树已写入 {file}。"),
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
        "The corpus {folder} has no {split} games: prepare more games, or another part of them for validation, such as "
        "--validation 0.2.",
        "语料 {folder} 中的 {split} 部分没有棋局：请准备更多棋谱，或调整验证集比例，例如 --validation 0.2。",
    ),
    "rejects_damaged": (
        "{file} is not what `xiangqi-gpt prepare` wrote ({detail}): prepare the corpus again.",
        "{file} 与 `xiangqi-gpt prepare` 写入的内容不符（{detail}）：请重新生成语料。",
    ),
    "weightless": (
        "No {split} game of the corpus {folder} has a weight: give a source a weight above 0.",
        "语料 {folder} 中{split} 部分的棋局权重全为 0：请至少给一个来源大于 0 的权重。",
    ),
    "weights_count": (
        "The corpus {folder} has {sources} sources, but {count} weights were given: give one for each source.",
        "语料 {folder} 有 {sources} 个来源，却给出了 {count} 个权重：请为每个来源各给一个。",
    ),
    "weight_bad": (
        "The weight {weight} of the source {source} makes no sense: give 0 or more, such as 0.5 or 2.",
        "来源 {source} 的权重 {weight} 无效：应不小于 0，例如 0.5 或 2。",
    ),
    "shard_damaged": (
        "The shard {file} is not what the manifest says ({detail}): prepare the corpus again.",
        "分片 {file} 与清单不符（{detail}）：请重新生成语料。",
    ),
}
