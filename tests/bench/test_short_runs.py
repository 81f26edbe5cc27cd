"""Each benchmark in its shortest form, so that none breaks unnoticed. The figures are not checked: the machine may be busy."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import BENCHES

pytestmark = pytest.mark.slow
SHORTEST = {"idle": ["--windows", "40", "--seconds", "2"]}
ALONE = ("busy-hour",)  # no part of `make bench`: it counts faults and measures nothing
WRITES_NOTHING = {"turn"}  # its figures mean something only beside stock Rasa's
MEASURED, LIMIT_PASSED = 0, 1


@pytest.mark.parametrize("name", (*BENCHES, *ALONE))
def test_a_benchmark_runs_to_its_table(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name.replace('-', '_')}", *SHORTEST.get(name, ["--short"])],
        env={**os.environ, "CIVICDESK_BENCH_FOLDER": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode in (MEASURED, LIMIT_PASSED), done.stdout + done.stderr
    assert "Civicdesk" in done.stdout and "limit" in done.stdout
    if name not in WRITES_NOTHING:
        rows = json.loads((tmp_path / "performance.json").read_text())
        assert rows and all(row["name"].startswith(f"{name}: ") for row in rows)
        assert all(math.isfinite(row["ours"]) for row in rows)
