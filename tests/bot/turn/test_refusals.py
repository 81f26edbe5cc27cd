"""A model that is not exactly ours is refused with a sentence, not with a traceback."""

import io
import tarfile
from pathlib import Path

import pytest

from bot.encoders.shared import shared_encoder
from bot.model_file import ModelError
from bot.rasa_patches.actions_endpoint import ActionsEndpoint
from bot.server import load_assistant
from tests.bot.fixtures import tiny_city


def load(model: Path) -> None:
    with tiny_city():
        load_assistant(model, ActionsEndpoint("http://127.0.0.1:9", "secret"))


def test_a_model_of_another_encoder(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load(model)
    monkeypatch.setattr(shared_encoder(), "fingerprint", "0" * 64)
    with pytest.raises(ModelError, match="trained with another multilingual encoder"):
        load(model)


def test_a_damaged_model(model: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(model.read_bytes()[:5000])
    with pytest.raises(ModelError, match="damaged"):
        load(damaged)


def test_a_foreign_archive(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.tar.gz"
    with tarfile.open(foreign, "w:gz") as archive:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = 2
        archive.addfile(entry, io.BytesIO(b"{}"))
    with pytest.raises(ModelError, match="not loaded"):
        load(foreign)
