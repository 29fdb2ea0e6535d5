"""Messages of the players."""

CATALOGUE = {
    "style": (
        "{given!r} is no way to play: write strength=1500 or opponent=1500 (a rating, or {titles}), "
        "result=win, draw or loss, or kind= one of {kinds}, joined by &.",
        "{given!r} 不是可用的棋风设置：请用 strength=1500 或 opponent=1500（等级分，或 {titles}）、"
        "result=win、draw 或 loss、kind={kinds} 之一，并以 & 连接。",
    ),
    "style_unknown": (
        "The model in {folder} was trained without conditions and cannot be asked for a style: leave out what "
        "stands behind the question mark.",
        "{folder} 中的模型训练时没有加入棋手水平、胜负等信息，不能指定棋风：请去掉问号及其后的设置。",
    ),
    "spec_unknown": (
        "There is no player {spec!r}: give one of {choices}.",
        "没有名为 {spec!r} 的棋手：可用的有 {choices}。",
    ),
    "spec_argument": (
        "The player {kind!r} takes nothing after a colon (given: {spec!r}): give one of {choices}.",
        "棋手 {kind!r} 后面不能用冒号加内容（现为 {spec!r}）：可用的有 {choices}。",
    ),
    # A player in a process of its own
    "worker_failed": (
        "The player failed: {reason}.",
        "棋手出错：{reason}。",
    ),
    "worker_died": (
        "The process of the player {name} ended unexpectedly (exit status {status}): start it anew.",
        "棋手 {name} 的进程意外结束（退出状态 {status}）：请重新启动。",
    ),
    "worker_ended": (
        "The process of this player has ended: open the player anew.",
        "该棋手的进程已经结束：请重新打开棋手。",
    ),
    # Engines
    "engine_missing": (
        "There is no program {engine}: check the path of the engine.",
        "找不到程序 {engine}：请检查引擎的路径。",
    ),
    "engine_not_run": (
        "The engine {engine} cannot be run ({detail}): check that it is a program for this machine, and that you may "
        "run it.",
        "无法运行引擎 {engine}（{detail}）：请确认它是适用于本机的程序，并且有执行权限。",
    ),
    "engine_timeout": (
        "The engine {engine} did not answer {command!r} in time and was ended: check that it speaks the protocol named "
        "(uci: or ucci:), or give it more time.",
        "引擎 {engine} 未及时回应 {command!r}，已被终止：请确认所选协议（uci: 或 ucci:）无误，或给它更多时间。",
    ),
    "engine_died": (
        "The engine {engine} ended unexpectedly (exit status {status}): start it anew.",
        "引擎 {engine} 意外结束（退出状态 {status}）：请重新启动。",
    ),
    "engine_died_saying": (
        "The engine {engine} ended unexpectedly (exit status {status}), its last words: {words}",
        "引擎 {engine} 意外结束（退出状态 {status}），最后的输出：{words}",
    ),
    "engine_no_xiangqi": (
        "The engine {engine} does not play xiangqi: give another one.",
        "引擎 {engine} 不会下象棋：请换用其他引擎。",
    ),
    "engine_illegal": (
        "The engine {engine} played {move!r}, which is not legal in the position {fen}: check that it plays xiangqi, "
        "and the number of its first rank (?first_rank=0 or 1).",
        "引擎 {engine} 在局面 {fen} 中走出不合规则的 {move!r}："
        "请确认它会下象棋，以及底线的编号（?first_rank=0 或 1）。",
    ),
    "option_unknown": (
        "The engine {engine} has no option {option!r}: it has {options}.",
        "引擎 {engine} 没有选项 {option!r}：可用的有 {options}。",
    ),
    "option_value": (
        "The option {option!r} of the engine {engine} does not take {value!r}: it takes {choices}.",
        "引擎 {engine} 的选项 {option!r} 不接受 {value!r}：可取 {choices}。",
    ),
    "engine_argument": (
        "{given!r} in the spec {spec!r} is no setting of an engine: write {kind}:PROGRAM?NAME=VALUE&NAME=VALUE, as in "
        "{kind}:engine?nodes=2000&Hash=64.",
        "棋手 {spec!r} 中的 {given!r} 不是引擎设置：请写成 {kind}:程序?名称=值&名称=值，"
        "例如 {kind}:engine?nodes=2000&Hash=64。",
    ),
}
