"""Our own processes serve without TensorFlow; a pipeline that needs it gets the real one."""

import os
import subprocess
import sys

import pytest

from tests.bot.fixtures import ROOT

SCRIPT = """
import sys
from bot.absent import leave_out_tensorflow
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
