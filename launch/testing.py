"""`make test`: every check and every test, in the order that fails soonest. `quick` is the inner loop;
`coverage` runs only the tests, and then names the modules that none of them reaches."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from desk.store.migrate import migrate
from launch import coverage
from launch.browser import find_browser
from launch.embedded import Engines
from launch.proxy import openssl_folder

BOT_PYTHON = Path(".venv-bot/bin/python").absolute()
PYTHON = sys.executable

LINT = [
    ("style", [PYTHON, "-m", "ruff", "check", "."]),
    ("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
    ("types", [PYTHON, "-m", "mypy"]),
    ("types of the bot", [PYTHON, "-m", "mypy", "--config-file", "bot/mypy.ini"]),
    ("facts", [PYTHON, "-m", "desk.knowledge.facts"]),
    ("import rules", [str(Path(PYTHON).with_name("lint-imports"))]),
]
BOT_TESTS = ("bot tests", [str(BOT_PYTHON), "-m", "pytest", "-q", "-c", "tests/bot/pytest.ini", "tests/bot"])
SHARED_OUT = ["--no-loadscope-reorder", "-n"]
# Three processes on two cores: most of a test's time is spent waiting for a server, a bot or a browser.
APP_TESTS = ("tests", [PYTHON, "-m", "pytest", "-q", "--durations=10", *SHARED_OUT, "3"])
# The inner loop: some tests of every part, except those that start the product's processes. They hardly wait, so
# that a third process would only collect all tests once more. `make test` runs all.
QUICK_PARTS = [
    *(
        "test_tests.py",
        "actions",
        "backends",
        "channels",
        "city",
        "gateway/georeport/test_filing.py",
        "gateway/georeport/test_our_client.py",
        "desk/people/test_permissions.py",
        "desk/people/test_linking.py",
    ),
    *(
        "desk/knowledge/test_content.py",
        "desk/outbound/test_delivery.py",
        "desk/routing/test_hours.py",
        "desk/conversations/test_ownership.py",
        "desk/requests/test_filing.py",
        "desk/requests/test_status.py",
        "desk/requests/test_two_backends.py",
    ),
    *(
        "desk/turns/test_turns.py",
        "gateway/citizen/test_messages.py",
        "gateway/citizen/test_sessions.py",
        "gateway/webhooks/test_webhooks.py",
    ),
    *("console/conversations/test_conversations.py", "console/test_sign_in.py"),
    *("security/test_grants.py", "security/test_headers.py", "security/test_patterns.py"),
]
# What reads mails in a child process, or over TLS, takes a fifth of the time.
QUICK_WITHOUT = ["attacks", "generated", "limits", "pictures", "reader", "tls"]
QUICK_TESTS = (
    "quick tests",
    [
        *(PYTHON, "-m", "pytest", "-q", "-m", "not slow", "-x", *SHARED_OUT, "2"),
        *(f"tests/{part}" for part in QUICK_PARTS),
        *(f"--ignore-glob=*/channels/mail/test_*{name}*" for name in QUICK_WITHOUT),
    ],
)
VALIDATE = ("rasa data validate", [str(BOT_PYTHON), "-m", "rasa", "data", "validate"])


def main(arguments: list[str]) -> int:
    """Run the steps of this mode; stop at the first that fails, and name it."""
    mode = arguments[0] if arguments else "all"
    environ = {**os.environ, "CIVICDESK_BOT_PYTHON": str(BOT_PYTHON)}
    environ.setdefault("CIVICDESK_CHROMIUM", find_browser() or "")
    if folder := openssl_folder():
        environ["PATH"] = f"{environ['PATH']}{os.pathsep}{folder}"
    if environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        # No `__pycache__` beside the sources, but compiled all the same: each process of a test would compile
        # a thousand modules again.
        environ.setdefault("PYTHONPYCACHEPREFIX", str(Path("var/pycache").absolute()))
    if mode == "coverage":
        environ |= coverage.environment()
    if mode == "all":
        return run_beside(BOT_TESTS, [*LINT, VALIDATE, APP_TESTS], environ)
    steps = {"quick": [*LINT, QUICK_TESTS], "lint": LINT, "coverage": [BOT_TESTS, APP_TESTS]}[mode]
    code = _run(steps, environ)
    if mode == "coverage" and not code:
        print(coverage.report())
    return code


def _run(steps: list[tuple[str, list[str]]], environ: dict[str, str]) -> int:
    for name, command in steps:
        started = time.monotonic()
        print(f"== {name}", flush=True)
        with _engines_for(name) as engines:
            code = subprocess.run(command, env=environ | engines, check=False).returncode
        if code:
            return _failed(name, command, code)
        _say_fine(name, started)
    return 0


def run_beside(
    aside: tuple[str, list[str]], steps: list[tuple[str, list[str]]], environ: dict[str, str]
) -> int:
    """Run `aside` from the start, on the core that the first steps leave free, and `steps` meanwhile. Its output
    comes in one piece between two of theirs, or, if it fails, ends the step that runs."""
    name, command = aside
    started = time.monotonic()
    with (
        tempfile.TemporaryFile() as output,
        _engines_for(name) as engines,
        subprocess.Popen(command, env=environ | engines, stdout=output, stderr=output) as process,
    ):
        told = False

        def told_of() -> int:
            """Its exit code if it has ended, else 0. Prints its output the first time."""
            nonlocal told
            code = process.poll()
            if code is not None and not told:
                told = True
                output.seek(0)
                print(f"== {name} (began at the start)", flush=True)
                print(output.read().decode("utf-8", "replace"), flush=True)
                if code:
                    _failed(name, command, code)
                else:
                    _say_fine(name, started)
            return code or 0

        for step, its_command in steps:
            its_start = time.monotonic()
            print(f"== {step}", flush=True)
            with _engines_for(step) as its_engines:
                code = _finished(its_command, environ | its_engines, told_of)
            if code:
                process.terminate()
                return code if told and process.returncode else _failed(step, its_command, code)
            _say_fine(step, its_start)
        process.wait()
        return told_of()


def _finished(command: list[str], environ: dict[str, str], other: Callable[[], int]) -> int:
    """Run a command to its end, or until `other`, asked twice a second, gives an exit code that is not 0. Returns the
    code of whichever ended it."""
    with subprocess.Popen(command, env=environ) as process:
        while True:
            try:
                return process.wait(0.5)
            except subprocess.TimeoutExpired:
                if code := other():
                    process.send_signal(signal.SIGINT)  # as Ctrl-C: pytest and its processes clean up
                    process.wait()
                    return code


def _failed(name: str, command: list[str], code: int) -> int:
    print(f"== {name} failed; nothing after it was run. Command: {' '.join(command)}", flush=True)
    return code


def _say_fine(name: str, started: float) -> None:
    print(f"== {name}: fine, {time.monotonic() - started:.0f} s", flush=True)


@contextlib.contextmanager
def _engines_for(step: str) -> Iterator[dict[str, str]]:
    """Engines for the steps that need them: the bot's environment has none, and its trackers live in
    PostgreSQL."""
    if step != BOT_TESTS[0]:
        yield {}
        return
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, Engines(Path(folder), os.environ) as engines:
        asyncio.run(migrate(engines.environ["DATABASE_URL"]))
        yield engines.environ


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
