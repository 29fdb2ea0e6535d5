"""``xiangqi-gpt train``: train a model on a corpus."""

from __future__ import annotations

import math
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import tyro

from xiangqi_gpt.cli.threads import set_threads
from xiangqi_gpt.messages import say
from xiangqi_gpt.model.folder import find_model, load_config
from xiangqi_gpt.training.presets import load_preset
from xiangqi_gpt.training.runs import checkpoint_folders
from xiangqi_gpt.training.settings import TrainingError, TrainingSettings

if TYPE_CHECKING:
    from xiangqi_gpt.training.checkpoints import Progress
    from xiangqi_gpt.training.loop import Trainer
    from xiangqi_gpt.training.metrics import Prediction

__all__ = ["Settings", "defaults", "run"]

_LINE_EVERY = 60.0  # seconds


@dataclass(frozen=True)
class Settings:
    """Settings of ``xiangqi-gpt train``."""

    corpus: Path
    """The corpus, a folder that xiangqi-gpt prepare made."""
    out: Path
    """The folder of the run: the model, its checkpoints, the log."""
    preset: str = "base"
    """Where the settings below begin: base, nano, gpt2-move, su2020, or the path of a TOML file."""
    init_from: str = ""
    """Train a model further: begin with its weights and the settings of its shape. A folder; gpt is what ships."""
    resume: bool = False
    """Go on from the last checkpoint in the folder of the run."""
    threads: int | None = None
    """CPU threads for the model; all cores when left out."""
    training: tyro.conf.OmitArgPrefixes[TrainingSettings] = field(default_factory=TrainingSettings)


def _given(arguments: Sequence[str], flag: str, default: str) -> str:
    """What follows a flag among arguments that are not parsed yet."""
    value = default
    for i, argument in enumerate(arguments):
        name, equals, behind = argument.partition("=")
        if name.replace("_", "-") == flag:
            value = behind if equals else "".join(arguments[i + 1 : i + 2])
    return value


def defaults(arguments: Sequence[str]) -> Settings:
    """What the flags left out stand for.

    The settings are those of the preset named among ``arguments``; those of the model, where one is gone on with,
    are its own.

    Raises:
        TrainingError: there is no such preset.
        ModelFileError: there is no such model.
    """
    preset, init_from = _given(arguments, "--preset", "base"), _given(arguments, "--init-from", "")
    training = load_preset(preset)
    checkpoints = checkpoint_folders(Path(_given(arguments, "--out", ""))) if "--resume" in arguments else []
    if checkpoints:
        training = replace(training, model=load_config(checkpoints[-1]))
    elif init_from:
        training = replace(training, model=load_config(find_model(init_from)))
    return Settings(corpus=tyro.MISSING, out=tyro.MISSING, preset=preset, init_from=init_from, training=training)


@contextmanager
def _stopping(trainer: Trainer) -> Iterator[None]:
    """Let Ctrl-C and a polite kill end the run after the step under way; a second one ends it at once."""

    def handle(number: int, _: object) -> None:
        trainer.stop()
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(settings: Settings) -> int:
    """Train; returns 0, or 130 when it was stopped before the last step."""
    if settings.threads is not None and settings.threads < 1:
        raise TrainingError("training.at_least", field="threads", value=settings.threads, least=1)
    set_threads(settings.threads)
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as ProgressBar

    from xiangqi_gpt.corpus.dataset import Corpus
    from xiangqi_gpt.model.checkpoint import load_model
    from xiangqi_gpt.training.loop import Trainer

    console = Console(stderr=True)
    training = settings.training
    corpus = Corpus.open(settings.corpus)
    bar = ProgressBar(
        TextColumn(say("training.progress")),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeRemainingColumn(),
        console=console,
    )
    task = bar.add_task("", total=1000, figures="")
    last_line = time.monotonic()

    def report(progress: Progress, figures: dict[str, float], validation: Prediction | None) -> None:
        if not figures and validation is not None:
            line = say("training.validated_first", nats=validation.nats, top1=validation.top1)
            bar.console.print(line, highlight=False)
            return
        told = say(
            "training.figures",
            loss=figures["mean_loss"],
            rate=figures["positions_per_second"],
            utilisation=figures["utilisation"],
        )
        bar.update(task, completed=1000 * trainer.done, figures=told)
        nonlocal last_line
        if not console.is_terminal and time.monotonic() - last_line > _LINE_EVERY:  # a log wants lines, not a bar
            last_line = time.monotonic()
            console.print(say("training.step", step=progress.step, figures=told), highlight=False)
        if validation is not None:
            line = say(
                "training.validated",
                step=progress.step,
                nats=validation.nats,
                top1=validation.top1,
                loss=figures["mean_loss"],
            )
            bar.console.print(line, highlight=False)
        if trainer.save_error is not None:
            bar.console.print(say("training.save_failed", reason=trainer.save_error), highlight=False)
            trainer.save_error = None

    init = load_model(find_model(settings.init_from)) if settings.init_from and not settings.resume else None
    trainer = Trainer(training, corpus, settings.out, resume=settings.resume, init=init, report=report)
    console.quiet = not trainer.ranks.is_first
    if settings.resume and trainer.done >= 1:
        raise TrainingError("training.already_done", folder=settings.out, step=trainer.progress.step)
    if training.minutes:
        length = say("training.length_minutes", minutes=training.minutes)
    else:
        epochs = training.steps * training.accumulation / trainer.order.batches
        length = say("training.length_steps", steps=training.steps, epochs=epochs)
    console.print(
        say(
            "training.begin",
            parameters=trainer.model.count_parameters() / 1e6,
            device=trainer.device,
            precision=str(trainer.dtype).removeprefix("torch."),
            compiled=say("training.compiled") if trainer.compiled else "",
            processes=trainer.ranks.count,
            games=corpus.games("train"),
            plies=corpus.plies("train"),
            length=length,
            positions=training.batch_positions * training.accumulation,
        ),
        highlight=False,
    )
    if settings.resume:
        console.print(say("training.resumed", step=trainer.progress.step), highlight=False)
    with bar, _stopping(trainer):
        bar.update(task, completed=1000 * trainer.done)
        progress = trainer.fit()
    trainer.ranks.close()
    if not trainer.ranks.is_first:
        return 0
    if trainer.done < 1:
        print(say("training.stopped", step=progress.step), file=sys.stderr)
        return 130
    if not math.isfinite(progress.best_nats):
        raise TrainingError("training.no_model")
    print(say("training.finished", folder=settings.out, nats=progress.best_nats, top1=progress.best_top1))
    return 0
