"""Draw the pictures of the pages in this folder: ``python docs/draw_pictures.py`` writes them to ``docs/img``.

Red arrows are threats, blue ones answers, yellow ones protection or a pin; a ring is a piece in the way,
brackets mark the last move, crosses points that are barred.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xiangqi_gpt import Board, svg
from xiangqi_gpt.rules.squares import parse_square

__all__ = ["SCENES", "Scene", "main"]

FOLDER = Path(__file__).parent / "img"


@dataclass(frozen=True)
class Scene:
    """What a picture shows.

    Attributes:
        fen: the position.
        moves: UCI moves that are played first.
        red: arrows as pairs of squares, such as ``b1b6``; a ring where both are the same.
        blue: the same.
        yellow: the same.
        crosses: squares with a cross.
    """

    fen: str
    moves: str = ""
    red: str = ""
    blue: str = ""
    yellow: str = ""
    crosses: str = ""

    def board(self) -> Board:
        """The position after the moves."""
        board = Board(self.fen)
        for move in self.moves.split():
            board.push_uci(move)
        return board

    def arrows(self) -> list[svg.Arrow]:
        """The arrows of all colours."""
        colors = {"red": self.red, "blue": self.blue, "yellow": self.yellow}
        return [
            svg.Arrow(parse_square(pair[:2]), parse_square(pair[2:]), color)
            for color, pairs in colors.items()
            for pair in pairs.split()
        ]

    def draw(self) -> svg.Picture:
        """The picture."""
        board = self.board()
        return svg.board(
            board,
            lastmove=board.peek() if board.move_stack else None,
            check=board.general(board.turn) if board.is_check() else None,
            arrows=self.arrows(),
            squares=map(parse_square, self.crosses.split()),
            coordinates="squares",
            size=320,
        )


_SCREENED = "2c2k3/9/3P5/9/2b6/2n5R/9/9/9/4K4 w - - 0 1"

SCENES = {
    "perpetual-chase": Scene("3k5/9/9/1c7/9/9/9/9/2R6/4K4 w - - 0 1", "c1b1", red="b1b6", blue="b6c6"),
    "no-legal-move": Scene("3k5/2P6/9/9/9/9/9/9/9/4K4 b - - 0 1", red="c8d8", crosses="d8 e9"),
    "perpetual-check": Scene("5k3/9/9/9/9/9/9/9/4R4/3K5 w - - 0 1", "e1f1", red="f1f9", blue="f9e9"),
    "screen-protected": Scene(_SCREENED, red="i4c4", yellow="c9c4"),
    "screen-second": Scene(_SCREENED, "d7c7", red="i4c4", blue="c5e7"),
    "pinned-protector": Scene("4k4/9/2n1r4/9/9/9/2R6/4R4/9/3K5 w - - 0 1", red="c3c7", yellow="e2e7"),
    "blocked-horse": Scene("4k4/9/9/9/4n4/4p4/3N5/9/9/3K5 w - - 0 1", red="d3e5", yellow="e4e4"),
}


def main() -> None:
    """Write every picture."""
    FOLDER.mkdir(exist_ok=True)
    for name, scene in SCENES.items():
        (FOLDER / f"{name}.svg").write_text(f"{scene.draw()}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
