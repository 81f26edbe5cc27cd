"""No log line reveals who wrote what."""

import io
import logging

import pytest

from bot.masking import Masking, mask
from bot.project import load_project
from bot.understanding.entities.component import CityEntities
from tests.bot.fixtures import tiny_city


@pytest.fixture(scope="module")
def city() -> CityEntities:
    with tiny_city():
        return CityEntities(load_project())


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("I am ana@example.org at 12 Mil Lane", "I am [email] at [address]"),
        ("call 212 555 0199 on Elm Street", "call [phone] on [address]"),
        ("vivo en calle Mill nº 12, 10001", "vivo en [address], [postal_code]"),
        ("carte 4111 1111 1111 1111", "carte [number]"),
        ("SR-7K2P-Q9XM on 2026-11-20 costs $45", "SR-7K2P-Q9XM on 2026-11-20 costs $45"),
        (
            "turn 6f9619ff-8b86-4011-842d-00cf4fc964ff: KeyError",
            "turn 6f9619ff-8b86-4011-842d-00cf4fc964ff: KeyError",
        ),
        ("nothing personal", "nothing personal"),
        ("", ""),
    ],
)
def test_personal_data_is_masked_and_nothing_else(city: CityEntities, text: str, masked: str) -> None:
    assert mask(text, city.find) == masked


def test_a_line_with_arguments_and_a_traceback_is_masked(city: CityEntities) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Masking(city.find))
    logger = logging.getLogger("tests.masking")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        raise ValueError("cannot read ana@example.org")
    except ValueError:
        logger.exception("message %s of %s", 7, "12 Mill Lane")
    logger.removeHandler(handler)
    assert "message 7 of [address]" in out.getvalue()
    assert "ValueError: cannot read [email]" in out.getvalue()
    assert "example.org" not in out.getvalue()
