"""The process runner: a process that dies is named, Ctrl-C stops everything."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN = """
import os, sys
from pathlib import Path
from launch.processes import run_processes
sys.exit(run_processes(Path(sys.argv[1]), os.environ))
"""
WAITS = "import signal; print('waiting', flush=True); signal.pause()"


def start(tmp_path: Path, **programs: str) -> subprocess.Popen[str]:
    lines = []
    for name, code in programs.items():
        (tmp_path / f"{name}.py").write_text(code)
        lines.append(f"{name}: exec {sys.executable} {tmp_path / name}.py")
    procfile = tmp_path / "Procfile"
    procfile.write_text("\n".join(lines) + "\n")
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(procfile)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_a_process_that_dies_stops_the_rest_and_is_named(tmp_path: Path) -> None:
    runner = start(tmp_path, worker="raise SystemExit(3)", gateway=WAITS)
    out, err = runner.communicate(timeout=60)
    assert runner.returncode == 1
    assert err.startswith("The worker process stopped (exit code 3)")
    assert "gateway stopped" in out


def test_ctrl_c_stops_everything_and_is_no_failure(tmp_path: Path) -> None:
    runner = start(tmp_path, worker=WAITS, gateway=WAITS)
    assert runner.stdout is not None
    seen = 0
    while seen < 2:
        seen += "waiting" in runner.stdout.readline()
    runner.send_signal(signal.SIGINT)
    out, err = runner.communicate(timeout=60)
    assert runner.returncode == 0
    assert "worker stopped" in out
    assert "gateway stopped" in out
    assert err == ""
