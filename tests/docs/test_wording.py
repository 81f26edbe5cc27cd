"""Turns of phrase that readers stumbled over, and what to write instead.

The list is short on purpose: each entry was in these pages several times, and none has a use in technical English.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "deploy/README.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
INSTEAD = {
    r"\bmend(s|ed|ing)?\b": "fix",
    r"\bdearer\b": "more expensive",
    r"\ball the same\b": "anyway",
    r"\banew\b": "again",
    r"\bas delivered\b": "by default",
    r"\b(go|goes) on\b": "continue",
    r"\btakes? (its|their|the) place\b": "replaces it",
    r"(?:^|[.!?] |[|] |- )Who(ever)? [^.?!|*]*\.(?=\s|$)": "a noun as the subject: 'An agent who declines is not asked again.'",
}


@pytest.mark.parametrize("phrase", INSTEAD)
def test_pages_use_the_usual_words(phrase: str) -> None:
    found = [
        f"{page.relative_to(ROOT)}:{number}: {hit.group(0).strip()}"
        for page in PAGES
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1)
        for hit in re.finditer(phrase, line)
    ]
    assert not found, f"write {INSTEAD[phrase]!r} instead: {found}"
