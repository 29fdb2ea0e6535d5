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
    "r_drop_without_dropout": (
        "R-Drop compares two passes with other dropout: set dropout above 0, or r_drop to 0.",
        "R-Drop 比较两次不同 dropout 的前向结果：请将 dropout 设为大于 0，或将 r_drop 设为 0。",
    ),
    "sharded_needs_adamw": (
        "The optimizer {optimizer} needs whole matrices: with shard set optimizer to adamw.",
        "优化器 {optimizer} 需要完整的矩阵：使用 shard 时请将 optimizer 设为 adamw。",
    ),
    "symmetric_needs_mirror": (
        "With symmetric a model is asked about mirror images, which it must see in training too: set mirror above 0, "
        "or symmetric to False (--no-symmetric).",
        "设了 symmetric，模型也要判断镜像局面，训练中须见过镜像棋局：请将 mirror 设为大于 0，"
        "或将 symmetric 设为 False（--no-symmetric）。",
    ),
    "no_tensorboard": (
        "TensorBoard is not installed: pip install tensorboard, or leave out --tensorboard.",
        "未安装 TensorBoard：请运行 pip install tensorboard，或去掉 --tensorboard。",
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
        "{folder} already holds a training run: go on with --resume, or choose another --out.",
        "{folder} 中已有训练记录：用 --resume 继续，或另选 --out。",
    ),
    "model_exists": (
        "{folder} already holds a model: choose another --out.",
        "{folder} 中已有模型：请另选 --out。",
    ),
    "corpus_there": (
        "{folder} is the folder of a corpus: give the run another, with --out.",
        "{folder} 是语料的文件夹：请用 --out 为训练另选文件夹。",
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
    "other_shape": (
        "The model to begin with has another shape ({name}): leave out the settings of the model, they are its own.",
        "作为起点的模型形状不同（{name}）：请去掉模型设置，它们取自该模型。",
    ),
    "diverged": (
        "Training has diverged: the gradients of {count} steps in a row were not finite, or far too "
        "large. Lower the learning rate, and resume from the last checkpoint in {folder} or begin anew.",
        "训练已发散：连续 {count} 步的梯度不是有限值或异常偏大。请降低学习率，"
        "从 {folder} 中最近的检查点恢复，或重新开始。",
    ),
    "no_model": (
        "Training has ended without a model: no validation gave a finite loss, or none could be saved. Lower the "
        "learning rate, or make room, and begin anew with another --out.",
        "训练结束，但没有得到模型：没有一次验证的损失是有限值，或模型未能保存。"
        "请降低学习率或腾出磁盘空间，另选 --out 重新开始。",
    ),
    "begin": (
        "{parameters:.1f} M parameters on {device} ({precision}{compiled}, {processes} process(es)); {games:,} games, "
        "{plies:,} plies; {length} of about {positions:,} positions a step.",
        "{parameters:.1f} M 参数，设备 {device}（{precision}{compiled}，{processes} 个进程）；"
        "{games:,} 局，{plies:,} 着；"
        "{length}，每步约 {positions:,} 个局面。",
    ),
    "compiled": (", compiled", "，已编译"),
    "length_steps": ("{steps:,} steps ({epochs:.2f} epochs)", "共 {steps:,} 步（{epochs:.2f} 轮）"),
    "length_minutes": ("{minutes:g} minutes", "共 {minutes:g} 分钟"),
    "already_done": (
        "{folder} has already trained to the end (step {step:,}): raise --steps (or --minutes) to go on.",
        "{folder} 已训练完毕（第 {step:,} 步）：如需继续，请增大 --steps（或 --minutes）。",
    ),
    "resumed": ("Resumed from step {step:,}.", "已从第 {step:,} 步恢复。"),
    "validated_first": (
        "before     validation {nats:.4f} nats a ply, top-1 {top1:.2%}",
        "训练前     验证 {nats:.4f} 奈特/着，首选命中 {top1:.2%}",
    ),
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
    "figures": (
        "loss {loss:.4f}, {rate:,.0f} positions/s, {utilisation:.0%} of the matmul rate",
        "损失 {loss:.4f}，{rate:,.0f} 局面/秒，矩阵乘法峰值的 {utilisation:.0%}",
    ),
    "step": ("step {step:>6,}  {figures}", "第 {step:>6,} 步  {figures}"),
    "unknown_preset": (
        "There is no preset {name!r}: choose one of {names}, or give the path of a TOML file.",
        "没有预设 {name!r}：可选 {names}，或给出 TOML 文件的路径。",
    ),
    "preset_unreadable": (
        "{path} is no preset ({reason}): mend the TOML file.",
        "{path} 不是有效的预设（{reason}）：请修正该 TOML 文件。",
    ),
    "preset_missing": (
        "There is no preset file {path}: give the path of a TOML file.",
        "没有预设文件 {path}：请给出 TOML 文件的路径。",
    ),
    "preset_place": (
        "{path} has {field!r} among the settings of training: it is one of the model, move it below [model].",
        "{path} 把 {field!r} 写在了训练设置中：它是模型设置，请移到 [model] 之下。",
    ),
    "preset_key": (
        "{path} has the unknown setting {field!r}: the settings are listed by xiangqi-gpt train --help.",
        "{path} 中有未知设置 {field!r}：可用的设置见 xiangqi-gpt train --help。",
    ),
    # Evaluation
    "evaluate_what": (
        "Say on what games to evaluate: --games with files or folders, or --corpus with a corpus, and not both.",
        "请指明用哪些棋局评测：--games 后接文件或文件夹，或 --corpus 后接语料，二者只能选一。",
    ),
    "evaluate_reading": ("Reading games", "读取棋谱"),
    "evaluate_scoring": ("Evaluating", "评测"),
    "evaluate_games": ("{games:,} games", "{games:,} 局"),
    "evaluate_rate": ("{rate:,.0f} plies/s", "{rate:,.0f} 着/秒"),
    "evaluate_rejected": (
        "Games left out for a fault: {count:,}; the first are told above.",
        "有 {count:,} 局因存在错误未计入；上面列出了最先遇到的几处。",
    ),
    "evaluated": (
        "{model}: {parameters:.1f} M parameters on {device} ({precision}); {games:,} games, {plies:,} plies in "
        "{seconds:,.1f} s ({rate}).",
        "{model}：{parameters:.1f} M 参数，设备 {device}（{precision}）；{games:,} 局，{plies:,} 着，"
        "用时 {seconds:,.1f} 秒（{rate}）。",
    ),
    "figures_legal": ("Among the legal moves", "在合法着法中"),
    "figures_raw": ("Without a mask", "不加合法着法掩码"),
    "figures_value": ("Foretelling the result (Brier score, less is better)", "预测胜负（Brier 分数，越低越好）"),
    "figures_all": ("all plies", "全部"),
    "side_red": ("Red", "红方"),
    "side_black": ("Black", "黑方"),
    "figure_games": ("games", "局数"),
    "figure_plies": ("plies", "着数"),
    "figure_nats_per_ply": ("nats a ply", "奈特/着"),
    "figure_top1": ("top-1", "首选命中"),
    "figure_top3": ("top-3", "前三命中"),
    "figure_top5": ("top-5", "前五命中"),
    "figure_nats_raw": ("nats a ply", "奈特/着"),
    "figure_argmax_legal": ("first choice legal", "首选合法"),
    "figure_illegal_mass": ("mass on illegal moves", "非法着法概率"),
    "figure_games_legal": ("games all legal", "全局合法"),
    "figure_value_brier": ("model", "模型"),
    "figure_value_brier_base_rates": ("constant guess", "恒定猜测"),
    # Runs
    "run_missing": (
        "{folder} is no training run and holds none (there is no log.jsonl): give a folder that xiangqi-gpt train "
        "wrote.",
        "{folder} 不是训练文件夹，其中也没有训练记录（找不到 log.jsonl）：请给出 xiangqi-gpt train 写出的文件夹。",
    ),
    "run_unreadable": (
        "{file} cannot be read ({reason}): check who may read it.",
        "无法读取 {file}（{reason}）：请检查读取权限。",
    ),
    "run_lines": (
        "{folder}: {count:,} lines of the log cannot be read and were left out.",
        "{folder}：日志中有 {count:,} 行无法读取，已略过。",
    ),
    "no_runs": ("No runs are given: name the folder of a training run.", "没有给出训练记录：请指定训练文件夹。"),
    "runs_title": ("Training runs", "训练记录"),
    "run_run": ("run", "训练"),
    "run_parameters": ("parameters", "参数"),
    "run_steps": ("steps", "步数"),
    "run_positions": ("positions", "局面"),
    "run_minutes": ("minutes", "分钟"),
    "run_loss": ("loss", "损失"),
    "run_last_nats": ("last nats", "最近奈特/着"),
    "run_last_top1": ("last top-1", "最近首选命中"),
    "run_best_nats": ("best nats", "最佳奈特/着"),
    "run_best_top1": ("top-1 at the best", "最佳时首选命中"),
    "run_rate": ("positions/s", "局面/秒"),
    "run_utilisation": ("of the peak", "算力利用率"),
    "curve_mean_loss": ("Training loss, mean of 50 steps", "训练损失（50 步平均）"),
    "curve_validation_nats": ("Validation: nats a ply", "验证：奈特/着"),
    "curve_validation_top1": ("Validation: top-1", "验证：首选命中"),
    "curve_value_loss": ("Loss of the value head", "胜负预测的损失"),
    "curve_positions_per_second": ("Positions a second", "每秒局面数"),
    "curve_utilisation": ("Share of the machine's best rate", "算力利用率"),
    "along_step": ("steps", "步数"),
    "along_positions": ("positions", "局面数"),
    "along_minutes": ("minutes", "分钟"),
}
