"""The training loop."""

from __future__ import annotations

import math
import os
import statistics
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from xiangqi_gpt.corpus.batches import BatchOrder, prefetch
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.corpus.lessons import Lessons
from xiangqi_gpt.corpus.shards import MANIFEST_NAME
from xiangqi_gpt.encoding.batch import EncodedBatch
from xiangqi_gpt.model.checkpoint import mismatch, save_model
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.folder import MODEL_FILES, ModelFileError
from xiangqi_gpt.model.tensors import to_choices, to_device, to_inputs
from xiangqi_gpt.training.checkpoints import Progress, load_checkpoint, save_checkpoint
from xiangqi_gpt.training.ema import EMA
from xiangqi_gpt.training.hardware import (
    can_compile,
    choose_device,
    choose_precision,
    flops_per_position,
    matmul_rate,
)
from xiangqi_gpt.training.log import RunLog
from xiangqi_gpt.training.loss import policy_loss, r_drop_loss, to_answers, value_loss
from xiangqi_gpt.training.metrics import Prediction, validate
from xiangqi_gpt.training.optimizers import learning_rate_factor, make_optimizers
from xiangqi_gpt.training.ranks import Learner, Ranks, gradients_shared, whole
from xiangqi_gpt.training.runs import checkpoint_folders
from xiangqi_gpt.training.settings import TrainingError, TrainingSettings

__all__ = ["Trainer"]

_MAX_SKIPPED_IN_A_ROW = 10
_RECENT = 50  # steps over which the loss is averaged and the usual gradient norm is known
_COMPILE_FROM_POSITIONS = 2_000_000  # compiling takes a minute or so
_COMPILE_FROM_MINUTES = 10


