"""Messages of the command line."""

CATALOGUE = {
    "usage": (
        "xiangqi-gpt: Chinese chess with a GPT for a player\n\nusage: xiangqi-gpt COMMAND [options]",
        "xiangqi-gpt：以 GPT 为棋手的中国象棋\n\n用法：xiangqi-gpt 命令 [选项]",
    ),
    "usage_more": (
        "xiangqi-gpt COMMAND --help tells the options of a command; XIANGQI_GPT_LANG=zh speaks Chinese.",
        "xiangqi-gpt 命令 --help 显示该命令的选项；XIANGQI_GPT_LANG=en 改用英文。",
    ),
    "about_play": ("Play against the model in a window.", "在窗口中与模型对弈。"),
    "about_prepare": ("Turn game records into a training corpus.", "把棋谱整理成训练语料。"),
    "about_corpus": ("Put a corpus into another random order.", "重新打乱语料的次序。"),
    "about_stats": ("Tell what a corpus holds.", "查看语料的统计数据。"),
    "about_openings": ("Count the moves of openings, and look them up.", "统计并查询开局着法。"),
    "about_convert": ("Turn games of one format into another.", "转换棋谱格式。"),
    "about_show": ("Show games of a file, or list them.", "显示或列出文件中的棋局。"),
    "about_train": ("Train a model on a corpus.", "用语料训练模型。"),
    "about_match": ("Let two players play a match and measure the difference.", "让两个棋手对局并比较棋力。"),
    "about_label": ("Let an engine label every ply of games.", "让引擎为对局逐着标注评分与最佳着法。"),
    "about_generate": ("Let an engine play labelled games against itself.", "让引擎自我对弈，生成带标注的对局。"),
    "about_evaluate": ("Measure how well a model predicts the moves of games.", "评测模型预测实战着法的能力。"),
    "about_runs": ("Compare training runs: a table and curves.", "比较各次训练：表格与曲线。"),
    "about_export": ("Write a run's model as a small folder to give away.", "把训练所得的模型导出为便于分享的文件夹。"),
    "about_perft": ("Count the leaves of the tree of legal moves.", "统计合法着法树的叶子数（perft）。"),
    "unknown_command": (
        "There is no command {name!r}: give one of {commands}.",
        "没有命令 {name!r}：可用的命令有 {commands}。",
    ),
    "system": (
        "The system refused to read or write ({reason}): check the room on the disk and where the output goes.",
        "系统无法读写（{reason}）：请检查磁盘空间以及输出的去处。",
    ),
    "system_file": (
        "{file} cannot be used ({reason}): check its name, its rights and the room on the disk.",
        "无法使用 {file}（{reason}）：请检查名称、权限和磁盘空间。",
    ),
    "defect": (
        "An error of the program itself ({kind}: {reason}): please report it, with what {switch}=1 in front of the "
        "command shows.",
        "程序自身出错（{kind}：{reason}）：请在命令前加 {switch}=1 重新运行，并把显示的内容反馈给我们。",
    ),
    "perft_depth": (
        "The depth {depth!r} of perft must be a whole number from 0 to {most}, as in: xiangqi-gpt perft 4",
        "perft 的深度 {depth!r} 应为 0 到 {most} 的整数，例如：xiangqi-gpt perft 4",
    ),
    "perft_no_depth": (
        "The depth is missing behind the FEN {fen!r}: give the plies to look ahead, as in: xiangqi-gpt perft FEN 4",
        "FEN {fen!r} 之后缺少深度：请给出要计算的层数，例如：xiangqi-gpt perft FEN 4",
    ),
    "exported": (
        "{folder} holds the model: {parameters:.1f} M parameters, {size:.1f} MB.",
        "模型已写入 {folder}：{parameters:.1f} M 参数，{size:.1f} MB。",
    ),
    # convert
    "convert_no_target": (
        "What to write is missing behind {path!r}: name the files to read and then the one to write, "
        "as in: xiangqi-gpt convert games.xqf games.pgn",
        "{path!r} 之后缺少要写入的文件：请先给出要读取的文件，最后给出要写入的文件，"
        "例如：xiangqi-gpt convert 棋谱.xqf 棋谱.pgn",
    ),
    "convert_exists": (
        "{file} exists already: choose another name, or give --overwrite to replace it.",
        "{file} 已存在：请换一个文件名，或加 --overwrite 覆盖。",
    ),
    "convert_folder_full": (
        "The folder {folder} is not empty: choose another, or give --overwrite to write into it.",
        "文件夹 {folder} 不是空的：请换一个，或加 --overwrite 写入其中。",
    ),
    "convert_nothing": (
        "No game could be read, so nothing was written: check what is to be converted.",
        "没有读到任何棋局，未写入文件：请检查要转换的内容。",
    ),
    "convert_more_faults": ("… further faults are not shown, but counted.", "……其余错误不再显示，只计数。"),
    "convert_lost": ("Not kept ({count}): {first}", "未保留（{count} 处）：{first}"),
    "converted": (
        "{file} is written. Games: {games}; with faults, and kept up to them: {faulty}; left out: {left_out}; "
        "unreadable files: {files}; {seconds} s, {rate} games/s.",
        "已写入 {file}。棋局 {games} 局，其中有错误、只保留到出错之前的 {faulty} 局；略去 {left_out} 局；"
        "无法读取的文件 {files} 个；用时 {seconds} 秒，每秒 {rate} 局。",
    ),
    "standard_output": ("standard output", "标准输出"),
    # show
    "show_plies": ("plies", "着数"),
    "show_listed": (
        "{games} games, {faulty} with faults (marked !). Show one with --game NUMBER.",
        "共 {games} 局，其中 {faulty} 局有错误（标有 !）。用 --game 序号 查看某一局。",
    ),
    "show_no_game": (
        "{file} has no game {number}: --list shows the games.",
        "{file} 中没有第 {number} 局：用 --list 列出所有棋局。",
    ),
    "show_no_ply": (
        "--ply {ply} is not in the game: give a number from 0 to {plies}.",
        "--ply {ply} 超出该局范围：请给出 0 到 {plies} 之间的数。",
    ),
    "show_header": ("{name}: ", "{name}："),
    "show_start": ("Start position; {mover}.", "起始局面，{mover}。"),
    "show_after": ("After ply {ply}, {move}; {mover}.", "第 {ply} 着{move}之后，{mover}。"),
    "show_red_moves": ("Red to move", "轮到红方走棋"),
    "show_black_moves": ("Black to move", "轮到黑方走棋"),
    "show_side_lines": (
        "There are side lines ({count}): --variations shows them.",
        "另有变着 {count} 处：加 --variations 显示。",
    ),
    "tag_Event": ("Event", "赛事"),
    "tag_Title": ("Title", "标题"),
    "tag_Site": ("Site", "地点"),
    "tag_Date": ("Date", "日期"),
    "tag_Round": ("Round", "轮次"),
    "tag_RedTeam": ("Red's team", "红方单位"),
    "tag_Red": ("Red", "红方"),
    "tag_BlackTeam": ("Black's team", "黑方单位"),
    "tag_Black": ("Black", "黑方"),
    "tag_Result": ("Result", "结果"),
    "tag_Opening": ("Opening", "布局"),
    "tag_TimeControl": ("Time control", "用时规则"),
    "tag_Annotator": ("Annotator", "评注"),
    "tag_Author": ("Author", "作者"),
    "tag_PlayType": ("Kind", "类型"),
    "kind_opening": ("opening", "开局"),
    "kind_middlegame": ("middle game", "中局"),
    "kind_endgame": ("endgame", "残局"),
    "result_red": ("Red won", "红胜"),
    "result_black": ("Black won", "黑胜"),
    "result_draw": ("drawn", "和棋"),
    "result_unknown": ("no result", "结果未知"),
    "worker_died": (
        "A worker process ended unexpectedly, perhaps for lack of memory: try fewer --workers.",
        "一个工作进程意外结束，可能是内存不足：请减小 --workers。",
    ),
    "interrupted": ("Interrupted.", "已中断。"),
}
