"""Makes the two font files of this folder out of LXGW WenKai.

    python make_subset.py FOLDER_OF_THE_TTF_FILES

It needs fonttools and ``LXGWWenKai-Regular.ttf`` and ``-Bold.ttf`` (version 1.250; Debian has them
in the package fonts-lxgw-wenkai). Run it again when a message uses a character that is missing:
``tests/ui/test_font.py`` tells which.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parents[1]
# The licence reserves the names "LXGW" and "霞鹜": a modified font needs another.
FAMILY = "Xiangqi GPT Kai"


def texts(*paths: Path) -> str:
    """All characters of some source files."""
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def common_hanzi() -> str:
    """The 3,755 characters of GB 2312 level 1, for names in game records."""
    codes = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", "ignore") for code in codes)


def latin() -> str:
    """ASCII, Latin-1, full-width forms, and the punctuation of both languages."""
    ranges = (range(0x20, 0x7F), range(0xA0, 0x180), range(0xFF01, 0xFF5F), range(0x3001, 0x3012))
    return "".join(chr(code) for codes in ranges for code in codes) + "–—…‘’“”·•−×½←→↑↓"


def make(source: Path, weight: str, characters: str) -> None:
    """Write one font with these characters only, renamed."""
    subset: Any = import_module("fontTools.subset")
    options = subset.Options(
        hinting=False, layout_features=[], glyph_names=False, notdef_outline=True, name_IDs=["*"], name_languages=["*"]
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG"]
    font = subset.load_font(str(source / f"LXGWWenKai-{weight}.ttf"), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    names = font["name"]
    names.names = [record for record in names.names if record.langID == 0x409 and record.nameID in (0, 5, 13, 14)]
    for name, text in ((1, FAMILY), (2, weight), (3, f"{FAMILY} {weight}"), (4, f"{FAMILY} {weight}")):
        names.setName(text, name, 3, 1, 0x409)
    names.setName(f"{FAMILY}-{weight}".replace(" ", ""), 6, 3, 1, 0x409)
    subset.save_font(font, str(HERE / f"XiangqiGPTKai-{weight}.ttf"), options)


def main() -> None:
    """Make both weights: a regular one for text, a bold one for the pieces and the window's own words."""
    source = Path(sys.argv[1])
    own = texts(PACKAGE / "messages" / "ui.py", PACKAGE / "rules" / "pieces.py")
    # Both scripts' characters of pieces, boards and move notation.
    xiangqi = "帥帅將将仕士相象俥車车傌馬马炮砲兵卒進进退平前中后後一二三四五六七八九楚河漢汉界紅红黑"
    make(source, "Regular", common_hanzi() + latin() + texts(*(PACKAGE / "messages").glob("*.py")) + xiangqi)
    make(source, "Bold", latin() + own + xiangqi)


if __name__ == "__main__":
    main()
