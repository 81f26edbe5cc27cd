"""What is left out of Rasa's training changes nothing in the model."""

import tarfile
from pathlib import Path

import pytest
from rasa.engine.storage import local_model_storage
from rasa.engine.training import graph_trainer

from bot.rasa_patches.training import NoCache, QuickTar, quicken_training
from tests.bot.fixtures import PROJECT, tiny_city, train


def _content(model: Path) -> dict[str, bytes]:
    with tarfile.open(model) as archive:
        files = {member.name: archive.extractfile(member) for member in archive}
        return {name: file.read() for name, file in files.items() if file}


def test_the_model_is_the_same_without_the_cache_and_packed_quickly(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place, name in ((graph_trainer, "TrainingHook"), (local_model_storage, "TarSafe")):
        monkeypatch.setattr(place, name, getattr(place, name))  # and back again after the test
    quicken_training()
    assert (graph_trainer.TrainingHook, local_model_storage.TarSafe) == (NoCache, QuickTar)
    with tiny_city():
        quick, rasas = _content(train(PROJECT, tmp_path)), _content(model)
    assert quick.keys() == rasas.keys()
    differing = {name for name in quick if quick[name] != rasas[name]}
    assert differing == {"metadata.json"}  # when it was made, and under which number
