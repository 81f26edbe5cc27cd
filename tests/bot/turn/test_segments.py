"""Where a message is cut, and how each segment is classified."""

import pytest

from bot.project import load_project
from bot.turn.segments import MOST_SEGMENTS, Segment, cut
from bot.understanding.entities.component import CityEntities


@pytest.fixture(scope="module")
def entities() -> CityEntities:
    """With the demo city's streets and services."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CIVICDESK_CITY", raising=False)
        patch.delenv("CIVICDESK_CONTENT", raising=False)
        return CityEntities(load_project())


def segments(entities: CityEntities, text: str, language: str = "en") -> list[Segment]:
    return cut(text, entities.find(text, {"language": language}), language)


@pytest.mark.parametrize(
    ("language", "text", "pieces"),
    [
        (
            "en",
            "there is a pothole at 12 Mill Lane and a broken street light at 3 Elm Street",
            ["there is a pothole at 12 Mill Lane", "a broken street light at 3 Elm Street"],
        ),
        (
            "en",
            "the corner of Mill Lane and Elm Street has a pothole",
            ["the corner of Mill Lane and Elm Street has a pothole"],
        ),
        ("en", "There is also a hole at 12 Mill Lane.", ["There is also a hole at 12 Mill Lane."]),
        (
            "en",
            "1. pothole at 12 Mill Lane\n2. graffiti at 3 Elm Street",
            ["pothole at 12 Mill Lane", "graffiti at 3 Elm Street"],
        ),
        ("en", "write to ana@city.example, please", ["write to ana@city.example", "please"]),
        (
            "es",
            "hay un bache en Mill Lane 12 y una farola rota en Elm Street 3",
            ["hay un bache en Mill Lane 12", "una farola rota en Elm Street 3"],
        ),
        (
            "fr",
            "il y a un nid-de-poule au 12 Mill Lane et un tag au 3 Elm Street",
            ["il y a un nid-de-poule au 12 Mill Lane", "un tag au 3 Elm Street"],
        ),
    ],
)
def test_cuts(entities: CityEntities, language: str, text: str, pieces: list[str]) -> None:
    assert [segment.text for segment in segments(entities, text, language)] == pieces


@pytest.mark.parametrize(
    ("language", "text", "service"),
    [
        ("en", "a broken street light at 3 Elm Street", "street_light"),
        ("en", "right next to the big tree", None),
        ("en", "in my street there is a pothole near a tree", "pothole"),
        ("en", "at 3 Elm Street a lamp post is dark", "street_light"),
        ("es", "cerca de la farola", None),
        ("es", "en mi calle hay un bache", "pothole"),
        ("fr", "devant le lampadaire", None),
        ("fr", "dans ma rue il y a un nid-de-poule", "pothole"),
    ],
)
def test_a_landmark_is_not_what_it_is_about(
    entities: CityEntities, language: str, text: str, service: str | None
) -> None:
    assert [segment.service for segment in segments(entities, text, language)] == [service]


def test_pieces_stand_in_the_text_and_do_not_overlap(entities: CityEntities) -> None:
    text = "Hola 🙂, hay un bache en Mill Lane 12.  Y también: ¿cómo?\nGracias, e igual; ok"
    end = 0
    for segment in segments(entities, text, "es"):
        assert segment.start >= end
        assert segment.text in text[segment.start : segment.end]
        end = segment.end


@pytest.mark.parametrize("text", ["", "?!", "and", "a, " * 500, "and " * 500, "\n\n\n", "one\n" * 300])
def test_there_are_never_too_many(entities: CityEntities, text: str) -> None:
    assert len(segments(entities, text)) <= MOST_SEGMENTS
