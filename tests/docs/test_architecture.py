"""The newcomer's table and the layout of docs/architecture.md name files and folders that exist."""

import re
import subprocess
from pathlib import Path

import pytest

PAGE = Path("docs/architecture.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([a-z_]+(?:/[a-z_]+)*/?(?:[a-z_]+\.(?:py|yml|md))?)`")
QUESTIONS = (
    "add a channel",
    "how a wait is estimated",
    "why a message was not sent",
    "retry schedules",
    "rate limits",
    "STOP by SMS",
    "the handoff's words",
    "add a language",
)


def section(title: str) -> str:
    """The text under a heading of the page, up to the next heading."""
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def paths(text: str) -> list[str]:
    """What is written as a path in backticks."""
    return [name for name in NAMED.findall(text) if "/" in name or name.endswith((".py", ".yml"))]


def test_every_place_of_the_newcomers_table_exists() -> None:
    named = paths(section("Where is …?"))
    assert len(named) > 15
    assert not [name for name in named if not Path(name).exists()]


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_table_answers(question: str) -> None:
    rows = [row for row in section("Where is …?").splitlines() if row.startswith(f"| {question}")]
    assert rows and paths(rows[0])


def test_every_package_of_the_layout_exists_and_none_is_missing() -> None:
    table = section("Layout")
    first = {name.rstrip("/") for row in table.splitlines() if row.startswith("| `") for name in re.findall(r"`([^`]+)`", row.split("|")[1])}  # fmt: skip
    assert not [name for name in first if not Path(name).exists()]
    packages = {path.parent.name for path in Path().glob("*/__init__.py")} - {"tests", "bench"}
    assert packages <= first
    rooms = {f"desk/{path.parent.name}" for path in Path("desk").glob("*/__init__.py")}
    assert rooms <= first


def test_no_package_is_crowded() -> None:
    crowded = {}
    for folder in {path.parent for path in Path().glob("*/**/*.py")}:
        if folder.parts[0] in ("tests", "var", "web") or folder.parts[0].startswith("."):
            continue
        if folder.name != "versions" and (count := len(list(folder.glob("*.py")))) > 18:
            crowded[str(folder)] = count
    assert not crowded


def test_a_file_of_more_than_300_lines_says_why() -> None:
    listed = ["git", "ls-files", "*.py", "*.ts", "*.css"]
    files = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    texts = {name: Path(name).read_text(encoding="utf-8") for name in files}
    long = {name for name, text in texts.items() if text.count("\n") > 300}
    assert not [name for name in long if "One long file on purpose" not in texts[name]]
