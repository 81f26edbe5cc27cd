"""`python -m bot` and `python -m bot.train`: only our model, and one sentence where they cannot start."""

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.model_file import (
    LEARNED,
    Current,
    ModelError,
    file_hash,
    inputs_hash,
    read_current,
    verified_model,
    write_current,
)
from bot.project import read_yaml
from bot.settings import SettingError, read_settings, secret
from tests.bot.fixtures import PROJECT, ROOT


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with a model and its record."""
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "m.tar.gz").write_bytes(b"a model")
    write_current(folder, Current("m.tar.gz", file_hash(folder / "m.tar.gz"), "inputs"))
    return folder


SECRETS = {"CIVICDESK_BOT_SECRET": "s", "CIVICDESK_ACTIONS_SECRET": "a"}


def run(module: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environ = {**kept, "PYTHONPATH": str(ROOT), "CIVICDESK_VAR": str(folder), **environ}
    command = [sys.executable, "-m", module]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120, cwd=ROOT)


def test_the_recorded_model_is_loaded(models: Path) -> None:
    assert verified_model(models) == (models / "m.tar.gz", file_hash(models / "m.tar.gz"))


def test_another_model_is_refused(models: Path) -> None:
    (models / "m.tar.gz").write_bytes(b"not the model")
    with pytest.raises(ModelError, match="not the one that was trained here"):
        verified_model(models)


def test_a_model_outside_the_folder_is_refused(models: Path) -> None:
    record = json.loads((models / "current.json").read_text())
    (models / "current.json").write_text(json.dumps({**record, "model": "../m.tar.gz"}))
    with pytest.raises(ModelError):
        verified_model(models)


@pytest.mark.parametrize("damage", ["", "[]", "{}", '{"model": 1}'])
def test_a_damaged_record_is_no_record(models: Path, damage: str) -> None:
    (models / "current.json").write_text(damage)
    assert read_current(models) is None
    with pytest.raises(ModelError, match=r"run `python -m bot\.train` first"):
        verified_model(models)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tiny project, which is the city."""
    copied = shutil.copytree(PROJECT, tmp_path / "project")
    monkeypatch.setenv("CIVICDESK_CITY", str(copied / "city.yml"))
    monkeypatch.setenv("CIVICDESK_CONTENT", str(copied / "content"))
    return copied


@pytest.mark.parametrize("name", ["content/answers/bins.yml", "content/dialogue/talk.yml"])
def test_a_changed_text_is_a_reason_to_train(copied: Path, name: str) -> None:
    before = inputs_hash()
    assert inputs_hash() == before
    (copied / name).write_text((copied / name).read_text() + "\n# changed\n")
    assert inputs_hash() != before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("languages", ["es", "en"]),
        ("languages", ["en"]),
        ("backends", [{"name": "requests", "kind": "open311", "reference_pattern": "AB-[0-9]{6}"}]),
    ],
)
def test_what_is_learned_of_the_city_is_a_reason_to_train(copied: Path, field: str, value: object) -> None:
    before = inputs_hash()
    change_city(copied, **{field: value})
    assert inputs_hash() != before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "555-0100"),
        ("emergency_number", "112"),
        ("office_address", "2 Elsewhere"),
        ("office_hours", {"monday": ["09:00-12:00"]}),
        ("holidays", ["2027-01-01"]),
        ("time_zone", "Europe/Paris"),
        ("inboxes", [{"name": "web", "channel": "web"}]),
        ("teams", [{"name": "front-desk", "title": "Front desk", "languages": ["en"]}]),
    ],
)
def test_what_is_not_learned_of_the_city_is_none(copied: Path, field: str, value: object) -> None:
    """The office hours and the telephone number change more often than anybody wants to train."""
    before = inputs_hash()
    change_city(copied, **{field: value})
    assert inputs_hash() == before


@pytest.mark.parametrize("name", ["services.yml", "streets.txt"])
def test_what_is_read_at_the_start_is_none(copied: Path, name: str) -> None:
    before = inputs_hash()
    (copied / name).write_text((copied / name).read_text() + "\n# changed\n")
    assert inputs_hash() == before


def test_a_training_reads_nothing_else_of_the_city(learned: frozenset[str]) -> None:
    assert learned == {*LEARNED, "content"}


def change_city(project: Path, **changed: object) -> None:
    city = read_yaml(project / "city.yml")
    assert all(city.get(name) != value for name, value in changed.items())
    (project / "city.yml").write_text(yaml.safe_dump(city | changed))


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "CIVICDESK_BOT_SECRET is not set"),
        ({"CIVICDESK_BOT_SECRET": "s"}, "CIVICDESK_ACTIONS_SECRET is not set"),
        ({"CIVICDESK_BOT_SECRET_FILE": "/nowhere/secret"}, "/nowhere/secret, which cannot be read"),
        ({**SECRETS, "CIVICDESK_BOT_PORT": "many"}, "it must be a number"),
        ({**SECRETS, "CIVICDESK_ACTIONS_URL": "actions:5055"}, "must begin with http"),
        (
            {**SECRETS, "CIVICDESK_CITY": "/nowhere/city.yml"},
            "/nowhere/city.yml cannot be read",
        ),
        (SECRETS, "There is no model"),
    ],
)
def test_what_stops_the_start_is_one_sentence(tmp_path: Path, environ: dict[str, str], sentence: str) -> None:
    ended = run("bot", tmp_path, **environ)
    assert ended.returncode == 2
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_wrong_model_stops_the_start(models: Path) -> None:
    (models / "m.tar.gz").write_bytes(b"not the model")
    ended = run("bot", models.parent, **SECRETS)
    assert ended.returncode == 2
    assert "SHA-256 differs" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_in_use_stops_the_start(models: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        ended = run("bot", models.parent, **SECRETS, CIVICDESK_BOT_PORT=port)
    assert ended.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in ended.stderr


def test_nothing_is_trained_twice(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And finding that out does not import Rasa."""
    for name in ("CIVICDESK_CITY", "CIVICDESK_CONTENT"):
        monkeypatch.delenv(name, raising=False)
    write_current(models, Current("m.tar.gz", file_hash(models / "m.tar.gz"), inputs_hash()))
    script = (
        "import sys, bot.train; code = bot.train.main();"
        "assert not {'rasa', 'numpy', 'sklearn'} & set(sys.modules), 'too much imported'; sys.exit(code)"
    )
    # Other tests of this run may have put another city in place: the hash must be of the same one.
    kept = {
        name: os.environ[name]
        for name in ("PATH", "CIVICDESK_CITY", "CIVICDESK_CONTENT")
        if name in os.environ
    }
    environ = {**kept, "PYTHONPATH": str(ROOT), "CIVICDESK_VAR": str(models.parent)}
    command = [sys.executable, "-c", script]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert ended.returncode == 0, ended.stderr
    assert "up to date (m.tar.gz)" in ended.stdout


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file, not a folder")
    ended = run("bot.train", tmp_path)
    assert ended.returncode == 2
    assert "cannot be written" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_secret_may_come_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    monkeypatch.delenv("CIVICDESK_BOT_SECRET", raising=False)
    monkeypatch.setenv("CIVICDESK_BOT_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("CIVICDESK_ACTIONS_SECRET", "another")
    assert secret("CIVICDESK_BOT_SECRET") == "from a file"
    assert read_settings().secret == "from a file"
    monkeypatch.setenv("CIVICDESK_BOT_PORT", "70000")
    with pytest.raises(SettingError):
        read_settings()
