"""Model folders: round trip, and folders that are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from xiangqi_gpt.model.checkpoint import load_model, save_model
from xiangqi_gpt.model.config import ConfigError, ModelConfig
from xiangqi_gpt.model.decoder import Decoder
from xiangqi_gpt.model.folder import ModelFileError

CONFIG = ModelConfig(context=8, n_layer=1, n_head=1, d_model=8, d_ff=8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    save_model(tmp_path / "model", CONFIG, Decoder(CONFIG).state_dict())
    return tmp_path / "model"


def test_a_model_comes_back_as_it_was(folder: Path) -> None:
    torch.manual_seed(0)
    before, after = Decoder(CONFIG).state_dict(), load_model(folder)
    assert after.config == CONFIG
    assert not after.training
    for name, tensor in after.state_dict().items():
        assert torch.equal(tensor, before[name])
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.safetensors"]


def test_half_precision_files_load_as_float32(tmp_path: Path) -> None:
    model = Decoder(CONFIG)
    save_model(tmp_path, CONFIG, model.state_dict(), torch.float16)
    loaded = load_model(tmp_path)
    weight = loaded.token_embedding.weight
    assert weight.dtype == torch.float32
    torch.testing.assert_close(weight, model.token_embedding.weight, atol=1e-4, rtol=1e-3)


def edit_config(folder: Path, **changes: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def refusal(folder: Path) -> ModelFileError:
    with pytest.raises(ModelFileError) as caught:
        load_model(folder)
    for lang in ("en", "zh"):
        text = caught.value.text(lang)  # type: ignore[arg-type]
        assert str(folder) in text
        assert "\n" not in text
    return caught.value


def test_no_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "missing").code == "model.not_a_model"
    assert refusal(tmp_path).code == "model.not_a_model"


def test_truncated_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    assert refusal(folder).code == "model.weights_unreadable"
    path.write_bytes(b"")
    assert refusal(folder).code == "model.weights_unreadable"


def test_a_model_from_elsewhere(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"model_type": "gpt2", "n_layer": 12}))
    assert refusal(folder).code == "model.config_foreign"
    (folder / "config.json").write_text("[1, 2]")
    assert refusal(folder).code == "model.config_foreign"
    (folder / "config.json").write_text("not json")
    assert refusal(folder).code == "model.config_unreadable"
    (folder / "config.json").write_bytes(b"\xff\xfe\x00")
    assert refusal(folder).code == "model.config_unreadable"


def test_another_version(folder: Path) -> None:
    edit_config(folder, format_version=99)
    assert refusal(folder).code == "model.format_version"
    edit_config(folder, format_version=1, vocabulary="0123")
    assert refusal(folder).code == "model.vocabulary"
    edit_config(folder, vocabulary=None)
    assert refusal(folder).code == "model.vocabulary"


def test_unknown_and_wrong_settings(folder: Path) -> None:
    document = json.loads((folder / "config.json").read_text())
    edit_config(folder, model=document["model"] | {"mixture": 8})
    assert refusal(folder).code == "model.config_unknown"
    edit_config(folder, model=document["model"] | {"n_layer": "one"})
    assert refusal(folder).code == "model.config_unreadable"
    edit_config(folder, model=3)
    assert refusal(folder).code == "model.config_unreadable"


def test_settings_that_ask_for_more_than_the_file_holds(folder: Path) -> None:
    """Refused before any memory is taken."""
    document = json.loads((folder / "config.json").read_text())
    edit_config(folder, model=document["model"] | {"d_model": 65_536, "n_layer": 1000})
    assert refusal(folder).code == "model.weights_mismatch"
    edit_config(folder, model=document["model"] | {"n_layer": True})
    assert refusal(folder).code == "model.config_unreadable"
    edit_config(folder, model=document["model"] | {"n_layer": 10**9})
    with pytest.raises(ConfigError):
        load_model(folder)


def test_weights_of_another_shape(folder: Path) -> None:
    weights = Decoder(CONFIG).state_dict()
    weights["policy.weight"] = torch.zeros(3, 3)
    save_file(weights, folder / "model.safetensors")
    assert refusal(folder).code == "model.weights_mismatch"


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelFileError) as caught:
        save_model(tmp_path / "file" / "model", CONFIG, Decoder(CONFIG).state_dict())
    assert caught.value.code == "model.write_failed"
