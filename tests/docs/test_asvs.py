"""docs/asvs.md: every requirement of levels 1 and 2 once, and no test named there that does not exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| (V[\d.]+) \| ([12]) \| (.+?) \| (met|not applicable|open) \| (.+) \|$", PAGE, re.MULTILINE
)
CHAPTERS = {
    1: 27, 2: 11, 3: 19, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7,
    10: 29, 11: 14, 12: 9, 13: 13, 14: 9, 15: 13, 16: 16, 17: 7,
}  # fmt: skip
"""How many requirements of levels 1 and 2 each chapter of ASVS 5.0.0 has."""


def _tests(text: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)


def test_every_requirement_is_there_once() -> None:
    assert len({number for number, *_ in ROWS}) == len(ROWS) == 253
    assert Counter(int(number[1:].split(".")[0]) for number, *_ in ROWS) == CHAPTERS
    assert Counter(level for _, level, *_ in ROWS) == {"1": 70, "2": 183}


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_what_is_met_names_a_test_that_exists(row: tuple[str, str, str, str, str]) -> None:
    _, _, what, status, evidence = row
    named = _tests(evidence)
    for path, function in named:
        source = (ROOT / path).read_text(encoding="utf-8")
        assert not function or re.search(rf"^(async )?def {function}\(", source, re.MULTILINE), (
            path,
            function,
        )
    if status == "met":
        assert named, f"{what} is called met without a test"
    else:
        assert len(evidence) > 5, f"{what} needs its reason"


def test_the_sums_at_the_top_are_right() -> None:
    sums = Counter(status for *_, status, _ in ROWS)
    assert f"{sums['met']} met, {sums['not applicable']} not applicable, {sums['open']} open" in PAGE
