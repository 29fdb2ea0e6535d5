"""The training loop: it learns, accumulates exactly, stops and goes on exactly."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch

from xiangqi_gpt.corpus.batches import BatchOrder
from xiangqi_gpt.corpus.dataset import Corpus
from xiangqi_gpt.model.checkpoint import load_model, save_model
from xiangqi_gpt.model.config import ConfigError, ModelConfig
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.folder import ModelFileError
from xiangqi_gpt.training import hardware
from xiangqi_gpt.training.checkpoints import Progress
from xiangqi_gpt.training.log import RunLog
from xiangqi_gpt.training.loop import Trainer
from xiangqi_gpt.training.optimizers import learning_rate_factor
from xiangqi_gpt.training.presets import load_preset, preset_names
from xiangqi_gpt.training.runs import checkpoint_folders
from xiangqi_gpt.training.settings import TrainingError, TrainingSettings

PLAIN = {"policy": "vocabulary", "move_features": False, "exchanges": False, "value": False, "conditions": False}
MODEL = ModelConfig(context=24, n_layer=1, n_head=2, d_model=32, d_ff=64, dropout=0.1)
SETTINGS = TrainingSettings(
    model=MODEL,
    steps=12,
    batch_positions=200,
    warmup_steps=2,
    validate_every=4,
    validation_positions=1000,
    precision="fp32",
    device="cpu",
)


def trainer(run: Path, corpus: Corpus, resume: bool = False, **settings: Any) -> Trainer:
    return Trainer(dataclasses.replace(SETTINGS, **settings), corpus, run, resume=resume)


def log_of(run: Path) -> list[dict[str, float]]:
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


PRESET_MODELS = {
    "tactics": MODEL,
    "characters": dataclasses.replace(
        MODEL, tokenizer="iccs", board="none", norm="layernorm", symmetric=False, **PLAIN
    ),
    "moves": dataclasses.replace(MODEL, board="none", positions="learned", **PLAIN),
}


@pytest.mark.parametrize("name", PRESET_MODELS)
@pytest.mark.parametrize("optimizer", ["muon", "adamw", "adafactor"])
def test_training_lowers_the_loss(name: str, optimizer: str, corpus: Corpus, tmp_path: Path) -> None:
    run = trainer(tmp_path, corpus, model=PRESET_MODELS[name], optimizer=optimizer, steps=40)
    progress = run.fit()
    validations = [line["validation_nats"] for line in log_of(tmp_path) if "validation_nats" in line]
    assert len(validations) == 10
    assert validations[-1] < 0.8 * validations[0]
    assert progress.best_nats == pytest.approx(min(validations), abs=1e-6)
    assert load_model(tmp_path).config == PRESET_MODELS[name]  # the folder of the run is a model folder


def test_stopped_and_resumed_is_the_same_bit_for_bit(corpus: Corpus, tmp_path: Path) -> None:
    whole = trainer(tmp_path / "whole", corpus)
    whole.fit()
    first = trainer(tmp_path / "parts", corpus)
    first.report = lambda progress, *_: first.stop() if progress.step == 5 else None
    assert first.fit().step == 5
    assert load_model(tmp_path / "parts").config == MODEL
    second = trainer(tmp_path / "parts", corpus, resume=True)
    assert second.progress.step == 5
    assert second.fit().step == SETTINGS.steps
    for name, tensor in whole.model.state_dict().items():
        assert torch.equal(tensor, second.model.state_dict()[name]), name
    losses = [[line["loss"] for line in log_of(tmp_path / run) if "loss" in line] for run in ("whole", "parts")]
    assert losses[0] == losses[1]


def test_accumulation_equals_a_large_batch(corpus: Corpus, tmp_path: Path) -> None:
    """Two batches accumulated have the gradient of their positions together, whatever their sizes."""
    model = dataclasses.replace(MODEL, dropout=0.0)
    run = trainer(tmp_path, corpus, model=model, accumulation=2, clip=1e9)
    batches = [run.order.batch(0), run.order.batch(1)]
    reference = trainer(tmp_path / "reference", corpus, model=model)
    total = torch.zeros(())
    for batch in batches:
        total = total + reference._loss(batch)[0]
    (total / sum(batch.positions for batch in batches)).backward()
    captured: dict[str, torch.Tensor] = {}
    for optimizer in run.optimizers:
        optimizer.step = lambda *_: captured.update(  # type: ignore[method-assign]
            {n: p.grad.clone() for n, p in run.model.named_parameters() if p.grad is not None}
        )
    run._step(iter(batches))
    expected = {name: p.grad for name, p in reference.model.named_parameters() if p.grad is not None}
    assert captured.keys() == expected.keys()
    for name, gradient in expected.items():
        torch.testing.assert_close(captured[name], gradient, atol=1e-6, rtol=1e-4)


def test_gradients_that_are_not_finite_are_skipped_and_then_stop(corpus: Corpus, tmp_path: Path) -> None:
    run = trainer(tmp_path, corpus)
    with torch.no_grad():
        run.model.policy.weight[0, 0] = torch.nan
    with pytest.raises(TrainingError) as caught:
        run.fit()
    assert caught.value.code == "training.diverged"
    assert run.progress.skipped == 10
    assert not torch.isnan(run.model.token_embedding.weight).any()


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
def test_a_step_that_is_left_out_changes_nothing(precision: str, corpus: Corpus, tmp_path: Path) -> None:
    """Not even the half of the model whose own gradients are finite, and whose optimiser has momentum."""
    run = trainer(tmp_path, corpus, precision=precision)
    batches = iter([run.order.batch(number) for number in range(3)])
    assert run._step(batches)["taken"]
    before = {name: tensor.clone() for name, tensor in run.model.state_dict().items()}
    run.model.policy.weight.register_hook(lambda gradient: gradient * torch.inf)
    assert not run._step(batches)["taken"]
    for name, tensor in run.model.state_dict().items():
        assert torch.equal(tensor, before[name]), name


def test_the_share_of_a_rank_that_is_left_with_no_window(corpus: Corpus, tmp_path: Path) -> None:
    """As happens at the end of a validation: the others go on with theirs."""
    run = trainer(tmp_path, corpus)
    order = BatchOrder(corpus, "train", MODEL.view, context=24, positions=1, rank=3, ranks=4)
    loss, told = run._loss(order.batch(0))
    assert loss.item() == told["hits"].item() == 0


@pytest.mark.filterwarnings("ignore")  # torch compiles with warnings of its own
def test_a_compiled_model_has_the_same_losses(corpus: Corpus, tmp_path: Path) -> None:
    if not hardware.can_compile(torch.device("cpu")):
        pytest.skip("torch.compile needs a C++ compiler")
    losses = []
    for name in ("on", "off"):
        trainer(tmp_path / name, corpus, model=dataclasses.replace(MODEL, dropout=0.0), compile=name, steps=3).fit()
        losses.append([line["loss"] for line in log_of(tmp_path / name) if "loss" in line])
    assert losses[0] == pytest.approx(losses[1], abs=1e-4)


def test_resuming_with_another_order_of_games_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    """The place in the data is a number that means something in one order only; the rest may change."""
    trainer(tmp_path, corpus, steps=2).fit()
    for change in ({"seed": 9}, {"batch_positions": 100}, {"optimizer": "adamw"}, {"ema": 0.9}):
        with pytest.raises(TrainingError) as caught:
            trainer(tmp_path, corpus, resume=True, **change)
        assert caught.value.code == "training.other_model"
        assert caught.value.fields["field"] == next(iter(change))
    assert trainer(tmp_path, corpus, resume=True, steps=3, learning_rate=1e-4, mirror=0.1).fit().step == 3


def test_the_log_is_json_and_is_cut_back_to_the_checkpoint(corpus: Corpus, tmp_path: Path) -> None:
    trainer(tmp_path, corpus, steps=3).fit()
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"step": 4, "loss": 1.0}\n{"step": 5, "loss": null}\n')  # of a run killed after a checkpoint
    run = trainer(tmp_path, corpus, steps=5, resume=True)
    run._write({"step": 3, "loss": float("nan")})
    run.fit()
    steps = [line["step"] for line in log_of(tmp_path) if "positions" in line]
    assert steps == [1, 2, 3, 4, 5]
    assert {"step": 3, "loss": None} in log_of(tmp_path)


def test_a_model_in_the_folder_is_not_overwritten(corpus: Corpus, tmp_path: Path) -> None:
    save_model(tmp_path, MODEL, Decoder(MODEL).state_dict())
    with pytest.raises(TrainingError) as caught:
        trainer(tmp_path, corpus)
    assert caught.value.code == "training.model_exists"


def test_a_run_that_cannot_have_a_folder(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelFileError) as caught:
        trainer(tmp_path / "file", corpus)
    assert caught.value.code == "model.write_failed"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", -1),
        ("steps", 0),
        ("learning_rate", math.inf),
        ("clip", 0.0),
        ("precision", "fp8"),
        ("optimizer", "sgd"),
    ],
)
def test_settings_out_of_range_are_refused(name: str, value: object) -> None:
    with pytest.raises((TrainingError, ConfigError)) as caught:
        dataclasses.replace(SETTINGS, **{name: value})  # type: ignore[arg-type]
    assert caught.value.fields["field"] == name


def test_checkpoints_are_kept_and_whole(corpus: Corpus, tmp_path: Path) -> None:
    run = trainer(tmp_path, corpus, save_minutes=0.0, keep_checkpoints=3)
    run.fit()
    assert [folder.name for folder in checkpoint_folders(tmp_path)] == [f"step-{n:08d}" for n in (10, 11, 12)]
    assert {path.name for path in checkpoint_folders(tmp_path)[-1].iterdir()} == {
        "config.json",
        "model.safetensors",
        "optimizer.safetensors",
        "training.json",
    }


def test_a_failed_save_does_not_end_the_run(corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk: the run goes on, and says so."""
    import xiangqi_gpt.training.checkpoints as checkpoints

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    run = trainer(tmp_path, corpus, save_minutes=0.0)
    errors = []
    save = checkpoints.save
    monkeypatch.setattr(checkpoints, "save", full)

    def recover(progress: object, *_: object) -> None:
        errors.append(run.save_error)
        monkeypatch.setattr(checkpoints, "save", save if len(errors) > 5 else full)

    run.report = recover
    assert run.fit().step == SETTINGS.steps
    assert any(error is not None and "No space" in str(error) for error in errors)


