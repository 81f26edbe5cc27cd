"""Our own processes serve without TensorFlow; a pipeline that needs it gets the real one."""

import os
import subprocess
import sys

import pytest

from bot.rasa_patches.import_stubs import _Finder, leave_out_the_unused
from tests.bot.fixtures import ROOT

SCRIPT = """
import sys
from bot.rasa_patches.import_stubs import leave_out_tensorflow
leave_out_tensorflow({config!r})
import rasa.core.agent, tensorflow
print("real" if "tensorflow.python" in sys.modules and hasattr(tensorflow, "__path__") else "absent")
"""


def imported(config: str) -> str:
    environ = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT.format(config=config)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()[-1]


@pytest.mark.parametrize(
    ("config", "which"),
    [
        ((ROOT / "config.yml").read_text(encoding="utf-8"), "absent"),
        ("pipeline: [{name: DIETClassifier}]", "real"),
        ("policies: [{name: TEDPolicy}]", "real"),
    ],
)
def test_tensorflow_is_there_for_those_who_compute_with_it(config: str, which: str) -> None:
    assert imported(config) == which


SERVING = """
import sys
from bot.rasa_patches.quiet import hush, read_config
from bot.rasa_patches.import_stubs import LeftOut, leave_out_the_unused, forbid_stubs
hush()
leave_out_the_unused({config}, training={training})
import bot.server
real = [name for name in ("scipy", "sklearn", "boto3", "aiogram", "matplotlib", "dask", "jwt", "apscheduler", "requests")
        if getattr(sys.modules.get(name), "__file__", None)]
forbid_stubs()
import boto3
try:
    boto3.client("s3")
    answer = "answered"
except LeftOut:
    answer = "refused"
print(",".join(real) or "none", answer)
"""


def served(config: str, training: bool) -> list[str]:
    environ = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT)}
    script = SERVING.format(config=config, training=training)
    command = [sys.executable, "-W", "ignore", "-c", script]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.split()


def test_what_serving_leaves_out_is_not_there_and_says_so_when_called() -> None:
    assert served("read_config()", training=False) == ["none", "refused"]


def test_training_keeps_what_it_computes_with() -> None:
    real, answer = served("read_config()", training=True)
    assert "dask" in real
    assert "boto3" not in real
    assert answer == "refused"


def test_a_component_of_somebody_else_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [finder for finder in sys.meta_path if not isinstance(finder, _Finder)]
    monkeypatch.setattr(sys, "meta_path", list(others))
    for config in (
        'pipeline: [{name: "their.own.Component"}]',
        "policies:\n- name: TEDPolicy",
        "name: botanic.X",
    ):
        leave_out_the_unused(config, training=False)
        assert sys.meta_path == others
    leave_out_the_unused(
        "pipeline:\n- name: bot.understanding.x.X\npolicies:\n- name: RulePolicy", training=False
    )
    assert isinstance(sys.meta_path[0], _Finder)
    assert sys.meta_path[0].find_spec("scipy.sparse") is not None
    assert sys.meta_path[0].find_spec("spacy.cli.info") is not None
    assert sys.meta_path[0].find_spec("spacy.matcher") is None
