"""The training loop."""

from __future__ import annotations

import json
import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F

from xiangqi_gpt.corpus.batches import BatchOrder, prefetch
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.encoding.batch import EncodedBatch
from xiangqi_gpt.model.checkpoint import MODEL_FILES, WEIGHTS_FILE, ModelFileError, save_model
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.training.checkpoints import Progress, checkpoint_folders, load_checkpoint, save_checkpoint
from xiangqi_gpt.training.metrics import Prediction, to_inputs, validate
from xiangqi_gpt.training.optimizers import learning_rate_factor, make_optimizers
from xiangqi_gpt.training.settings import TrainingError, TrainingSettings

__all__ = ["Trainer", "choose_device", "choose_precision"]

_MAX_SKIPPED_IN_A_ROW = 10
_LOG_FILE = "log.jsonl"


def choose_device(wanted: str) -> torch.device:
    """The device of a setting ``auto``, ``cpu`` or ``cuda``.

    Raises:
        TrainingError: ``cuda`` is wanted and there is none.
    """
    if wanted == "cuda" and not torch.cuda.is_available():
        raise TrainingError("training.no_cuda")
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(wanted)


def _seconds_of_matmul(dtype: torch.dtype) -> float:
    a, b = torch.ones(2048, 256, dtype=dtype), torch.ones(256, 1024, dtype=dtype)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        a @ b
        times.append(time.perf_counter() - started)
    return min(times)


def choose_precision(wanted: str, device: torch.device) -> torch.dtype:
    """The autocast dtype of a setting ``auto``, ``bf16``, ``fp16`` or ``fp32``.

    CPUs differ: with AMX or AVX512-BF16 a bf16 matmul is several times as fast as fp32, elsewhere
    slower. ``auto`` on a CPU times both, once.
    """
    if wanted == "auto":
        if device.type == "cuda":
            wanted = "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
        else:
            faster = _seconds_of_matmul(torch.bfloat16) < 0.8 * _seconds_of_matmul(torch.float32)
            wanted = "bf16" if faster else "fp32"
    return {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}[wanted]


