"""The process runner: the gateway does not wait, the others do, who dies is named, Ctrl-C stops everything."""

import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUN = """
import os, sys, time
from pathlib import Path
from launch.errors import LaunchError
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
    seen = tmp_path / "gateway-runs"
    prepare = f"""
    while not Path({str(seen)!r}).exists(): time.sleep(0.01)
    print("prepared", flush=True)
    ready()
"""
    gateway = f"import pathlib; pathlib.Path({str(seen)!r}).touch(); {WAITS.replace('waiting', 'page')}"
    runner = start(tmp_path, prepare, worker=WAITS, bot=WAITS, gateway=gateway)
    assert runner.stdout is not None
    said: list[str] = []
    while sum("waiting" in line for line in said) < 2:
        said.append(runner.stdout.readline())
        assert said[-1], said
    runner.send_signal(signal.SIGTERM)
    assert runner.communicate(timeout=60)[1] == "" and runner.returncode == 0
    prepared = next(place for place, line in enumerate(said) if line == "prepared\n")
    assert not any("waiting" in line for line in said[:prepared])


def test_engines_that_do_not_come_stop_the_gateway_and_the_reason_is_said_last(tmp_path: Path) -> None:
    runner = start(tmp_path, 'raise LaunchError("There is no engine.")', worker=WAITS, gateway=WAITS)
    out, err = runner.communicate(timeout=60)
    assert runner.returncode == 1
    assert err == "There is no engine.\n"
    assert "worker stopped" in out and "gateway stopped" in out


def test_ctrl_c_while_the_engines_still_come_is_no_failure(tmp_path: Path) -> None:
    runner = start(tmp_path, "time.sleep(600)", worker=WAITS, gateway=WAITS)
    assert runner.stdout is not None
    while "waiting" not in runner.stdout.readline():
        pass
    runner.send_signal(signal.SIGINT)
    _, err = runner.communicate(timeout=60)
    assert runner.returncode == 0 and err == ""
