"""Whoever suppresses a warning says why, on the same line."""

import re
import subprocess
from pathlib import Path

_NOQA = re.compile(r"#\s+noqa\b(?!: [A-Z]+\d+(?:, [A-Z]+\d+)*  \S)")

_IGNORE = re.compile(r"#\s+type: ignore\b(?!\[[a-z, -]+\]  # \S)")


def test_each_suppressed_warning_has_its_rule_and_its_reason() -> None:
    files = subprocess.run(["git", "ls-files", "*.py"], capture_output=True, text=True, check=True).stdout
    bare = [
        f"{path}:{number}"
        for path in files.split()
        for number, line in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1)
        if _NOQA.search(line) or _IGNORE.search(line)
    ]
    assert not bare


def test_the_pattern_finds_what_has_no_reason() -> None:
    suppress = "# no" + "qa"
    assert _NOQA.search(f"x = 1  {suppress}: S608") and _NOQA.search(f"x = 1  {suppress}")
    assert not _NOQA.search(f"x = 1  {suppress}: S608, S101  (our own columns)")
    ignored = "# type: " + "ignore"
    assert _IGNORE.search(f"x = 1  {ignored}[misc]") and _IGNORE.search(f"x = 1  {ignored}  # a reason")
    assert not _IGNORE.search(f"x = 1  {ignored}[misc, no-untyped-def]  # a reason")
