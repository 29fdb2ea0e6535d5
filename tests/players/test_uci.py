"""Engines: the protocols, and everything that engines do wrong. The engine is a script, ``fake_engine.py``."""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from xiangqi_gpt.board import Board, Move
from xiangqi_gpt.players.base import Info, Limit
from xiangqi_gpt.players.engine_info import Score
from xiangqi_gpt.players.engine_process import EngineError, EngineProcess, EngineTerminatedError, EngineTimeoutError
from xiangqi_gpt.players.engine_spec import EngineSpec
from xiangqi_gpt.players.spec import PlayerSpecError, open_player, parse_spec
from xiangqi_gpt.players.uci import SimpleEngine, split_command
from xiangqi_gpt.players.uci_player import UciPlayer

FAKE = str(Path(__file__).parent / "fake_engine.py")
VARIANT = "option name UCI_Variant type combo default chess var chess var xiangqi"
NODES = Limit(nodes=100)
BLACK_FIRST = "rnbakabnr/9/1c5c1/p1p1p1p1p/9/9/P1P1P1P1P/1C2C4/9/RNBAKABNR b - - 1 1"

Opens = Callable[..., SimpleEngine]


@pytest.fixture
def open_engine(tmp_path: Path) -> Any:
    """Opens an engine with a script; what it was sent is in ``sent()``."""
    engines = []

    def opens(*, timeout: float = 60, first_rank: int | None = None, **script: Any) -> SimpleEngine:
        script["log"] = str(tmp_path / "log")
        popen = SimpleEngine.popen_ucci if script.get("protocol") == "ucci" else SimpleEngine.popen_uci
        engine = popen([sys.executable, FAKE, json.dumps(script)], timeout=timeout, first_rank=first_rank)
        engines.append(engine)
        return engine

    yield opens
    for engine in engines:
        engine.close()


@pytest.fixture
def sent(tmp_path: Path) -> Callable[[], list[str]]:
    return lambda: (tmp_path / "log").read_text().splitlines()


def says(error: EngineError, *words: str) -> None:
    """The error is one sentence in each language with these words."""
    for language in ("en", "zh"):
        text = error.text(language)
        assert "\n" not in text
        assert all(word in text for word in words), text


# The protocols


