"""Messages of game records: files that cannot be read, games with faults."""

CATALOGUE = {
    # Files
    "file_missing": (
        "There is no file or folder {file}: check the path.",
        "找不到文件或文件夹 {file}：请检查路径。",
    ),
    "file_unreadable": (
        "{file} cannot be read ({detail}): check the path, and that you may read it.",
        "无法读取 {file}（{detail}）：请检查路径及读取权限。",
    ),
    "file_empty": ("{file} is empty: give a file with games.", "{file} 是空文件：请给出含有棋谱的文件。"),
    "file_damaged": (
        "{file} is damaged or cut short ({detail}): fetch the file again.",
        "{file} 已损坏或不完整（{detail}）：请重新获取该文件。",
    ),
    "file_encrypted": (
        "{file} is encrypted: unpack the archive with its password and give the files.",
        "{file} 已加密：请先用密码解压，再给出其中的文件。",
    ),
    "not_a_game_log": (
        "{file} is no game log that can be read: give one of {formats}, plain or in gzip, xz, zstd or zip.",
        "{file} 不是可读取的棋谱：支持 {formats}，可用 gzip、xz、zstd 或 zip 压缩。",
    ),
    "no_game_files": (
        "{file} holds no game logs: put files with the usual suffixes of {formats} in it.",
        "{file} 中没有棋谱文件：请放入 {formats} 格式、带有通用扩展名的文件。",
    ),
    "files_failed": (
        "{count} files of {file} could not be read, the first: {first}",
        "{file} 中有 {count} 个文件无法读取，第一个：{first}",
    ),
    "table_without_moves": (
        "The first row of {file} names no column of moves: call it moves, or move where a row is a move.",
        "{file} 的首行没有着法列：请把该列命名为 moves（每行一局）或 move（每行一着）。",
    ),
    "json_broken": (
        "{file} is no JSON from line {line} on ({detail}): correct it there.",
        "{file} 从第 {line} 行起不是有效的 JSON（{detail}）：请更正。",
    ),
    "suffix_unknown": (
        "{file} does not tell what format to write: end its name with one of {suffixes}.",
        "无法从 {file} 判断要写入的格式：文件名请以 {suffixes} 之一结尾。",
    ),
    "one_game_a_file": (
        "{file} can hold one game only, as every file of the format {format}: write into a folder.",
        "{file} 只能存放一局（{format} 格式均如此）：请写入文件夹。",
    ),
    "not_text": (
        "The format {format} is no text: write it to a file.",
        "{format} 不是文本格式：请写入文件。",
    ),
    "not_open_as_text": (
        "read_game reads streams that are open as text, which {file} is not: open it with open(path, encoding=…), or"
        " use read_games, which takes paths and finds the encoding.",
        "read_game 只读取以文本方式打开的流，{file} 不是：请用 open(路径, encoding=…) 打开，或改用可直接接受路径、"
        "自动识别编码的 read_games。",
    ),
    "text_undecodable": (
        '{file} is not in {encoding}, in which it was opened: open it with mode "rb" or give its path, and the encoding'
        " will be found.",
        '{file} 的编码不是打开时指定的 {encoding}：请以 "rb" 模式打开或直接给出路径，程序会自动识别编码。',
    ),
    "notation_unknown": (
        "{notation!r} is no notation that can be written: name one of {notations}.",
        "不支持以 {notation!r} 记谱法写出：请指定 {notations} 之一。",
    ),
    "notation_encoding": (
        "{encoding} cannot hold moves in the notation {notation}: choose another encoding (gb18030 or utf-8 for "
        "simplified characters, big5 or utf-8 for traditional ones) or another notation.",
        "{encoding} 编码无法表示 {notation} 记谱法的着法：请换编码（简体用 gb18030 或 utf-8，繁体用 big5 或 utf-8），"
        "或换记谱法。",
    ),
    "encoding_unknown": (
        "{encoding} is no text encoding: name one such as utf-8, gb18030 or big5.",
        "{encoding} 不是文本编码：请指定 utf-8、gb18030 或 big5 等。",
    ),
    "cannot_write": (
        "{file} cannot be written ({detail}): check the path, and that there is room.",
        "无法写入 {file}（{detail}）：请检查路径和磁盘空间。",
    ),
    "line_too_long": (
        "Line {line} of {file} is longer than {limit} characters, so it is no game log: split it into lines.",
        "{file} 第 {line} 行超过 {limit} 个字符，不是棋谱：请分行。",
    ),
    "xqf_short": (
        "{file} is no whole XQF file: it has {size} bytes where the header alone has {least}; fetch the file again.",
        "{file} 不是完整的 XQF 文件：只有 {size} 字节，而文件头就有 {least} 字节；请重新获取该文件。",
    ),
    "xqf_large": (
        "{file} is larger than the {limit} MB that an XQF file can be expected to have: check that it is one.",
        "{file} 超过 {limit} MB，不像是 XQF 棋谱：请检查该文件。",
    ),
    "xqf_version": (
        "{file} is of XQF version {version}; those up to {last} can be read: save it as an older one, or as PGN.",
        "{file} 的 XQF 版本为 {version}，目前支持到 {last}：请另存为较早的版本或 PGN。",
    ),
    "not_a_tree": (
        "{file} is no opening tree: make one with `xiangqi-gpt openings GAMES --out {file}`.",
        "{file} 不是开局树文件：请用 `xiangqi-gpt openings 棋谱 --out {file}` 生成。",
    ),
    "tree_version": (
        "{file} is an opening tree of format {found}, this program reads {expected}: make it again.",
        "{file} 的开局树格式为 {found}，本程序读取的是 {expected}：请重新生成。",
    ),
    # Games
    "move_unreadable": (
        "{file}, line {line}: {text!r} at ply {ply} is no move: write it as h2e2, H2-E2, C2=5 or 炮二平五.",
        "{file} 第 {line} 行：第 {ply} 着 {text!r} 不是着法：请写成 h2e2、H2-E2、C2=5 或炮二平五的形式。",
    ),
    "move_ambiguous": (
        "{file}, line {line}: {text!r} at ply {ply} could mean {candidates}: write one of these.",
        "{file} 第 {line} 行：第 {ply} 着 {text!r} 有歧义，可能是 {candidates}：请写明其一。",
    ),
    "move_resolved": (
        "{file}, line {line}: {text!r} at ply {ply} could mean {candidates}; only one lets the game go on "
        "and is taken.",
        "{file} 第 {line} 行：第 {ply} 着 {text!r} 有歧义，可能是 {candidates}；已按后续着法取其中唯一可行者。",
    ),
    "move_illegal": (
        "{file}, line {line}: {text!r} at ply {ply} is against the rules: correct the move.",
        "{file} 第 {line} 行：第 {ply} 着 {text!r} 不合规则：请更正该着法。",
    ),
    "fen_bad": (
        "{file}, line {line}: {detail}",
        "{file} 第 {line} 行：{detail}",
    ),
    "position_impossible": (
        "{file}, line {line}: in the start position {text!r} the side to move could take the general; correct the FEN.",
        "{file} 第 {line} 行：起始局面 {text!r} 中走棋方可直接吃掉对方将帅；请更正 FEN。",
    ),
    "no_moves": ("{file}, line {line}: the game has no moves.", "{file} 第 {line} 行：该局没有着法。"),
    "comment_open": (
        "{file}, line {line}: a comment is not closed by '}}' before the next game; close it.",
        "{file} 第 {line} 行：注释直到下一局开始仍未以 “}}” 结束；请补上。",
    ),
    "xqf_cut": (
        "{file}, record {line}: the XQF file is cut short here; fetch the file again to have the rest.",
        "{file} 第 {line} 条记录：XQF 文件到此中断；请重新获取该文件。",
    ),
    "xqf_endless": (
        "{file}, record {line}: the XQF file has more moves than a game can be expected to have; the rest is left out, "
        "so split it into several.",
        "{file} 第 {line} 条记录：XQF 文件的着法过多，其后内容已略去；请拆成几个文件。",
    ),
    "xqf_record": (
        "{file}, record {line}: the XQF file is damaged here, and the rest is left out; fetch the file again.",
        "{file} 第 {line} 条记录：XQF 文件在此损坏，其后内容已略去；请重新获取该文件。",
    ),
    "variant_other": (
        "{file}, line {line}: the game is {text!r}, not xiangqi: take it out of the file.",
        "{file} 第 {line} 行：该局是 {text!r}，不是中国象棋：请从文件中移除。",
    ),
    "variation_open": (
        "{file}, line {line}: the side line that begins here is not closed by ')' before the game ends; close it.",
        "{file} 第 {line} 行：从此处开始的变着直到该局结束仍未以 “)” 结束；请补上。",
    ),
    "json_bad": (
        "{file}, line {line}: this is no JSON ({detail}); correct the line.",
        "{file} 第 {line} 行：不是有效的 JSON（{detail}）；请更正该行。",
    ),
    "row_bad": (
        "{file}, line {line}: this is no row of a table ({detail}); correct the quotes.",
        "{file} 第 {line} 行：不是有效的表格行（{detail}）；请检查引号。",
    ),
    "rows_missing": (
        "{file}, line {line}: the row of ply {ply} is missing before this one, so the game ends there; add the row.",
        "{file} 第 {line} 行：此行之前缺少第 {ply} 着的一行，该局到此为止；请补上。",
    ),
    "moves_missing": (
        "{file}, line {line}: the object has no moves; name its list of moves `moves`.",
        "{file} 第 {line} 行：该对象没有着法；请把着法列表命名为 moves。",
    ),
    "variation_stray": (
        "{file}, line {line}: a side line follows no move and is left out; put it behind the move it replaces.",
        "{file} 第 {line} 行：括号中的变着前没有着法，已略去；请把它放在所替换的着法之后。",
    ),
    # What is lost in writing
    "loss_counters": (
        "The counters of the start position ({halfmove}, {fullmove}) are not kept: XQF has none.",
        "起始局面的计数（{halfmove}、{fullmove}）未保留：XQF 没有这些字段。",
    ),
    "loss_column": (
        "The tag {tag} ({text!r}) is not kept: the table has no such column.",
        "标签 {tag}（{text!r}）未保留：表格没有该列。",
    ),
    "loss_cell": (
        "The tag {tag} ({text!r}) will come back as {kept!r}, which is how tables are read.",
        "标签 {tag}（{text!r}）重新读取时会变成 {kept!r}：表格按此方式读取。",
    ),
    "loss_result": (
        "The result is unknown, but the title {text!r} names one, which will be read in its place.",
        "该局结果未知，但标题 {text!r} 含有结果，重新读取时会以其为准。",
    ),
    "loss_side_lines": (
        "Moves with side lines, which are not kept: {count}.",
        "变着未保留：{count} 处。",
    ),
    "loss_comments": (
        "Comments are not kept: {count}.",
        "注释未保留：{count} 处。",
    ),
    "loss_header": (
        "The tag {tag} ({text!r}) is not kept: XQF has no such field.",
        "标签 {tag}（{text!r}）未保留：XQF 没有该字段。",
    ),
    "loss_header_cut": (
        "The tag {tag} ({text!r}) is cut: its field in XQF has {size} bytes.",
        "标签 {tag}（{text!r}）被截断：XQF 中该字段只有 {size} 字节。",
    ),
    "loss_glyphs": (
        "Move glyphs such as ! and ? are not kept: {count}.",
        "着法评注符号（如 !、?）未保留：{count} 个。",
    ),
    "loss_glyph": (
        "The glyph ${nag} is not kept: those of PGN are numbered from 1 to 99999.",
        "评注符号 ${nag} 未保留：PGN 的符号编号为 1 至 99999。",
    ),
    "loss_starting_comments": (
        "Comments before side lines are put behind the line's first move: {count}.",
        "变着之前的注释已移到该变着的第一着之后：{count} 处。",
    ),
    "loss_comment": (
        "The comment {text!r} is written a little differently: none can have white space around it, and one in PGN no"
        " closing brace, spaces at the ends of lines, or tags of a game.",
        "注释 {text!r} 写出时略有改动：首尾空白一律略去，PGN 注释还不能包含右花括号、行尾空格或对局标签。",
    ),
    "loss_header_lines": (
        "The lines of the tag {tag} are joined, as the format has room for one line only.",
        "标签 {tag} 的多行内容已合并：该格式的标签只能有一行。",
    ),
    "loss_header_name": (
        "The tag {tag} ({text!r}) will not come back under this name: PGN tags have names of one word, not another's.",
        "标签 {tag}（{text!r}）重新读取时名称会改变：PGN 标签名须为一个词，且不能是其他标签的别名。",
    ),
    "loss_illegal": (
        "The move {text} is not legal where it stands, so it is written by its squares, and those after it too.",
        "着法 {text} 在该局面不合规则，该着及其后各着改用坐标书写。",
    ),
    "loss_starting_comment": (
        "The comment {text!r} before a move is not kept: only side lines can begin with one.",
        "着法之前的注释 {text!r} 未保留：只有变着才能以注释开头。",
    ),
    "loss_characters": (
        "{encoding} has no {characters}: they are written as question marks.",
        "{encoding} 中没有字符 {characters}：已写成问号。",
    ),
    "xqf_pieces": (
        "The position {fen} has more pieces than a set, which XQF cannot hold: write the game as PGN.",
        "局面 {fen} 的棋子超出一副棋，XQF 无法存储：请改存为 PGN。",
    ),
}
