"""Messages of the players."""

CATALOGUE = {
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
}