class Trainer:
    """One training run in a folder.

    The folder gets ``log.jsonl`` (a line a step and a line a validation), ``checkpoints/``, and
    the model with the best validation as ``config.json`` and ``model.safetensors``.

    Args:
        settings: how to train.
        corpus: what on.
        run: the folder.
        resume: go on from its last checkpoint.
        init: a model whose weights to begin with, of the same shape as the one in ``settings``.
        report: called after each step with the progress, the step's figures and, where there was one, the
            prediction of a validation; with no figures after the validation of the weights to begin
            with; in the first process only.

    Raises:
        TrainingError: the folder has a run and ``resume`` is not set, or the other way round; settings
            that do not go together; weights to begin with that are those of a model of another shape.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        corpus: Corpus,
        run: Path,
        *,
        resume: bool = False,
        init: Decoder | None = None,
        report: Callable[[Progress, dict[str, float], Prediction | None], None] = lambda *_: None,
    ) -> None:
        settings.check_together()
        if not resume and checkpoint_folders(run):
            raise TrainingError("training.run_exists", folder=run)
        if not resume and any((run / name).exists() for name in MODEL_FILES):
            raise TrainingError("training.model_exists", folder=run)
        if (run / MANIFEST_NAME).exists():
            raise TrainingError("training.corpus_there", folder=run)
        self.settings, self.run, self.report = settings, run, report
        self.ranks = Ranks(choose_device(settings.device))
        self.device = self.ranks.device
        self.dtype = self._choose_precision()
        self.autocast = torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32)
        if self.device.type == "cuda":
            torch.set_float32_matmul_precision("high")  # TF32 where matmuls stay in fp32
        torch.manual_seed(settings.seed)
        self._validate_first = init is not None
        self.model = self._begin_with(init).to(self.device)
        self._learner = Learner(self.model).spread(self.ranks, settings.shard)
        self.optimizers = make_optimizers(self.model, settings)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.dtype == torch.float16)
        self.ema = EMA(self.model, settings.ema)
        self._make_orders(corpus)
        torch.manual_seed(settings.seed + 1000 * self.ranks.rank)  # dropout of each process's own
        self.progress = Progress()
        if resume:
            self.progress = load_checkpoint(run, self.model, self.optimizers, self.ema, self.scaler, self._identity())
            if not self.ranks.is_first:  # the random state in a checkpoint is the first process's
                torch.manual_seed(settings.seed + 1000 * self.ranks.rank + self.progress.step)
        self._log = RunLog(run, self.progress.step, tensorboard=settings.tensorboard) if self.ranks.is_first else None
        self.compiled = self._should_compile()
        self._predict = torch.compile(self._learner, dynamic=True) if self.compiled else self._learner
        self._peak = matmul_rate(self.dtype, self.device) * self.ranks.count
        self._passes = 2 if settings.r_drop else 1  # of each batch
        self._flops = self._passes * flops_per_position(settings.model, self.order.plies / self.order.windows)
        self._stop = False
        self.save_error: ModelFileError | OSError | None = None

    def _begin_with(self, init: Decoder | None) -> Decoder:
        """A model with the weights of ``init``, or with new ones."""
        model = Decoder(self.settings.model)
        if init is None:
            return model
        if (name := mismatch(init.state_dict(), model.state_dict())) is not None:
            raise TrainingError("training.other_shape", name=name)
        model.load_state_dict(init.state_dict())
        return model

    def _choose_precision(self) -> torch.dtype:
        """The autocast dtype: the first process's choice, for ``auto`` times the machine."""
        dtypes = (torch.float32, torch.bfloat16, torch.float16)
        chosen = dtypes.index(choose_precision(self.settings.precision, self.device)) if self.ranks.is_first else 0
        return dtypes[int(self.ranks.first(chosen))]

    def _make_orders(self, corpus: Corpus) -> None:
        """The batches of each part of the curriculum, and those of the validation."""
        settings, model = self.settings, self.settings.model
        lessons = Lessons(settings.engine_share, model.value, model.conditions, settings.hide_conditions)
        self._orders = [
            BatchOrder(
                corpus,
                "train",
                model.view,
                context=max(1, round(share * model.context)),
                positions=settings.batch_positions,
                seed=settings.seed,
                mirror=settings.mirror,
                lessons=lessons,
                rank=self.ranks.rank,
                ranks=self.ranks.count,
            )
            for share in settings.curriculum or (1.0,)
        ]
        self.order = self._orders[-1]
        self.validation = BatchOrder(
            corpus,
            "validation",
            model.view,
            context=model.context,
            positions=settings.batch_positions,
            lessons=replace(lessons, engine_share=0.0, conditions=False),
            rank=self.ranks.rank,
            ranks=self.ranks.count,
        )

    def _identity(self) -> dict[str, int | bool | str]:
        """What a run keeps: what decides which batches it takes, and what its checkpoints are the state of."""
        settings = self.settings
        kept: dict[str, int | bool | str] = {"optimizer": settings.optimizer, "ema": settings.ema > 0}
        return self.order.identity() | kept | {"curriculum": " ".join(f"{share:g}" for share in settings.curriculum)}

    def _should_compile(self) -> bool:
        settings = self.settings
        if settings.compile != "auto":
            return settings.compile == "on"
        planned = settings.steps * settings.batch_positions * settings.accumulation
        long = settings.minutes > _COMPILE_FROM_MINUTES if settings.minutes else planned >= _COMPILE_FROM_POSITIONS
        return long and can_compile(self.device)

    def stop(self) -> None:
        """Stop after the step under way, with a checkpoint; may be called from a signal handler."""
        self._stop = True

    @property
    def done(self) -> float:
        """The share of the training that is done, 0..1; the same in all processes."""
        settings, progress = self.settings, self.progress
        return progress.seconds / (60 * settings.minutes) if settings.minutes else progress.step / settings.steps

    @property
    def _part(self) -> int:
        """The part of the curriculum that is due."""
        return min(int(self.done * len(self._orders)), len(self._orders) - 1)

    def _batches(self, part: int) -> Generator[EncodedBatch]:
        """The batches of a part of the curriculum, from the place in the data on."""
        threads = 1 if self.device.type == "cpu" else max(1, min(8, (os.cpu_count() or 1) // (2 * self.ranks.count)))
        return prefetch(self._orders[part], self.progress.batch, threads)

    def fit(self) -> Progress:
        """Train to the end, or until :meth:`stop`.

        Raises:
            TrainingError: the gradients are no longer finite.
            ModelFileError: the last checkpoint cannot be written.
        """
        settings, progress = self.settings, self.progress
        saved, skipped_in_a_row = time.monotonic(), 0
        resumable = progress.step > 0
        self._learner.train()
        if self._validate_first:  # what is to be bettered
            before = self._validate()
            if self.ranks.is_first:
                self.report(progress, {}, before)
        part, batches = self._part, self._batches(self._part)
        try:
            while self.done < 1 and not self.ranks.any(self._stop):
                if self._part != part:
                    batches.close()
                    part, batches = self._part, self._batches(self._part)
                started = time.monotonic()
                figures = self._step(batches)
                seconds = self.ranks.first(time.monotonic() - started)
                progress.seconds += seconds
                taken = figures.pop("taken")
                skipped_in_a_row = 0 if taken else skipped_in_a_row + 1
                progress.skipped += not taken
                if skipped_in_a_row == _MAX_SKIPPED_IN_A_ROW:
                    raise TrainingError("training.diverged", count=skipped_in_a_row, folder=self.run)
                figures["positions_per_second"] = figures["positions"] / seconds
                figures["utilisation"] = self._flops * figures["positions_per_second"] / self._peak
                if taken:
                    progress.losses = [*progress.losses, figures["loss"]][-_RECENT:]
                figures["mean_loss"] = statistics.fmean(progress.losses or [figures["loss"]])
                self._write({"step": progress.step, **figures})
                validation = None
                if progress.step % settings.validate_every == 0 or self.done >= 1:
                    validation = self._validate()
                if self.ranks.is_first:
                    self.report(progress, figures, validation)
                due = self.ranks.any(time.monotonic() - saved > 60 * settings.save_minutes)
                if (due or (validation is not None and not resumable)) and self.done < 1:
                    self.save_error = self._together(self._save)  # a full disk does not end the run
                    saved, resumable = time.monotonic(), resumable or self.save_error is None
        finally:
            batches.close()
        error = self._together(self._save)
        if error is None and not math.isfinite(progress.best_nats):  # stopped before a validation: it can be played
            with self.ema.in_place():
                error = self._together(self._save_model)
        if self._log is not None:
            self._log.close()
        if error is not None:
            raise error
        return progress

    def _loss(self, batch: EncodedBatch) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss of a batch, summed over its positions, and what is to be told of it."""
        settings = self.settings
        inputs, choices = to_inputs(batch, self.device), to_choices(batch, self.device)
        places, answers = to_device(batch.places, self.device), to_answers(batch, self.device)
        with self.autocast:
            predictions = [self._predict(inputs, places, choices) for _ in range(self._passes)]
        policy = value = torch.zeros((), device=self.device)
        for logits, wdl in predictions:
            policy = policy + policy_loss(logits, answers, settings.label_smoothing) / self._passes
            if wdl is not None:
                value = value + value_loss(wdl, answers.values) / self._passes
        loss = policy + settings.value_weight * value
        told = {"loss": policy.detach()}
        if settings.model.value:
            told["value_loss"], told["values"] = value.detach(), answers.values.sum()
        if settings.r_drop:
            loss = loss + settings.r_drop * r_drop_loss(predictions[0][0], predictions[1][0])
        told["hits"] = (predictions[0][0].detach().argmax(1) == answers.targets).sum()
        return loss, told

    def _step(self, batches: Iterator[EncodedBatch]) -> dict[str, float]:
        """One optimiser step; returns its figures."""
        settings, progress, ranks = self.settings, self.progress, self.ranks
        taken = [next(batches) for _ in range(settings.accumulation)]
        progress.batch += len(taken)
        [positions] = ranks.sum(sum(batch.positions for batch in taken))
        sums: dict[str, Tensor] = {}
        for batch in taken:
            with gradients_shared(self._learner, batch is taken[-1]):
                loss, told = self._loss(batch)
                # Dividing by the positions of all of them makes accumulation, and any number of processes, equal to
                # one large batch; the processes' gradients are averaged, hence their number.
                self.scaler.scale(loss * (ranks.count / positions)).backward()  # type: ignore[no-untyped-call]
            for name, value in told.items():
                sums[name] = sums.get(name, torch.zeros((), device=self.device)) + value
        factor = learning_rate_factor(progress.step, self.done, settings)
        for optimizer in self.optimizers:
            self.scaler.unscale_(optimizer)
            for group in optimizer.param_groups:
                group["lr"] = factor * group["peak"]
        norm = whole(torch.nn.utils.clip_grad_norm_(self.model.parameters(), settings.clip)).item()
        usable = self._is_usual(norm)
        for optimizer in self.optimizers:
            if usable:
                self.scaler.step(optimizer)
            optimizer.zero_grad(set_to_none=True)
        self.scaler.update()
        progress.step += 1
        if usable:
            self.ema.update(progress.step)
        summed = dict(zip(sums, ranks.sum(*(value.item() for value in sums.values())), strict=True))
        figures = {
            "loss": summed["loss"] / positions,
            "top1": summed["hits"] / (positions * settings.model.tokens_per_ply),
            "gradient_norm": norm,
            "learning_rate": factor * settings.learning_rate,
            "positions": positions,
            "taken": usable,
        }
        if "value_loss" in summed:
            figures["value_loss"] = summed["value_loss"] / max(summed["values"], 1.0)
        return figures

    def _is_usual(self, norm: float) -> bool:
        """Whether a gradient can be used: it is finite, and no spike beside those of the last steps."""
        if not math.isfinite(norm):
            return False
        recent = self.progress.norms
        usual = statistics.median(recent) if len(recent) == _RECENT else math.inf
        self.progress.norms = [*recent, norm][-_RECENT:]
        return norm <= self.settings.spike * usual

    def _validate(self) -> Prediction:
        """Look at the validation games; the best model so far is kept in the run's folder."""
        progress = self.progress
        with self.ema.in_place():
            batches = self.validation.in_turn(self.settings.validation_positions)
            per_ply = self.settings.model.tokens_per_ply
            prediction = validate(self._learner, batches, self.autocast, self.ranks, per_ply)
            line = {"validation_nats": prediction.nats, "validation_top1": prediction.top1}
            if prediction.value is not None:
                line["validation_value"] = prediction.value
            self._write({"step": progress.step, **line})
            if prediction.nats < progress.best_nats:
                self.save_error = self._together(self._save_model)
                if self.save_error is None:
                    progress.best_nats, progress.best_top1 = prediction.nats, prediction.top1
        return prediction

    def _together(self, write: Callable[[], None]) -> ModelFileError | None:
        """Let all processes write, of which one does; returns the error in all of them when it could not."""
        error: ModelFileError | None = None
        try:
            write()
        except ModelFileError as caught:
            error = caught
        if self.ranks.any(error is not None) and error is None:
            error = ModelFileError("model.write_failed", path=self.run, reason="rank 0")
        return error

    def _weights(self) -> dict[str, Tensor]:
        """The weights as they are now, gathered; all processes must ask."""
        return {name: whole(tensor) for name, tensor in self.model.state_dict().items()}

    def _save_model(self) -> None:
        """Write the model as it is now: the average of its weights, where one is kept, is to be in place."""
        weights = self._weights()
        if self.ranks.is_first:
            save_model(self.run, self.model.config, weights)

    def _save(self) -> None:
        save_checkpoint(
            self.run,
            self.model.config,
            self._weights(),
            self.optimizers,
            self.ema,
            self.scaler,
            self.progress,
            self._identity(),
            self.settings.keep_checkpoints,
            write=self.ranks.is_first,
        )

    def _write(self, line: dict[str, float]) -> None:
        """Add a line to the log; a full disk does not end the run."""
        if self._log is not None:
            try:
                self._log.write(line)
            except OSError as error:
                self.save_error = error