def test_ranks_from_1_to_10(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    thoughts = [
        "info string anything bestmove goes here",
        "info depth 1 seldepth 2 multipv 1 score cp 12 nodes 30 nps 3000 time 10 pv a4a5",
        "info depth 2 score cp 35 nodes 90 nps 9000 hashfull 1 time 10 pv h3e3 h10g8",
        "bestmove h3e3 ponder h10g8",
    ]
    engine = open_engine(options=[VARIANT, "option name MultiPV type spin default 1 min 1 max 500"], go=[thoughts])
    assert (engine.name, engine.id["author"], engine.first_rank) == ("Fake 1.0", "nobody", 1)
    result = engine.play(Board(), Limit(nodes=100, depth=9, time=0.25))
    assert result.move == Move.from_uci("h2e2")
    (info,) = result.lines
    assert info.pv == (Move.from_uci("h2e2"), Move.from_uci("h9g7"))
    assert (info.score, info.depth, info.nodes, info.nps, info.time) == (Score(cp=35), 2, 90, 9000, 0.01)
    engine.quit()
    assert sent() == [
        "uci",
        "setoption name UCI_Variant value xiangqi",
        "isready",
        "ucinewgame",
        "isready",
        f"position fen {Board().fen()}",
        "go movetime 250 nodes 100 depth 9",
        "quit",
    ]


def test_ranks_from_0_to_9(open_engine: Opens) -> None:
    engine = open_engine(go=[["info depth 3 score mate -4 pv h9g7", "bestmove h9g7"]])
    assert engine.first_rank == 0
    result = engine.play(Board(BLACK_FIRST), NODES)
    assert result.move == Move.from_uci("h9g7")
    assert result.lines[0].score == Score(mate=-4)


def test_the_ranks_can_be_told(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    engine = open_engine(first_rank=1, go=[["bestmove h10g8"]])
    board = Board()
    board.push_uci("h2e2")
    assert engine.play(board, NODES).move == Move.from_uci("h9g7")
    assert sent()[-2] == f"position fen {Board().fen()} moves h3e3"


def test_ucci(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    options = ["option usemillisec type check default false", "option newgame type button"]
    go = [
        ["info depth 5 score -20 pv h9g7 h0g2", "bestmove h9g7 ponder h0g2"],
        ["nobestmove"],
        ["bestmove b9c7 resign"],
    ]
    engine = open_engine(protocol="ucci", options=options, go=go)
    board = Board()
    board.push_uci("h2e2")
    result = engine.play(board, Limit(time=2))
    assert result.move == Move.from_uci("h9g7")
    assert result.lines[0].score == Score(cp=-20)
    assert engine.play(board, Limit(depth=3)).move is None
    given_up = engine.play(board, NODES)
    assert (given_up.move, given_up.resigned) == (Move.from_uci("b9c7"), True)
    position = f"position fen {Board().fen()} moves h2e2"
    game = ["setoption newgame", "isready", position, "go time 2000 movestogo 1", position, "go depth 3"]
    assert sent() == ["ucci", "setoption usemillisec true", "isready", *game, position, "go nodes 100"]


def test_positions_are_told_since_the_last_capture(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    engine = open_engine(go=[["bestmove b9c7"]])
    board = Board()
    for move in ("h2e2", "h9g7", "e2e6"):
        board.push_uci(move)
    after_capture = board.fen()
    engine.play(board, NODES)
    for move in ("i9h9", "h0g2"):
        board.push_uci(move)
    engine.play(board, NODES)
    positions = [line for line in sent() if line.startswith("position")]
    assert positions == [f"position fen {after_capture}", f"position fen {after_capture} moves i9h9 h0g2"]
    assert len(board.move_stack) == 5


def test_a_new_game_is_told(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    engine = open_engine(go=[["bestmove h2e2"]])
    for game in (1, 1, 2, 2):
        engine.play(Board(), NODES, game=game)
    assert sent().count("ucinewgame") == 2


def test_several_lines(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    thoughts = [
        "info depth 3 multipv 1 score cp 40 pv h2e2",
        "info depth 3 multipv 2 score cp 30 pv b2e2",
        "info depth 3 multipv 3 score cp 20 pv c3c4 h9g7 h0h9",
        "info depth 4 multipv 1 score cp 50 pv b2e2",
        "info depth 4 multipv 2 score cp 10 upperbound pv h2e2",
        "bestmove b2e2",
    ]
    option = "option name MultiPV type spin default 1 min 1 max 500"
    engine = open_engine(options=[option], go=[thoughts])
    lines = engine.analyse(Board(), NODES, multipv=3)
    # The last round is not complete and has a bound: both are mended from the round before.
    assert [(line.pv[0].uci(), line.score) for line in lines] == [
        ("b2e2", Score(cp=50)),
        ("h2e2", Score(cp=40)),
        ("c3c4", Score(cp=20)),
    ]
    assert len(lines[2].pv) == 2  # h0h9 cannot be played
    engine.analyse(Board(), NODES)
    assert [line for line in sent() if "MultiPV" in line] == [f"setoption name MultiPV value {n}" for n in (3, 1)]


def test_scores() -> None:
    assert Score(cp=35).centipawns() == 35
    assert (-Score(cp=35)).centipawns() == -35
    assert Score(mate=3).centipawns() == 29_997
    assert Score(mate=-3).centipawns() == -29_997
    assert Score(mate=0).centipawns() == -30_000
    assert (-Score(mate=3)) == Score(mate=-3)
    assert Score(mate=2).is_mate()
    assert Score(cp=31_000).centipawns() < Score(mate=900).centipawns()


def test_a_move_that_no_thought_tells_of(open_engine: Opens) -> None:
    engine = open_engine(go=[["info depth 1 score cp 7 pv h2e2", "bestmove c3c4"]])
    lines = engine.play(Board(), NODES).lines
    assert [(line.pv[0].uci(), line.score) for line in lines] == [("c3c4", None), ("h2e2", Score(cp=7))]


# Options

OPTIONS = [
    "option name Skill Level type spin default 20 min -20 max 20",
    "option name Ponder type check default false",
    "option name Style type combo default Solid var Solid var Very Risky",
    "option name Clear Hash type button",
    "option name Book File type string default <empty>",
]


def test_options(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    engine = open_engine(options=OPTIONS)
    assert engine.options["Style"].var == ("Solid", "Very Risky")
    skill = engine.option("skill level")
    assert skill is not None
    assert (skill.name, skill.default, skill.min, skill.max) == ("Skill Level", "20", -20, 20)
    engine.configure({"skill level": -3, "Ponder": True, "Style": "very risky", "Clear Hash": None, "Book File": "a b"})
    engine.ping()
    assert [line.removeprefix("setoption name ") for line in sent() if "setoption" in line] == [
        "Skill Level value -3",
        "Ponder value true",
        "Style value Very Risky",
        "Clear Hash",
        "Book File value a b",
    ]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("Skill", 3, ["'Skill'", "Skill Level, Ponder"]),
        ("Skill Level", 21, ["'21'", "-20 … 20"]),
        ("Skill Level", "high", ["'high'", "'Skill Level'"]),
        ("Ponder", "maybe", ["true, false"]),
        ("Style", "Wild", ["Solid, Very Risky"]),
    ],
)
def test_options_that_there_are_not(name: str, value: Any, words: list[str], open_engine: Opens) -> None:
    engine = open_engine(options=OPTIONS)
    with pytest.raises(EngineError) as error:
        engine.configure({name: value})
    says(error.value, "Fake 1.0", *words)


def test_several_lines_need_the_option(open_engine: Opens) -> None:
    with pytest.raises(EngineError, match="MultiPV"):
        open_engine(go=[["bestmove h2e2"]]).analyse(Board(), NODES, multipv=2)


# What goes wrong


@pytest.mark.parametrize("command", ["/no/such/engine", "no-such-engine-either", ""])
def test_a_program_that_is_not_there(command: str) -> None:
    with pytest.raises(EngineError) as error:
        SimpleEngine.popen_uci(command)
    says(error.value, command)


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    file = tmp_path / "my engine"
    file.write_text("hello")
    for mode, words in ((0o644, "Permission denied"), (0o755, "Exec format error")):
        file.chmod(mode)
        with pytest.raises(EngineError) as error:
            SimpleEngine.popen_uci(str(file))
        says(error.value, str(file), words)


@pytest.mark.parametrize("option", ["option name UCI_Variant type combo default chess var chess var shogi", "chess960"])
def test_engines_of_other_games(option: str, open_engine: Opens) -> None:
    chess = "option name UCI_Chess960 type check default false"
    with pytest.raises(EngineError) as error:
        open_engine(options=[chess if option == "chess960" else option])
    says(error.value, "Fake 1.0")


@pytest.mark.parametrize("command", ["uci", "isready"])
def test_an_engine_that_does_not_answer(command: str, open_engine: Opens) -> None:
    with pytest.raises(EngineTimeoutError) as error:
        open_engine(timeout=0.3, hang_at=command)
    says(error.value, f"{command!r}")


def test_an_engine_that_speaks_another_protocol(open_engine: Opens) -> None:
    with pytest.raises(EngineTimeoutError) as error:
        SimpleEngine.popen_ucci([sys.executable, FAKE, "{}"], timeout=0.3)
    says(error.value, "'ucci'", "uci:", "ucci:")


@pytest.mark.parametrize("command", ["uci", "isready", "position", "go"])
def test_an_engine_that_dies(command: str, open_engine: Opens) -> None:
    with pytest.raises(EngineTerminatedError) as error:
        open_engine(die_at=command).play(Board(), NODES)
    says(error.value, " 3", "reading the book | out of ink")


def test_an_engine_that_is_dead_stays_so(open_engine: Opens) -> None:
    engine = open_engine(die_at="go")
    for _ in range(2):
        with pytest.raises(EngineTerminatedError):
            engine.play(Board(), NODES)
    with pytest.raises(EngineTerminatedError):
        engine.ping()
    engine.quit()
    engine.quit()


def test_an_engine_that_hangs_is_killed(open_engine: Opens) -> None:
    engine = open_engine(hang_at="go")
    engine.timeout = 0.2
    with pytest.raises(EngineTimeoutError) as error:
        engine.play(Board(), Limit(nodes=100, depth=5))
    says(error.value, "'go nodes 100 depth 5'")
    assert not engine._process.is_alive()


@pytest.mark.parametrize("stop", [None, threading.Event()])
def test_a_silent_engine_is_killed_where_only_depth_ends_the_search(
    stop: threading.Event | None, open_engine: Opens
) -> None:
    engine = open_engine(hang_at="go")
    assert engine.silence >= 60
    engine.silence = 0.2
    with pytest.raises(EngineTimeoutError, match="'go depth 5'"):
        engine.play(Board(), Limit(depth=5), stop=stop)
    assert not engine._process.is_alive()


def test_each_line_gives_a_search_by_depth_more_time(open_engine: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines of thought count, and are seen as they come."""
    engine = open_engine(go=[["info depth 1 score cp 3 pv h2e2", "info depth 2 score cp 3 pv h2e2", "bestmove h2e2"]])
    deadlines: list[float | None] = []
    receive = engine._process.receive

    def received(deadline: float | None, waiting_for: str) -> str:
        if waiting_for == "go depth 5":
            deadlines.append(deadline)
            assert engine._process.live.is_set()
        return receive(deadline, waiting_for)

    monkeypatch.setattr(engine._process, "receive", received)
    assert engine.play(Board(), Limit(depth=5)).move == Move.from_uci("h2e2")
    given = [deadline for deadline in deadlines if deadline is not None]
    assert len(given) == len(deadlines) > 2
    assert given == sorted(given)
    assert given[0] < given[-1]


@pytest.mark.parametrize("move", ["h2h8", "h10g8", "z9z9", "e2e4q", "炮二平五"])
def test_moves_that_are_none(move: str, open_engine: Opens) -> None:
    engine = open_engine(go=[[f"bestmove {move}"], ["bestmove h2e2"]])
    with pytest.raises(EngineError) as error:
        engine.play(Board(), NODES)
    says(error.value, repr(move), Board().fen())
    assert engine.play(Board(), NODES).move == Move.from_uci("h2e2")


@pytest.mark.parametrize("answer", ["bestmove (none)", "bestmove", "nobestmove", "bestmove 0000", "bestmove resign"])
def test_no_move(answer: str, open_engine: Opens) -> None:
    assert open_engine(go=[[answer]]).play(Board(), NODES).move is None


def test_odd_thoughts_do_no_harm(open_engine: Opens) -> None:
    odd = [
        "",
        "info",
        "info ",
        "info score",
        "info score cp",
        "info score cp many pv h2e2",
        "info depth pv",
        "info depth 3 multipv 2 score cp 1 pv h2h8",
        "info score cp 5 wdl 1 2 3 lowerbound pv b2e2",
        "what is this",
        "bestmove b2e2",
    ]
    result = open_engine(long_line=1_000_000, go=[odd]).play(Board(), NODES)
    assert result.move == Move.from_uci("b2e2")
    assert result.lines[0].score == Score(cp=5)
    assert result.lines[0].is_bound


def test_an_engine_that_talks_much(open_engine: Opens) -> None:
    engine = open_engine(go_on=30_000, go=[["info depth 1 score cp 3 pv h2e2", "bestmove h2e2"]])
    assert engine.play(Board(), NODES).lines[0].score == Score(cp=3)
    seen = []
    engine.play(Board(), NODES, on_info=seen.append)
    assert len(seen) == 30_001


def test_no_process_is_left(open_engine: Opens) -> None:
    process = EngineProcess([sys.executable, FAKE, "{}"])
    popen = process._process
    del process
    gc.collect()
    assert popen.poll() is not None
    with open_engine() as engine:
        popen = engine._process._process
    assert popen.poll() == 0


# Stopping


def test_a_search_is_stopped(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    engine = open_engine(patient=True, go=[["info depth 1 score cp 3 pv h2e2", "bestmove h2e2"]])
    stop = threading.Event()
    result = engine.play(Board(), Limit(), stop=stop, on_info=lambda info: stop.set())
    assert result.move == Move.from_uci("h2e2")
    assert sent()[-2:] == ["go infinite", "stop"]
    with pytest.raises(ValueError, match="limit"):
        engine.play(Board(), Limit())


def test_an_engine_that_does_not_stop_is_killed(open_engine: Opens) -> None:
    engine = open_engine(hang_at="go")
    engine.timeout = 0.2
    stop = threading.Event()
    stop.set()
    with pytest.raises(EngineTimeoutError, match="'stop'"):
        engine.play(Board(), Limit(), stop=stop)


def test_an_interrupted_search_leaves_the_engine_usable(open_engine: Opens) -> None:
    go = [["info depth 1 score cp 3 pv h2e2", "bestmove h2e2"], ["bestmove b2e2"]]
    engine = open_engine(patient=True, go=go)

    def interrupt(info: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.play(Board(), NODES, on_info=interrupt)
    stop = threading.Event()
    stop.set()
    assert engine.play(Board(), NODES, stop=stop).move == Move.from_uci("b2e2")


def test_thoughts_are_listened_to_before_the_engine_is_asked(
    open_engine: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A quick engine that thinks one thought and falls silent: it must not lie unheard."""
    engine = open_engine()
    send, listening = engine._process.send, []

    def watched(*lines: str) -> None:
        if any(line.startswith("go") for line in lines):
            listening.append(engine._process.live.is_set())
        send(*lines)

    monkeypatch.setattr(engine._process, "send", watched)
    engine.play(Board(), NODES, on_info=lambda info: None)
    engine.play(Board(), NODES)
    assert listening == [True, False]


# The player


def test_the_player(open_engine: Opens, sent: Callable[[], list[str]]) -> None:
    thoughts = ["info depth 7 score cp 35 nodes 90 pv h2e2 h9g7", "bestmove h2e2"]
    player = UciPlayer(open_engine(go=[thoughts, ["bestmove h2e2"], ["bestmove h9g7"], ["bestmove b9c7"]]))
    seen: list[Info] = []
    result = player.play(Board(), NODES, on_progress=seen.append)
    assert (player.name, result.move) == ("Fake 1.0", Move.from_uci("h2e2"))
    (candidate,) = result.info.candidates
    assert (candidate.score, candidate.line[1].uci()) == (0.35, "h9g7")
    assert (result.info.depth, result.info.nodes) == (7, 90)
    assert [info.candidates for info in seen] == [result.info.candidates]
    board = Board()
    player.play(board)  # no limit: a second, and still the same game
    board.push_uci("h2e2")
    player.play(board, Limit(depth=2))
    board.pop()
    board.push_uci("b2e2")  # another game
    player.play(board, Limit(time=1e-9))
    player.close()
    told = [line for line in sent() if line.startswith(("go", "ucinewgame"))]
    assert told == ["ucinewgame", "go nodes 100", "go movetime 1000", "go depth 2", "ucinewgame", "go movetime 1"]


def test_a_player_may_resign(open_engine: Opens) -> None:
    player = UciPlayer(open_engine(protocol="ucci", go=[["bestmove h2e2 resign"]]), NODES, name="me")
    assert (player.name, player.play(Board()).move) == ("me", None)


# Specs


def test_specs(tmp_path: Path) -> None:
    spec = EngineSpec.parse("uci:/a b/engine?nodes=2000&Skill Level=3&Clear Hash&movetime=1500&first_rank=1&depth=9")
    assert (spec.protocol, spec.command, spec.first_rank) == ("uci", "/a b/engine", 1)
    assert spec.limit == Limit(time=1.5, nodes=2000, depth=9)
    assert spec.options == {"Skill Level": "3", "Clear Hash": ""}
    assert parse_spec("ucci:engine").kind == "ucci"
    program = tmp_path / "my engine"
    program.touch()
    assert split_command(str(program)) == [str(program)]
    assert split_command("python -u 'my engine.py'") == ["python", "-u", "my engine.py"]


@pytest.mark.parametrize(
    "spec",
    [
        "uci",
        "ucci:",
        "uci:?nodes=3",
        "uci:x?nodes=0",
        "uci:x?nodes=many",
        "uci:x?first_rank=2",
        "uci:x?depth",
        "uci:x?=3",
    ],
)
def test_specs_that_are_none(spec: str) -> None:
    with pytest.raises(PlayerSpecError) as error:
        parse_spec(spec)
    assert repr(spec) in str(error.value)


def test_a_spec_opens_a_player() -> None:
    script = json.dumps({"options": OPTIONS, "go": [["bestmove h2e2"]]}).replace("'", "")
    player = open_player(f"uci:{sys.executable} {FAKE} '{script}'?Skill Level=3&nodes=5")
    assert player.play(Board(), Limit(nodes=7)).move == Move.from_uci("h2e2")
    player.close()
    with pytest.raises(EngineError, match="'Level'"):
        open_player(f"uci:{sys.executable} {FAKE} '{script}'?Level=3")


# A real engine

FAIRY = Path("/usr/games/fairy-stockfish")


@pytest.mark.skipif(not FAIRY.exists(), reason="needs Fairy-Stockfish, which Debian has in /usr/games")
@pytest.mark.parametrize("protocol", ["uci", "ucci"])
def test_fairy_stockfish(protocol: str) -> None:
    mate_in_one = Board("3k5/9/9/9/9/9/9/R8/1R7/4K4 w - - 0 1")
    with EngineSpec.parse(f"{protocol}:{FAIRY}").open() as engine:
        assert engine.first_rank == (protocol == "uci")
        result = engine.play(mate_in_one, Limit(nodes=2000))
        assert result.move is not None
        if protocol == "uci":
            assert result.lines[0].score == Score(mate=1)
        mate_in_one.push(result.move)
        assert mate_in_one.is_checkmate()
        stop = threading.Event()
        threading.Timer(0.05, stop.set).start()
        started = time.monotonic()
        assert engine.play(Board(), Limit(), stop=stop).move in Board().legal_moves
        assert time.monotonic() - started < 30
