"""`make test`: every check and every test, in the order that fails soonest. `quick` is the inner loop;
`coverage` runs only the tests, and then names the modules that none of them reaches."""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
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
        return _run_beside(BOT_TESTS, [*LINT, VALIDATE], environ) or _run([APP_TESTS], environ)
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


def _run_beside(
    long: tuple[str, list[str]], steps: list[tuple[str, list[str]]], environ: dict[str, str]
) -> int:
    """Run `long` while `steps` run: each uses one core. Its output comes after theirs."""
    name, command = long
    started = time.monotonic()
    with (
        tempfile.TemporaryFile() as output,
        _engines_for(name) as engines,
        subprocess.Popen(command, env=environ | engines, stdout=output, stderr=output) as process,
    ):
        code = _run(steps, environ)
        if code:
            process.terminate()
            return code
        print(f"== {name} (began at the start)", flush=True)
        code = process.wait()
        output.seek(0)
        print(output.read().decode("utf-8", "replace"), flush=True)
    if code:
        return _failed(name, command, code)
    _say_fine(name, started)
    return 0


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
