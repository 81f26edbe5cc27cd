"""The process runner: the gateway does not wait, the others do, the process that died is named, Ctrl-C stops everything."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]
RUN = """
import os, sys, time
from pathlib import Path
from launch import LaunchError
from launch.processes import run_processes

def prepare(ready):
    {prepare}

try:
    sys.exit(run_processes(Path(sys.argv[1]), os.environ, prepare))
except LaunchError as error:
    sys.exit(str(error))
"""
WAITS = "import signal; print('waiting', flush=True); signal.pause()"


def start(tmp_path: Path, prepare: str = "ready()", **programs: str) -> subprocess.Popen[str]:
    lines = []
    for name, code in programs.items():
        (tmp_path / f"{name}.py").write_text(code)
        lines.append(f"{name}: exec {sys.executable} {tmp_path / name}.py")
    procfile = tmp_path / "Procfile"
    procfile.write_text("\n".join(lines) + "\n")
    return subprocess.Popen(
        [sys.executable, "-c", RUN.format(prepare=prepare), str(procfile)],
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


def test_only_the_gateway_starts_before_the_engines_are_there(tmp_path: Path) -> None:
    def notes(name: str) -> str:
        # The monotonic clock is the same in every process of a machine.
        return f"Path({str(tmp_path)!r}, {name!r}).write_text(str(time.monotonic_ns()))"

    prepare = f"""
    while not Path({str(tmp_path)!r}, "gateway").exists(): time.sleep(0.01)
    {notes("engines")}
    ready()
"""
    programs = {
        name: f"import time; from pathlib import Path; {notes(name)}; {WAITS}"
        for name in ("worker", "bot", "gateway")
    }
    runner = start(tmp_path, prepare, **programs)
    assert runner.stdout is not None
    seen = 0
    while seen < 3:
        line = runner.stdout.readline()
        assert line
        seen += "waiting" in line
    runner.send_signal(signal.SIGTERM)
    assert runner.communicate(timeout=60)[1] == "" and runner.returncode == 0
    at = {name: int((tmp_path / name).read_text()) for name in (*programs, "engines")}
    assert at["gateway"] < at["engines"] < min(at["worker"], at["bot"])


def test_engines_that_do_not_come_stop_the_gateway_and_the_reason_is_said_last(tmp_path: Path) -> None:
    runner = start(tmp_path, 'raise LaunchError("There is no engine.")', worker=WAITS, gateway=WAITS)
    out, err = runner.communicate(timeout=60)
    assert runner.returncode == 1
    assert err == "There is no engine.\n"
    assert "worker stopped" in out and "gateway stopped" in out


def test_a_fault_of_our_own_while_the_engines_come_leaves_no_gateway_alone(tmp_path: Path) -> None:
    runner = start(tmp_path, "1 / 0", worker=WAITS, gateway=WAITS)
    out, err = runner.communicate(timeout=60)
    assert runner.returncode == 1 and "gateway stopped" in out and "ZeroDivisionError" in err


def test_ctrl_c_while_the_engines_still_come_is_no_failure(tmp_path: Path) -> None:
    prepare = f"Path({str(tmp_path / 'preparing')!r}).touch(); time.sleep(600)"
    runner = start(tmp_path, prepare, worker=WAITS, gateway=WAITS)
    assert runner.stdout is not None
    while "waiting" not in runner.stdout.readline():
        pass
    wait_for((tmp_path / "preparing").exists, "nothing was prepared")
    runner.send_signal(signal.SIGINT)
    _, err = runner.communicate(timeout=60)
    assert runner.returncode == 0 and err == ""
