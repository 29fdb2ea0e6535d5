"""Messages of the model: configuration, checkpoints."""

CATALOGUE = {
    "config_choice": (
        "The setting {field} is {value!r}: choose one of {choices}.",
        "设置 {field} 为 {value!r}：应为 {choices} 之一。",
    ),
    "config_range": (
        "The model setting {field} is {value}: it must lie between {least} and {most}.",
        "模型设置 {field} 为 {value}：须在 {least} 与 {most} 之间。",
    ),
    "config_heads": (
        "The model has width {d_model} and {n_head} heads: the width must be a multiple of the heads, "
        "and with rotary positions an even one.",
        "模型宽度为 {d_model}，注意力头数为 {n_head}：宽度须为头数的倍数，使用旋转位置编码时须为偶数倍。",
    ),
    "config_dropout": (
        "The model setting dropout is {value}: it must be at least 0 and below 1.",
        "模型设置 dropout 为 {value}：须不小于 0 且小于 1。",
    ),
    "config_characters": (
        "With the tokenizer iccs the model sees move text alone: set {field} to {value}.",
        "使用 iccs 分词时模型只看着法文本：请将 {field} 设为 {value}。",
    ),
    "config_categories": (
        "Per-move features need the policy over the legal moves: set policy to legal, or move_features to False.",
        "逐着特征需要在合法着法上输出策略：请将 policy 设为 legal，或将 move_features 设为 False。",
    ),
    "config_exchanges": (
        "Exchanges are seen with the board's tactics and per-move features: set board to tactics and move_features "
        "to True, or exchanges to False.",
        "子力交换特征须与棋盘战术特征和逐着特征同用：请将 board 设为 tactics、move_features 设为 True，"
        "或将 exchanges 设为 False。",
    ),
    "config_unknown": (
        "{path} has the unknown setting {field!r}: the model is from another version of the program; update it.",
        "{path} 含有未知设置 {field!r}：该模型出自其他版本的程序，请更新程序。",
    ),
    "not_a_model": (
        "{path} is no model folder: it needs config.json and model.safetensors, as xiangqi-gpt train writes them.",
        "{path} 不是模型文件夹：其中应有 xiangqi-gpt train 写出的 config.json 和 model.safetensors。",
    ),
    "config_unreadable": (
        "{path} is no model configuration ({reason}): copy the model folder again.",
        "{path} 不是有效的模型配置（{reason}）：请重新复制模型文件夹。",
    ),
    "config_foreign": (
        "{path} is not a configuration of this program (model_type is not 'xiangqi-gpt'): "
        "choose a folder written by xiangqi-gpt train.",
        "{path} 不是本程序的模型配置（model_type 不是 'xiangqi-gpt'）：请选择 xiangqi-gpt train 写出的文件夹。",
    ),
    "format_version": (
        "{path} has format version {found}; this program reads {known}: update the program or train anew.",
        "{path} 的格式版本为 {found}，本程序可读 {known}：请更新程序或重新训练。",
    ),
    "vocabulary": (
        "{path} was made with another move vocabulary ({found}, here {known}): use the version that made it.",
        "{path} 使用了另一套着法词表（{found}，本程序为 {known}）：请使用生成它的程序版本。",
    ),
    "weights_unreadable": (
        "{path} is damaged or incomplete ({reason}): copy it again or restore it from a checkpoint.",
        "{path} 已损坏或不完整（{reason}）：请重新复制，或从检查点恢复。",
    ),
    "weights_mismatch": (
        "{path} does not fit its config.json (tensor {name}): copy the whole model folder again.",
        "{path} 与其 config.json 不符（张量 {name}）：请重新复制整个模型文件夹。",
    ),
    "export_exists": (
        "{folder} holds a model already: choose another folder, or --overwrite if it is not the model exported.",
        "{folder} 中已有模型：请另选文件夹；若它不是被导出的模型本身，可用 --overwrite 覆盖。",
    ),
    "write_failed": (
        "Cannot write {path} ({reason}): choose another folder, or make room on the disk if it is full.",
        "无法写入 {path}（{reason}）：请另选文件夹；若磁盘已满，请腾出空间。",
    ),
}
