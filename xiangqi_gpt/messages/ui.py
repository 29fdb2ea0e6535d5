"""Messages of the window."""

CATALOGUE = {
    "title": ("Xiangqi GPT", "象棋 GPT"),
    # Buttons
    "new": ("New game", "新局"),
    "undo": ("Undo", "悔棋"),
    "resign": ("Resign", "认输"),
    "flip": ("Flip", "翻转"),
    "language": ("中文", "English"),
    "script": ("繁 / 简", "繁 / 简"),
    # Players
    "you": ("You", "你"),
    "red_side": ("Red", "执红"),
    "black_side": ("Black", "执黑"),
    "player_gpt": ("GPT model", "GPT 模型"),
    "player_greedy": ("Greedy", "贪吃"),
    "player_random": ("Random", "随机"),
    "loading": ("loading…", "载入中…"),
    "thinking": ("thinking…", "思考中…"),
    "failed": ("not available", "无法对弈"),
    # What is going on
    "welcome": ("Your move, {color} begins.", "请走棋，{color}先行。"),
    "your_move": ("Your move.", "轮到你走。"),
    "your_move_check": ("You are in check.", "将军，请应将。"),
    "opponent_loading": (
        "The opponent is being loaded; you may look around meanwhile.",
        "对手正在载入，请稍候。",
    ),
    "opponent_thinking": ("The opponent is thinking.", "对手正在思考。"),
    "opponent_in_check": ("Check! The opponent is thinking.", "将军！对手正在思考。"),
    "moves": ("Moves", "着法"),
    "no_moves": ("No moves yet", "尚未走棋"),
    "leaves_check": ("That move would leave your general in check.", "这样走会被对方将军。"),
    "leaves_facing": ("That move would make the generals face each other.", "这样走将帅会照面。"),
    "resign_sure": ("Press Resign once more to give up the game.", "再按一次“认输”即认输。"),
    "resigned": ("{winner} wins: {loser} resigned.", "{winner}获胜：{loser}认输。"),
    "you_won": ("You won", "你赢了"),
    "you_lost": ("You lost", "你输了"),
    "drawn": ("Draw", "和棋"),
    "opponent_illegal": (
        "{name} answered with {move}, which is no legal move here: undo, or start a new game.",
        "{name} 走出不合规则的着法 {move}：请悔棋或另开新局。",
    ),
    # The new game dialog
    "dialog_title": ("New game", "新局"),
    "dialog_side": ("You play", "你执"),
    "dialog_opponent": ("Opponent", "对手"),
    "dialog_temperature": ("Its choice of moves", "走法"),
    "side_red": ("Red", "红"),
    "side_black": ("Black", "黑"),
    "side_random": ("By lot", "随机"),
    "manner_steady": ("Steady", "稳健"),
    "manner_varied": ("Varied", "多变"),
    "manner_lively": ("Lively", "随性"),
    "dialog_start": ("Start", "开始"),
    "dialog_cancel": ("Cancel", "取消"),
    # The clipboard
    "fen_copied": ("The position was copied as FEN.", "已复制当前局面的 FEN。"),
    "fen_pasted": ("A new game from the pasted position.", "已从粘贴的局面开局。"),
    "game_saved": ("The game was saved: {file}", "棋局已保存：{file}"),
    "nothing_to_save": ("No move was played yet: there is nothing to save.", "还没有走棋，没有可保存的棋局。"),
    "save_failed": (
        "The folder {folder} cannot be made ({reason}): check its place and rights.",
        "无法创建文件夹 {folder}（{reason}）：请检查位置和权限。",
    ),
    "clipboard_empty": ("The clipboard holds no text: copy a FEN first.", "剪贴板中没有文字：请先复制一个 FEN。"),
    "clipboard_failed": ("The clipboard cannot be used: {reason}.", "无法使用剪贴板：{reason}。"),
    # The command line
    "no_display": (
        "No window can be opened because there is no display ({reason}): run it in a desktop session, where DISPLAY "
        "or WAYLAND_DISPLAY is set, or let it draw a picture with --screenshot FILE.png.",
        "没有可用的显示器，无法打开窗口（{reason}）：请在设有 DISPLAY 或 WAYLAND_DISPLAY 的桌面环境中运行，"
        "或用 --screenshot FILE.png 输出图片。",
    ),
    "no_display_variable": ("neither DISPLAY nor WAYLAND_DISPLAY is set", "DISPLAY 与 WAYLAND_DISPLAY 均未设置"),
    "no_sound": ("There will be no sound: {reason}.", "将不播放声音：{reason}。"),
    "size_invalid": (
        "--size {text!r} is no size of a window: write width x height in pixels, such as 1100x800, "
        "each from {least} to {most}.",
        "--size {text!r} 不是窗口尺寸：请写成 宽x高（像素），如 1100x800，各为 {least} 至 {most}。",
    ),
    "seed_negative": (
        "The seed {value} is negative: give 0 or more.",
        "随机种子 {value} 为负数：请给出 0 或更大的数。",
    ),
    "temperature_negative": (
        "--temperature {value} is out of range: give 0 for the likeliest move always, 1 and above for free play.",
        "--temperature {value} 超出范围：0 表示总走最可能的着法，1 及以上则较为随意。",
    ),
    "screenshot_unwritable": (
        "The screenshot cannot be written to {path}: {reason}.",
        "无法将截图写入 {path}：{reason}。",
    ),
    "screenshot_suffix": (
        "The screenshot {path} must be a PNG file: give it a name that ends in .png.",
        "截图 {path} 须为 PNG 文件：文件名请以 .png 结尾。",
    ),
}
