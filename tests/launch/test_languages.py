"""`make languages`: every word table of a language is found, and what is missing is named."""

from pathlib import Path

import pytest

from city import load_city
from launch import languages

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("language", load_city(ROOT / "city.yml").languages)
def test_a_language_of_the_city_has_every_table(language: str) -> None:
    assert None not in languages.tables(ROOT, language).values()
    assert languages.main([language]) == 0


def test_a_language_that_nobody_wrote_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert languages.main(["xx"]) == 1
    said = capsys.readouterr().out
    assert "gateway/languages: missing" in said and "content/dialogue/desk.yml: " in said


def test_the_table_lists_every_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert languages.main([]) == 0
    said = capsys.readouterr().out
    assert all(folder in said for folder in languages.TABLES)


NO_WORDS = {Path("desk/store/knowledge/pages.py")}
"""Names of PostgreSQL's configurations, which nobody translates."""


def test_no_word_table_stands_outside_these_folders() -> None:
    """A dict with an entry for Spanish in a module is a table that `make languages` would not list."""
    folders = {Path(folder) for folder in languages.TABLES}
    stray = [
        str(path.relative_to(ROOT))
        for package in ("actions", "bot", "channels", "desk", "gateway", "backends", "city")
        for path in (ROOT / package).rglob("*.py")
        if path.parent.relative_to(ROOT) not in folders and '"es": ' in path.read_text(encoding="utf-8")
        if path.relative_to(ROOT) not in NO_WORDS
    ]
    assert not stray
