"""docs/reports.md says what the code counts."""

from pathlib import Path

from desk.reporting.figures import FIGURES, document

ROOT = Path(__file__).parents[2]


def test_the_definitions_are_those_of_the_code() -> None:
    text = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert text == document(), "run `python -m desk.reporting.figures > docs/reports.md`"


def test_every_figure_has_a_name_and_a_definition_of_its_own() -> None:
    assert len({one.id for one in FIGURES}) == len({one.title for one in FIGURES}) == len(FIGURES)
    assert all(one.definition.endswith(".") for one in FIGURES)
    assert all(one.base_title for one in FIGURES if one.unit == "share")
