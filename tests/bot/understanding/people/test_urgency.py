"""Danger is read from words and their roles: the kinds, what must not be missed, and what is harmless."""

import pytest

from bot.languages.dangers import DANGERS
from bot.project import ROOT, read_yaml
from bot.understanding.people.urgency import KINDS, PERHAPS, RULES, Urgency

LANGUAGES = ("en", "es", "fr")
TABLES = {code: read_yaml(ROOT / "data" / "evaluation" / "urgency" / f"{code}.yml") for code in LANGUAGES}
DEVELOPED = {code: read_yaml(ROOT / "data" / "danger" / f"{code}.yml")["by_words"] for code in LANGUAGES}


@pytest.fixture(scope="module")
def urgency() -> Urgency:
    return Urgency()


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_danger_is_missed(urgency: Urgency, code: str) -> None:
    assert [text for text in TABLES[code]["urgent"]["tried"] if not urgency([text], code)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_harmless_sentences_with_the_same_words(urgency: Urgency, code: str) -> None:
    assert [text for text in TABLES[code]["calm"]["tried"] if urgency([text], code)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_sentences_of_the_development(urgency: Urgency, code: str) -> None:
    assert [text for text in DEVELOPED[code]["urgent"] if not urgency([text], code)] == []
    assert [text for text in DEVELOPED[code]["calm"] if urgency([text], code)] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_tables_are_large_enough(code: str) -> None:
    for kind in ("urgent", "calm"):
        assert sum(len(half) for half in TABLES[code][kind].values()) >= 60


@pytest.mark.parametrize(
    ("code", "text", "kind"),
    [
        ("en", "My neighbour has fallen down and doesn't answer me.", "medical"),
        ("en", "my neighbour's fence has fallen down and he doesn't answer my mails", None),
        ("es", "mi vecina se ha caído y no contesta", "medical"),
        ("es", "el muro del vecino se cayó y no contesta", None),
        ("fr", "ma voisine est tombée et ne répond plus", "medical"),
    ],
)
def test_who_has_fallen_and_does_not_answer(urgency: Urgency, code: str, text: str, kind: str | None) -> None:
    assert urgency([text], code) == kind


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("my child is missing!!", "en", "missing"),
        ("my child's passport is missing", "en", None),
        ("my husband is hitting me", "en", "domestic"),
        ("someone is breaking into my house", "en", "break_in"),
        ("my car was broken into last month", "en", None),
        ("I want to kill myself", "en", "suicide"),
        ("this queue is killing me", "en", None),
        ("hay una fuga de gas", "es", "gas"),
        ("il y a le feu dans la cuisine", "fr", "fire"),
        ("la batería de mi móvil se murió", "es", None),
        ("meu filho desapareceu", "pt", "missing"),
        ("help", "en", None),
        ("help me!!", "en", PERHAPS),
        ("help with my fence", "en", None),
        ("ayúdenme por favor", "es", PERHAPS),
        ("à l'aide !!", "fr", PERHAPS),
    ],
)
def test_the_kind_of_danger(urgency: Urgency, text: str, code: str, kind: str | None) -> None:
    assert urgency([text], code) == kind


def test_a_rule_needs_no_role_that_a_language_lacks() -> None:
    for code in LANGUAGES:
        roles = {role for role, phrases in DANGERS[code].items() if phrases}
        missing = [rule for rule in RULES if not all(need & roles for need in rule.needs)]
        assert missing == [], code


def test_every_rule_leads_to_a_kind_that_has_words() -> None:
    said = read_yaml(ROOT / "content" / "dialogue" / "danger.yml")
    assert {rule.kind for rule in RULES} <= set(KINDS)
    assert {f"utter_danger_{kind}" for kind in KINDS} == set(said)
