"""Checks of the sources: password fields, the sign-out button, secure random numbers, log lines."""

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "console" / "templates").glob("*.html"))
SERVES = (
    "actions",
    "backends",
    "channels",
    "city",
    "console",
    "desk",
    "forms",
    "gateway",
    "bot/turn",
    "bot/rasa_patches",
)


def test_password_fields_are_masked_and_open_to_password_managers() -> None:
    fields = [
        tag
        for page in TEMPLATES
        for tag in re.findall(r"<input[^>]*>", page.read_text())
        if "password" in tag and 'type="hidden"' not in tag
    ]
    assert len(fields) >= 4
    for tag in fields:
        assert 'type="password"' in tag
        assert re.search(r'autocomplete="(current|new)-password"', tag)
    scripts = {path.name: path.read_text() for path in (ROOT / "web" / "console").glob("*.ts")}
    # Nothing is pasted through a script but photos into the reply.
    assert [name for name, text in scripts.items() if 'Listener("paste"' in text] == ["photo.ts"]
    assert 'if (!(box instanceof HTMLTextAreaElement) || box.id !== "text") return;' in scripts["photo.ts"]


def test_every_page_of_a_signed_in_agent_has_a_sign_out_button() -> None:
    base = (ROOT / "console" / "templates" / "base.html").read_text()
    assert re.search(r'{% if session %}.*action="/console/sign-out".*Sign out.*{% endif %}', base, re.DOTALL)
    for page in TEMPLATES:
        if not page.name.startswith("_") and page.name != "base.html":
            assert '{% extends "base.html" %}' in page.read_text(), page.name


def test_random_numbers_come_from_the_system() -> None:
    """The module `random` by itself can be predicted; its SystemRandom and `secrets` cannot."""
    guessable = re.compile(r"^\s*import random\b|^\s*from random import (?!SystemRandom\b)", re.MULTILINE)
    files = [path for package in SERVES for path in (ROOT / package).rglob("*.py")]
    assert len(files) > 100
    assert [str(path) for path in files if guessable.search(path.read_text())] == []


def test_a_line_of_the_log_has_its_time_in_utc_and_cannot_be_forged() -> None:
    code = (
        "import structlog; from desk.runtime.logs import configure_logs; configure_logs()\n"
        "structlog.get_logger('x').info('written', text='one\\n{\"event\": \"forged\"}\\r\\u2028')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    (line,) = (done.stdout + done.stderr).strip().split("\n")
    told = json.loads(line)
    assert told["event"] == "written"
    assert datetime.fromisoformat(told["timestamp"]).utcoffset() == timedelta(0)


def test_scripts_cannot_be_polluted_through_prototypes() -> None:
    """No script merges or copies properties under names that data supplies; single names are the script's own."""
    copies = re.compile(
        r"Object\.(assign|setPrototypeOf|defineProperty)|__proto__|\bfor \((const|let|var) \w+ in "
    )
    assigns = re.compile(r"(?<![\w\])])\w+\[[^\]\"'\d]+\] ?= ")
    files = [path for path in (ROOT / "web").rglob("*.ts") if "node_modules" not in path.parts]
    assert len(files) > 30
    found = [
        f"{path.name}: {match[0]}"
        for path in files
        for match in (*copies.finditer(path.read_text()), *assigns.finditer(path.read_text()))
    ]
    # links.ts counts brackets, and looks each sign up in a fixed table first.
    assert [one for one in found if not one.startswith("links.ts: open[")] == []