def test_a_run_that_has_a_model_can_be_resumed(corpus: Corpus, tmp_path: Path) -> None:
    """The first validation writes a model; a run that is killed soon after must not be a dead end."""
    run = trainer(tmp_path, corpus, validate_every=2, save_minutes=1000.0)

    def killed(progress: Progress, *_: object) -> None:
        if progress.step == 3:
            raise KeyboardInterrupt

    run.report = killed
    with pytest.raises(KeyboardInterrupt):
        run.fit()
    assert (tmp_path / "model.safetensors").exists()
    assert [folder.name for folder in checkpoint_folders(tmp_path)] == ["step-00000002"]
    assert trainer(tmp_path, corpus, resume=True).fit().step == SETTINGS.steps


def test_runs_are_not_overwritten_nor_resumed_from_nothing(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(TrainingError) as caught:
        trainer(tmp_path, corpus, resume=True)
    assert caught.value.code == "training.nothing_to_resume"
    trainer(tmp_path, corpus, steps=1).fit()
    with pytest.raises(TrainingError) as caught:
        trainer(tmp_path, corpus)
    assert caught.value.code == "training.run_exists"
    with pytest.raises(TrainingError) as caught:
        trainer(tmp_path, corpus, resume=True, model=dataclasses.replace(MODEL, d_ff=128))
    assert caught.value.code == "training.other_model"
    (checkpoint_folders(tmp_path)[-1] / "optimizer.safetensors").write_bytes(b"short")
    with pytest.raises(TrainingError) as caught:
        trainer(tmp_path, corpus, resume=True)
    assert caught.value.code == "training.checkpoint_damaged"


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_mixed_precision_trains(precision: str, corpus: Corpus, tmp_path: Path) -> None:
    """fp16 runs with the gradient scaler, here on the CPU as on a GPU without bf16."""
    run = trainer(tmp_path, corpus, precision=precision, steps=30)
    assert run.scaler.is_enabled() == (precision == "fp16")
    run.fit()
    validations = [line["validation_nats"] for line in log_of(tmp_path) if "validation_nats" in line]
    assert validations[-1] < validations[0]


@pytest.mark.parametrize(("times_as_fast", "dtype"), [(2.0, torch.bfloat16), (1.0, torch.float32)])
def test_on_a_cpu_the_faster_precision_is_taken(
    times_as_fast: float, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hardware, "matmul_rate", lambda one, _: 1e12 * (times_as_fast if one.itemsize == 2 else 1.0))
    cpu = torch.device("cpu")
    assert hardware.choose_precision("auto", cpu) == dtype
    assert hardware.choose_precision("fp16", cpu) == torch.float16


def test_learning_rate_schedules() -> None:
    linear = dataclasses.replace(SETTINGS, steps=100, warmup_steps=10, decay_fraction=0.5, schedule="linear")
    factors = [learning_rate_factor(step, step / 100, linear) for step in range(100)]
    assert factors[0] == pytest.approx(1 / 11)
    assert factors[10:50] == [1.0] * 40
    assert factors[75] == pytest.approx(0.5)
    assert factors[99] == pytest.approx(0.02)
    cosine = dataclasses.replace(linear, schedule="cosine")
    assert learning_rate_factor(50, 0.5, cosine) == pytest.approx(0.5)
    assert all(0 < learning_rate_factor(step, step / 100, cosine) <= 1 for step in range(200))
    timed = dataclasses.replace(linear, minutes=1.0)  # a slow model's fourth step, with a tenth of the time gone
    assert learning_rate_factor(3, 0.1, timed) == 1.0
    assert learning_rate_factor(3, 0.025, timed) == pytest.approx(0.5)


def test_the_preset_base_is_the_defaults() -> None:
    assert load_preset("base") == TrainingSettings()
    assert set(preset_names()) == {"base", "gpt2-move", "nano", "su2020"}
    assert load_preset("su2020").curriculum == (0.125, 0.25, 0.5, 1.0)


def test_presets_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("steps = 7\n[model]\nn_layer = 3\n")
    assert load_preset(str(path)).model.n_layer == 3
    for text, code in (
        ("steps = 'many'", "training.preset_unreadable"),
        ("stepz = 7", "training.preset_key"),
        ("[model]\nlayers = 3", "training.preset_key"),
        ("steps = ", "training.preset_unreadable"),
    ):
        path.write_text(text)
        with pytest.raises(TrainingError) as caught:
            load_preset(str(path))
        assert caught.value.code == code
    with pytest.raises(TrainingError) as caught:
        load_preset("no-such-preset")
    assert "nano" in str(caught.value)


def test_extras_resume_bit_for_bit(corpus: Corpus, tmp_path: Path) -> None:
    """Averaged weights, R-Drop, smoothing and a curriculum: all of their state is in the checkpoint."""
    extras: dict[str, Any] = {
        "ema": 0.9,
        "r_drop": 1.0,
        "label_smoothing": 0.1,
        "curriculum": (0.25, 0.5, 1.0),
        "hide_conditions": 0.2,
        "engine_share": 0.5,
    }
    whole = trainer(tmp_path / "whole", corpus, **extras)
    whole.fit()
    first = trainer(tmp_path / "parts", corpus, **extras)
    first.report = lambda progress, *_: first.stop() if progress.step == 5 else None
    first.fit()
    second = trainer(tmp_path / "parts", corpus, resume=True, **extras)
    second.fit()
    for name, tensor in whole.ema.weights.items():
        assert torch.equal(tensor, second.ema.weights[name]), name
    for name, parameter in whole.model.state_dict().items():
        assert torch.equal(parameter, second.model.state_dict()[name]), name
    saved = load_model(tmp_path / "whole").state_dict()
    assert all(torch.equal(tensor, saved[name]) for name, tensor in whole.ema.weights.items())


def test_the_average_of_weights_is_that_of_the_formula(corpus: Corpus, tmp_path: Path) -> None:
    run = trainer(tmp_path, corpus, ema=0.5, steps=4)
    name = "policy.weight"
    expected = run.model.state_dict()[name].double()

    def follow(progress: Any, *_: object) -> None:
        nonlocal expected
        decay = min(0.5, (1 + progress.step) / (10 + progress.step))
        expected = decay * expected + (1 - decay) * run.model.state_dict()[name].double()

    run.report = follow
    run.fit()
    torch.testing.assert_close(run.ema.weights[name].double(), expected, atol=1e-6, rtol=1e-5)


def test_r_drop_tells_the_plain_loss(corpus: Corpus, tmp_path: Path) -> None:
    """Two passes count as one in the log: without dropout to speak of, they are the loss of one."""
    model = dataclasses.replace(MODEL, dropout=1e-9)
    runs = [trainer(tmp_path / str(r), corpus, model=model, r_drop=r, hide_conditions=1.0) for r in (0.0, 1.0)]
    plain, twice = (run._step(iter([run.order.batch(0)])) for run in runs)
    for figure in ("loss", "value_loss", "gradient_norm"):
        assert twice[figure] == pytest.approx(plain[figure], rel=1e-4)


def test_a_log_with_half_a_line_does_not_end_the_run(corpus: Corpus, tmp_path: Path) -> None:
    trainer(tmp_path, corpus, steps=3).fit()
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"step": 3, "lo')
    run = trainer(tmp_path, corpus, steps=5, resume=True)
    run.fit()
    assert [line["step"] for line in log_of(tmp_path) if "positions" in line] == [1, 2, 3, 4, 5]


def test_a_full_disk_leaves_half_a_line_and_the_next_is_whole(corpus: Corpus, tmp_path: Path) -> None:
    log = RunLog(tmp_path, 0, tensorboard=False)
    log.write({"step": 1, "loss": 2.0})
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"step": 2, "lo')
    log._before = "\n"  # as after a write that failed
    log.write({"step": 3, "loss": 1.0})
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    assert [json.loads(line)["step"] for line in (lines[0], lines[2])] == [1, 3]


def test_a_spike_is_left_out_and_training_goes_on(corpus: Corpus, tmp_path: Path) -> None:
    run = trainer(tmp_path, corpus, steps=60)
    run.progress.norms = [1e-6] * 50  # the usual gradient is tiny: the first steps are spikes
    before = {name: tensor.clone() for name, tensor in run.model.state_dict().items()}
    run._step(iter([run.order.batch(0)]))
    assert all(torch.equal(tensor, before[name]) for name, tensor in run.model.state_dict().items())
    run.progress.norms = []
    assert run.fit().step == 60


def test_steps_that_are_all_spikes_end_the_run(corpus: Corpus, tmp_path: Path) -> None:
    run = trainer(tmp_path, corpus, steps=60, spike=1e-9)
    run.progress.norms = [1.0] * 50
    with pytest.raises(TrainingError) as caught:
        run.fit()
    assert caught.value.code == "training.diverged"


def test_training_by_the_clock(corpus: Corpus, tmp_path: Path) -> None:
    run = trainer(tmp_path, corpus, minutes=0.02, steps=1)
    progress = run.fit()
    assert progress.step > 1
    assert progress.seconds >= 1.2
    assert log_of(tmp_path)[-1]["step"] == progress.step


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"r_drop": 1.0, "model": dataclasses.replace(MODEL, dropout=0.0)}, "training.r_drop_without_dropout"),
        ({"shard": True}, "training.sharded_needs_adamw"),
        ({"shard": True, "optimizer": "adafactor"}, "training.sharded_needs_adamw"),
        ({"mirror": 0.0}, "training.symmetric_needs_mirror"),
        ({"curriculum": (0.5, 1.5)}, "training.fraction"),
        ({"spike": 0.0}, "training.positive"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(settings: dict[str, Any], code: str) -> None:
    with pytest.raises(TrainingError) as caught:
        dataclasses.replace(SETTINGS, **settings).check_together()
    assert caught.value.code == code
