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
    "about_train": ("Train a model on a corpus.", "用语料训练模型。"),
    "about_match": ("Let two players play a match and measure the difference.", "让两个棋手对局并比较棋力。"),
    "about_export": ("Write a run's model as a small folder to give away.", "把训练所得的模型导出为便于分享的文件夹。"),
    "about_perft": ("Count the leaves of the tree of legal moves.", "统计合法着法树的叶子数（perft）。"),
    "unknown_command": (
        "There is no command {name!r}: give one of {commands}.",
        "没有命令 {name!r}：可用的命令有 {commands}。",
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
    "interrupted": ("Interrupted.", "已中断。"),
}
