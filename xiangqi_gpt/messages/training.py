"""Messages of training."""

CATALOGUE = {
    "at_least": (
        "The training setting {field} is {value}: it must be at least {least}.",
        "训练设置 {field} 为 {value}：不得小于 {least}。",
    ),
    "positive": (
        "The training setting {field} is {value}: it must be above 0.",
        "训练设置 {field} 为 {value}：须大于 0。",
    ),
    "fraction": (
        "The training setting {field} is {value}: it must lie between 0 and 1.",
        "训练设置 {field} 为 {value}：须在 0 与 1 之间。",
    ),
    "no_cuda": (
        "There is no usable GPU (CUDA): leave out --device, or install a CUDA build of PyTorch.",
        "没有可用的 GPU（CUDA）：请去掉 --device，或安装支持 CUDA 的 PyTorch。",
    ),
    "run_exists": (
        "{folder} already holds a training run or a model: go on with --resume, or choose another --out.",
        "{folder} 中已有训练记录或模型：用 --resume 继续，或另选 --out。",
    ),
    "nothing_to_resume": (
        "{folder} holds no checkpoint to resume from: leave out --resume.",
        "{folder} 中没有可恢复的检查点：请去掉 --resume。",
    ),
    "checkpoint_damaged": (
        "The checkpoint {folder} is damaged or incomplete ({reason}): delete it to resume from an older one.",
        "检查点 {folder} 已损坏或不完整（{reason}）：删除它即可从更早的检查点恢复。",
    ),
    "other_model": (
        "The checkpoint {folder} has another {field} ({found}, now {wanted}): resume with the settings of the run.",
        "检查点 {folder} 的 {field} 不同（{found}，现为 {wanted}）：请用原来的设置恢复训练。",
    ),
    "diverged": (
        "Training has diverged: the gradients of {count} steps in a row were not finite. Lower the learning rate, and "
        "resume from the last checkpoint in {folder} or begin anew.",
        "训练已发散：连续 {count} 步的梯度不是有限值。请降低学习率，从 {folder} 中最近的检查点恢复，或重新开始。",
    ),
    "no_model": (
        "Training has ended without a model: no validation gave a finite loss. Lower the learning rate and begin anew.",
        "训练结束，但没有得到模型：没有一次验证的损失是有限值。请降低学习率后重新开始。",
    ),
    "begin": (
        "{parameters:.1f} M parameters on {device} ({precision}); {games:,} games, {plies:,} plies; "
        "{steps:,} steps of about {positions:,} positions ({epochs:.2f} epochs).",
        "{parameters:.1f} M 参数，设备 {device}（{precision}）；{games:,} 局，{plies:,} 着；"
        "共 {steps:,} 步，每步约 {positions:,} 个局面（{epochs:.2f} 轮）。",
    ),
    "resumed": ("Resumed from step {step:,}.", "已从第 {step:,} 步恢复。"),
    "validated": (
        "step {step:>6,}  validation {nats:.4f} nats a ply, top-1 {top1:.2%}, training loss {loss:.4f}",
        "第 {step:>6,} 步  验证 {nats:.4f} 奈特/着，首选命中 {top1:.2%}，训练损失 {loss:.4f}",
    ),
    "stopped": (
        "Stopped at step {step:,}; the checkpoint is saved. Go on with the same command and --resume.",
        "已在第 {step:,} 步停止，检查点已保存。用同一命令加 --resume 继续。",
    ),
    "finished": (
        "Finished: {folder} holds the model (validation {nats:.4f} nats a ply, top-1 {top1:.2%}). "
        "Play it with: xiangqi-gpt play --opponent gpt:{folder}",
        "训练完成：模型在 {folder}（验证 {nats:.4f} 奈特/着，首选命中 {top1:.2%}）。"
        "对弈：xiangqi-gpt play --opponent gpt:{folder}",
    ),
    "save_failed": (
        "The checkpoint could not be saved ({reason}); training goes on with the last one kept.",
        "检查点保存失败（{reason}）；训练继续，保留上一个检查点。",
    ),
    "progress": ("training", "训练"),
    "positions_per_second": ("{rate:,.0f} positions/s", "{rate:,.0f} 局面/秒"),
    "unknown_preset": (
        "There is no preset {name!r}: choose one of {names}, or give the path of a TOML file.",
        "没有预设 {name!r}：可选 {names}，或给出 TOML 文件的路径。",
    ),
    "preset_unreadable": (
        "{path} is no preset ({reason}): mend the TOML file.",
        "{path} 不是有效的预设（{reason}）：请修正该 TOML 文件。",
    ),
    "preset_key": (
        "{path} has the unknown setting {field!r}: the settings are listed by xiangqi-gpt train --help.",
        "{path} 中有未知设置 {field!r}：可用的设置见 xiangqi-gpt train --help。",
    ),
}
