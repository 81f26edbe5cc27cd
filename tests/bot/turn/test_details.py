"""Personal details are found and taken out, and nothing else is."""

from typing import Any

import pytest

from bot.project import load_project
from bot.turn.details import Details, find_details
from bot.understanding.entities.component import CityEntities


@pytest.fixture(scope="module")
def entities() -> CityEntities:
    """With the demo city's streets and services."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CIVICDESK_CITY", raising=False)
        patch.delenv("CIVICDESK_CONTENT", raising=False)
        return CityEntities(load_project())


def found(entities: CityEntities, language: str, text: str, step: str | None = None) -> Details | None:
    return find_details(text, entities.find(text, {"language": language}), language, step)


@pytest.mark.parametrize(
    ("language", "text", "told", "rest"),
    [
        (
            "es",
            "hay un bache en Mill Lane 12, mi correo es ana@example.org",
            {"email": "ana@example.org"},
            "hay un bache en Mill Lane 12",
        ),
        (
            "en",
            "there is a pothole at 12 Mill Lane my email is ana@example.org",
            {"email": "ana@example.org"},
            "there is a pothole at 12 Mill Lane",
        ),
        (
            "en",
            "There is a pothole at 12 Mill Lane. My name is Ana Pérez, you can reach me at 555 123 4567. It is deep.",
            {"name": "Ana Pérez", "phone": "555 123 4567"},
            "There is a pothole at 12 Mill Lane. It is deep.",
        ),
        (
            "en",
            "my bin was not emptied at 12 Kings Road, apartment 4B, second floor, call me on +1 555 010 0199",
            {"unit": "apartment 4B, second floor", "phone": "+1 555 010 0199"},
            "my bin was not emptied at 12 Kings Road",
        ),
        (
            "en",
            "my name is ana perez and there is a pothole at 12 Mill Lane",
            {"name": "ana perez"},
            "there is a pothole at 12 Mill Lane",
        ),
        (
            "en",
            "The street light at 3 Elm Street is out. Don't contact me please.",
            {"anonymous": True},
            "The street light at 3 Elm Street is out.",
        ),
        (
            "es",
            "Soy Ana María de la Cruz y vivo en el segundo piso. La farola de Elm Street 3 no funciona",
            {"name": "Ana María de la Cruz", "unit": "segundo piso"},
            "La farola de Elm Street 3 no funciona",
        ),
        (
            "es",
            "basura tirada en Oak Street 5, quiero ser anónimo",
            {"anonymous": True},
            "basura tirada en Oak Street 5",
        ),
        (
            "fr",
            "je m'appelle Jean-Luc Martin, il y a un tag au 12 Mill Lane, 2e étage. Mon mail : jl@example.fr",
            {"name": "Jean-Luc Martin", "unit": "2e étage", "email": "jl@example.fr"},
            "il y a un tag au 12 Mill Lane",
        ),
        (
            "fr",
            "lampadaire cassé au 3 Elm Street, joignable au 01 23 45 67 89",
            {"phone": "01 23 45 67 89"},
            "lampadaire cassé au 3 Elm Street",
        ),
        (
            "fr",
            "je veux signaler anonymement un tag au 3 Elm Street",
            {"anonymous": True},
            "je veux signaler un tag au 3 Elm Street",
        ),
    ],
)
def test_details_leave_the_text(
    entities: CityEntities, language: str, text: str, told: dict[str, Any], rest: str
) -> None:
    details = found(entities, language, text)
    assert details is not None
    assert (details.told, details.rest, details.only) == (told, rest, False)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "my e-mail is bob@example.org"),
        ("en", "no, my email is b@x.org"),
        ("en", "wrong email, it's bob@example.org"),
        ("en", "I want to stay anonymous"),
        ("es", "perdón, mi correo es ana@example.org"),
        ("fr", "mon numéro est le 01 23 45 67 89"),
    ],
)
def test_a_message_of_details_alone(entities: CityEntities, language: str, text: str) -> None:
    details = found(entities, language, text)
    assert details is not None
    assert details.only


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "can I report anonymously?"),
        ("en", "my account number 12345678 is wrong"),
        ("en", "I'm angry about the pothole at 12 Mill Lane"),
        ("en", "this is Oak Street 5"),
        ("en", "the lamp has been out since 2026-11-12"),
        ("en", "the car with plate 4567890 stands there"),
        ("es", "soy vecino de la calle y hay un bache"),
        ("fr", "je suis devant le lampadaire"),
        ("xx", "my email is ana@example.org"),
    ],
)
def test_what_is_none(entities: CityEntities, language: str, text: str) -> None:
    assert found(entities, language, text) is None


def test_a_bare_number_is_a_phone_number_only_where_one_was_asked_for(entities: CityEntities) -> None:
    assert found(entities, "en", "555 123 4567") is None
    asked = found(entities, "en", "555 123 4567", "draft_contact")
    assert asked is not None
    assert asked.told == {"phone": "555 123 4567"}
