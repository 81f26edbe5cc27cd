"""Named facts: what they say in each language, from when until when, and what is wrong with one."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import ContentError
from desk.knowledge.lint import lint_answer
from desk.knowledge.named_facts import Fact, check_fact
from desk.knowledge.publishing.fact_windows import windows_of
from desk.model import Reply
from desk.store.knowledge.facts import FactState

TODAY = date(2026, 11, 30)
FEE = {
    "name": "some_fee", "title": "Some fee", "kind": "amount", "owner": "Registry", "source": "https://x.example",
    "written": {"en": "${value}", "es": "{value} dólares"},
    "values": [{"from": "2026-01-01", "value": "1250.50"}, {"from": "2027-01-01", "until": "2027-12-31", "value": "20"}],
}  # fmt: skip
OF_KINDS: dict[str, dict[str, Any]] = {
    "day": {"value": "2027-03-01"},
    "phone": {"value": "+1 555-0170"},
    "text": {"texts": {"en": "Monday, 9 to 12", "es": "lunes, de 9 a 12"}},
}


def fact(**changes: Any) -> Fact:
    return check_fact({**FEE, **changes}, "some_fee", ("en", "es"), Path("some_fee.yml"))


def of_kind(kind: str, **value: Any) -> Fact:
    return fact(kind=kind, written={}, values=[{"from": "2026-01-01", **value}])


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (date(2025, 12, 31), None, None),
        (date(2026, 12, 31), "$1,250.50", "1.250,50 dólares"),
        (date(2027, 1, 1), "$20", "20 dólares"),
        (date(2028, 1, 1), None, None),
    ],
)
def test_a_fee_holds_from_one_day_until_another(day: date, english: str | None, spanish: str | None) -> None:
    assert (fact().said("en", day), fact().said("es", day)) == (english, spanish)


@pytest.mark.parametrize(
    ("kind", "english", "spanish"),
    [
        ("day", "March 1, 2027", "1 de marzo de 2027"),
        ("phone", "+1 555-0170", "+1 555-0170"),
        ("text", "Monday, 9 to 12", "lunes, de 9 a 12"),
    ],
)
def test_days_telephone_numbers_and_words(kind: str, english: str, spanish: str) -> None:
    one = of_kind(kind, **OF_KINDS[kind])
    assert (one.said("en", TODAY), one.said("es", TODAY)) == (english, spanish)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "phone"}, "the name is 'phone'"),
        ({"source": "http://x.example"}, "https"),
        ({"written": {"en": "$"}}, "{value}"),
        ({"values": []}, "no value yet"),
        ({"values": [{"from": "2026-01-01", "value": "1,5"}]}, "number with a point"),
        ({"values": [{"from": "2026-01-02", "value": "1"}, {"from": "2026-01-02", "value": "2"}]}, "begins before"),
        ({"values": [{"from": "2026-01-02", "until": "2026-01-01", "value": "1"}]}, "ends before"),
        ({"kind": "text", "values": [{"from": "2026-01-01", "texts": {"en": "x"}}]}, "missing in es"),
        ({"kind": "text", "values": [{"from": "2026-01-01", "texts": {"en": "{phone}", "es": "x"}}]}, "another fact"),
        ({"kind": "day", "values": [{"from": "2026-01-01", "value": "soon"}]}, "2026-12-31"),
        ({"kind": "phone", "values": [{"from": "2026-01-01", "value": "call us"}]}, "telephone number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ContentError, match=said):
        fact(**changes)


def test_answers_of_every_language_say_the_same_fee(catalog: Catalog) -> None:
    said = [
        catalog.compose(Reply(answer="birth_certificate", part="cost"), one, today=TODAY).text
        for one in ("en", "es", "fr")
    ]
    assert said == ["Each copy costs $18.", "Cada copia cuesta 18 dólares.", "Chaque copie coûte 18 dollars."]
    whole = catalog.compose(Reply(answer="death_certificate"), "en", today=TODAY).text
    assert "$18" in whole and "{" not in whole


def test_an_answer_whose_fact_has_no_value_is_not_given(catalog: Catalog) -> None:
    early = date(2025, 6, 1)
    assert not catalog.is_given("birth_certificate", early) and catalog.is_given("rats", early)
    said = catalog.compose(Reply(answer="birth_certificate"), "en", today=early)
    assert "https://www.lindenport.example/registry" in said.text and "costs" not in said.text


def test_an_answer_may_not_use_what_is_no_fact(catalog: Catalog, city: City) -> None:
    rats = catalog.answers["rats"]
    texts = {name: replace_text(text, "It costs {rat_fee}.") for name, text in rats.texts.items()}
    wrong = type(rats)(**{field: getattr(rats, field) for field in rats.__struct_fields__} | {"texts": texts})
    found = lint_answer(wrong, catalog, city.languages, TODAY)
    assert [one for one in found if "{rat_fee}" in one]


def replace_text(text: Any, said: str) -> Any:
    return type(text)(text=said, title=text.title, buttons=text.buttons, parts={})


def test_the_times_of_a_value_come_from_its_days_and_from_when_it_was_published() -> None:
    zone = ZoneInfo("America/New_York")

    def state(at: datetime, version: int, *values: dict[str, str]) -> FactState:
        body = {
            "name": "fee", "title": "Fee", "kind": "phone", "owner": "x", "source": "https://x.example",
            "values": list(values),
        }  # fmt: skip
        return FactState(version, "published", at, body, None)

    first, second = datetime(2026, 3, 1, 15, tzinfo=UTC), datetime(2026, 5, 1, 15, tzinfo=UTC)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    old, later = {"from": "2026-01-01", "value": "1"}, {"from": "2026-04-01", "value": "2"}
    states = [state(second, 2, {"from": "2026-04-01", "value": "3"}), state(first, 1, old, later)]
    april = datetime(2026, 4, 1, tzinfo=zone)
    assert [(one.said, one.since, one.until) for one in windows_of(states, zone, "en", now)] == [
        ("2", april, second),
        ("1", first, april),
    ]
    # A draft in between, or the same value again, is no change.
    same = [state(second, 2, old), state(first, 1, old)]
    assert windows_of(same, zone, "en", now) == []
