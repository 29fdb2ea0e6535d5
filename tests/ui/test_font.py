from __future__ import annotations

import importlib
import pkgutil
from importlib.resources import files

import pygame
import pytest

from xiangqi_gpt import messages
from xiangqi_gpt.rules.pieces import PIECE_HANZI, PIECE_HANZI_TRADITIONAL
from xiangqi_gpt.ui.text import Fonts

LONG = "The model in /home/someone/models/run-2024-11-24 cannot be read: its weights end after 1024 of 9046016 bytes."


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    pygame.font.init()
    return Fonts()


@pytest.mark.parametrize("room", [module.name for module in pkgutil.iter_modules(messages.__path__)])
def test_every_message_can_be_drawn(fonts: Fonts, room: str) -> None:
    catalogue = importlib.import_module(f"xiangqi_gpt.messages.{room}").CATALOGUE
    texts = "".join(text for pair in catalogue.values() for text in pair).replace("\n", "")
    assert fonts.missing(texts) == "", "run xiangqi_gpt/data/font/make_subset.py again"
    if room == "ui":
        assert fonts.missing(texts, bold=True) == ""


def test_every_piece_and_notation_can_be_drawn(fonts: Fonts) -> None:
    assert fonts.missing((PIECE_HANZI + PIECE_HANZI_TRADITIONAL).replace("．", ""), bold=True) == ""
    assert (
        fonts.missing(
            "帅帥将將车車俥马馬傌炮砲兵卒仕士相象进進退平前中后後一二三四五六七八九１２３４５６７８９楚河汉漢界"
        )
        == ""
    )
    # Names in Chinese records: any of GB 2312 level 1.
    names = "".join(bytes([row, cell]).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF))
    assert fonts.missing(names) == ""


def test_the_licence_ships_with_the_font_and_its_names_are_not_the_reserved_ones() -> None:
    data = files("xiangqi_gpt.data")
    licence = (data / "LICENSES" / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert 'Reserved Font Names "LXGW"' in licence
    for weight in ("Regular", "Bold"):
        font = (data / "font" / f"XiangqiGPTKai-{weight}.ttf").read_bytes()
        assert "LXGW WenKai".encode("utf-16-be") not in font
        assert f"Xiangqi GPT Kai {weight}".encode("utf-16-be") in font


@pytest.mark.parametrize(
    "text", [LONG, "该模型无法读取：权重文件在 9046016 字节中只有 1024 字节，请重新下载，或改用其他模型文件夹。"]
)
def test_wrapped_lines_are_narrow_and_lose_nothing(fonts: Fonts, text: str) -> None:
    rows = fonts.wrap(text, 20, 260, lines=20)
    assert len(rows) > 2
    assert all(fonts.font(20).size(row)[0] <= 260 for row in rows)
    assert "".join(rows).replace(" ", "") == text.replace(" ", "")
    assert all(row[0] not in "，。：、" for row in rows)


def test_too_long_a_text_ends_in_dots(fonts: Fonts) -> None:
    rows = fonts.wrap(LONG, 20, 260, lines=2)
    assert len(rows) == 2
    assert rows[1].endswith("…")
    short = fonts.fit(LONG, 20, 100)
    assert short.endswith("…")
    assert fonts.font(20).size(short)[0] <= 100
    assert fonts.fit("short", 20, 100) == "short"