class Trainer:
    """One training run in a folder.

    The folder gets ``log.jsonl`` (a line a step and a line a validation), ``checkpoints/``, and
    the model with the best validation as ``config.json`` and ``model.safetensors``.

    Args:
        settings: how to train.
        corpus: what on.
        run: the folder.
        resume: go on from its last checkpoint.
        report: called after each step with the progress and the step's figures, and after each
            validation with its prediction.

    Raises:
        TrainingError: the folder has a run and ``resume`` is not set, or the other way round.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        corpus: Corpus,
        run: Path,
        *,
        resume: bool = False,
        report: Callable[[Progress, dict[str, float], Prediction | None], None] = lambda *_: None,
    ) -> None:
        if not resume and (checkpoint_folders(run) or any((run / name).exists() for name in MODEL_FILES)):
            raise TrainingError("training.run_exists", folder=run)
        self.settings, self.run, self.report = settings, run, report
        self.device = choose_device(settings.device)
        self.dtype = choose_precision(settings.precision, self.device)
        self.autocast = torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32)
        if self.device.type == "cuda":
            torch.set_float32_matmul_precision("high")  # TF32 where matmuls stay in fp32
        torch.manual_seed(settings.seed)
        self.model = Decoder(settings.model).to(self.device)
        self.optimizers = make_optimizers(self.model, settings)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.dtype == torch.float16)
        self.order = BatchOrder(
            corpus,
            "train",
            settings.model.view,
            context=settings.model.context,
            positions=settings.batch_positions,
            seed=settings.seed,
            mirror=settings.mirror,
        )
        self.validation = BatchOrder(
            corpus,
            "validation",
            settings.model.view,
            context=settings.model.context,
            positions=settings.batch_positions,
            mirror=False,
        )
        self.progress = Progress()
        if resume:
            self.progress = load_checkpoint(run, self.model, self.optimizers, self.scaler, self.order.identity())
        self._open_log()
        self._predict = torch.compile(self.model.predict, dynamic=True) if settings.compile else self.model.predict
        self._stop = False
        self.save_error: ModelFileError | OSError | None = None

    def stop(self) -> None:
        """Stop after the step under way, with a checkpoint; may be called from a signal handler."""
        self._stop = True

    def fit(self) -> Progress:
        """Train to the last step, or until :meth:`stop`.

        Raises:
            TrainingError: the gradients are no longer finite.
            ModelFileError: the last checkpoint cannot be written.
        """
        settings, progress = self.settings, self.progress
        batches = prefetch(self.order, progress.batch)
        losses: deque[float] = deque(maxlen=50)
        saved, skipped_in_a_row = time.monotonic(), 0
        self.model.train()
        try:
            while progress.step < settings.steps and not self._stop:
                started = time.monotonic()
                figures = self._step(batches)
                seconds = time.monotonic() - started
                progress.seconds += seconds
                finite = figures.pop("finite")
                skipped_in_a_row = 0 if finite else skipped_in_a_row + 1
                progress.skipped += not finite
                if skipped_in_a_row == _MAX_SKIPPED_IN_A_ROW:
                    raise TrainingError("training.diverged", count=skipped_in_a_row, folder=self.run)
                losses.append(figures["loss"])
                figures["positions_per_second"] = figures["positions"] / seconds
                figures["mean_loss"] = sum(losses) / len(losses)
                self._log({"step": progress.step, **figures})
                validation = None
                if progress.step % settings.validate_every == 0 or progress.step == settings.steps:
                    validation = self._validate()
                self.report(progress, figures, validation)
                if time.monotonic() - saved > 60 * settings.save_minutes and progress.step < settings.steps:
                    self._save_if_possible()
                    saved = time.monotonic()
        finally:
            batches.close()  # type: ignore[attr-defined]
        self._save()
        if not (self.run / WEIGHTS_FILE).exists():  # stopped before the first validation: what there is can be played
            save_model(self.run, self.model.config, self.model.state_dict())
        return progress

    def _step(self, batches: Iterator[EncodedBatch]) -> dict[str, float]:
        """One optimiser step; returns its figures."""
        settings, progress = self.settings, self.progress
        taken = [next(batches) for _ in range(settings.accumulation)]
        progress.batch += len(taken)
        positions = sum(batch.positions for batch in taken)
        loss_sum, hits = torch.zeros((), device=self.device), torch.zeros((), device=self.device)
        for batch in taken:
            with self.autocast:
                logits, targets = self._predict(to_inputs(batch, self.device))
            loss = F.cross_entropy(logits, targets, reduction="sum")
            # Dividing by the positions of all of them makes accumulation equal to one large batch.
            self.scaler.scale(loss / positions).backward()  # type: ignore[no-untyped-call]
            loss_sum += loss.detach()
            hits += (logits.detach().argmax(1) == targets).sum()
        factor = learning_rate_factor(progress.step, settings)
        for optimizer in self.optimizers:
            self.scaler.unscale_(optimizer)
            for group in optimizer.param_groups:
                group["lr"] = factor * group["peak"]
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), settings.clip).item()
        finite = math.isfinite(norm)
        for optimizer in self.optimizers:
            if finite or self.scaler.is_enabled():  # the scaler leaves the step out itself, and lowers its scale
                self.scaler.step(optimizer)
            optimizer.zero_grad(set_to_none=True)
        self.scaler.update()
        progress.step += 1
        return {
            "loss": loss_sum.item() / positions,
            "top1": hits.item() / (positions * settings.model.tokens_per_ply),
            "gradient_norm": norm,
            "learning_rate": factor * settings.learning_rate,
            "positions": positions,
            "finite": finite,
        }

    def _validate(self) -> Prediction:
        """Look at the validation games; the best model so far is kept in the run's folder."""
        progress = self.progress
        prediction = validate(self.model, self.validation.in_turn(self.settings.validation_positions), self.autocast)
        self._log({"step": progress.step, "validation_nats": prediction.nats, "validation_top1": prediction.top1})
        if prediction.nats < progress.best_nats:
            try:
                save_model(self.run, self.model.config, self.model.state_dict())
                progress.best_nats, progress.best_top1 = prediction.nats, prediction.top1
            except ModelFileError as error:
                self.save_error = error
        return prediction

    def _save(self) -> None:
        save_checkpoint(
            self.run,
            self.model,
            self.optimizers,
            self.scaler,
            self.progress,
            self.order.identity(),
            self.settings.keep_checkpoints,
        )

    def _save_if_possible(self) -> None:
        """Save a checkpoint; a full disk does not end the run."""
        try:
            self._save()
            self.save_error = None
        except ModelFileError as error:
            self.save_error = error

    def _open_log(self) -> None:
        """Make the run's folder; a log that went on after the checkpoint is cut back to it.

        Raises:
            ModelFileError: the folder or its log cannot be written.
        """
        path = self.run / _LOG_FILE
        try:
            self.run.mkdir(parents=True, exist_ok=True)
            for unfinished in self.run.glob(".*.tmp"):  # of a run that was killed while it wrote
                unfinished.unlink()
            lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
            kept = [line for line in lines if json.loads(line)["step"] <= self.progress.step]
            path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelFileError("model.write_failed", path=path, reason=error) from error

    def _log(self, line: dict[str, float]) -> None:
        """Add a line to the log; figures that are not finite are null. A full disk does not end the run."""
        rounded = {key: round(value, 6) if math.isfinite(value) else None for key, value in line.items()}
        try:
            with (self.run / _LOG_FILE).open("a", encoding="utf-8") as file:
                file.write(json.dumps(rounded) + "\n")
        except OSError as error:
            self.save_error = error
