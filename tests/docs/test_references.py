"""What code and documents name is in the repository."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATHS = re.compile(
    r"(?<![\w/.*<-])((?:docs|deploy|desk|gateway|console|bot|actions|channels|backends|city|launch|bench|tests|web)/[\w./-]+\.(?:md|py|sql|sh|conf|ts))\b"
)
"""Paths from the top folder, as comments and documents write them."""


def _texts() -> dict[str, str]:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.ts", "*.sql", "*.sh", "*.yml", "*.yaml", "*.md", "*.conf", "*.tpl"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in listed if (ROOT / name).is_file()}


def test_no_design_document_is_named_that_is_not_here() -> None:
    named = re.compile("DESIGN" + r"(\.md| section)")
    assert [name for name, text in _texts().items() if named.search(text)] == []


def test_every_path_that_is_named_exists() -> None:
    """Not in decisions and in the list of changes: they tell what was."""
    missing = {
        (name, path)
        for name, text in _texts().items()
        if not name.startswith(("docs/adr/", "CHANGELOG"))
        for path in PATHS.findall(text)
        if not (ROOT / path).exists() and not (ROOT / "tests" / path).exists()
    }
    assert missing == set()
