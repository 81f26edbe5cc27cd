"""What a Rasa developer types at the root works: `rasa shell` answers, `rasa test nlu` measures."""

import json
import os
import pty
import select
import subprocess
import time
from pathlib import Path

from tests.support.bot import ROOT

RASA = Path(os.environ.get("CIVICDESK_BOT_PYTHON", ROOT / ".venv-bot" / "bin" / "python")).with_name("rasa")
PATIENCE = 120.0  # seconds: Rasa imports TensorFlow first
EXAMPLES = """\
version: "3.1"
nlu:
- intent: passport
  examples: |
    - how do I renew my passport
- intent: bin_collection
  examples: |
    - when is my bin collected
"""


def environ() -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "REDIS_URL", "PYTHONPATH")
    }
    return {**kept, "TERM": "dumb", "PYTHONWARNINGS": "ignore"}


def test_rasa_shell_answers() -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [RASA, "shell"],
        cwd=ROOT,
        env=environ(),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen, asked, end = b"", False, time.monotonic() + PATIENCE
    try:
        while b"National Passport Office" not in seen and time.monotonic() < end and process.poll() is None:
            if select.select([ours], [], [], 0.5)[0]:
                seen += os.read(ours, 65536)
            if b"Your input" in seen and not asked:
                os.write(ours, b"how do I renew my passport?\r")
                asked = True
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert b"National Passport Office" in seen, seen.decode(errors="replace")[-2000:]


def test_rasa_test_measures(tmp_path: Path) -> None:
    (tmp_path / "examples.yml").write_text(EXAMPLES)
    command = [
        str(RASA),
        "test",
        "nlu",
        "--nlu",
        str(tmp_path / "examples.yml"),
        "--out",
        str(tmp_path / "out"),
        "--successes",
    ]
    done = subprocess.run(command, cwd=ROOT, env=environ(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads((tmp_path / "out" / "intent_successes.json").read_text())
    assert {each["intent_prediction"]["name"] for each in found} == {"passport", "bin_collection"}
