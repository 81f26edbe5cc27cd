"""The settings of the city as values: they can be read back, are checked, and renew a City in place."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from city import City, CityError
from city.hours import ZoneNow
from city.settings import FIELDS, SETTINGS, ValueRefused, read_value, renew, setting_of, value_of, with_values


@pytest.mark.parametrize("name", [one.name for one in SETTINGS])
def test_a_value_can_be_read_back(city: City, name: str) -> None:
    setting = setting_of(name)
    assert setting is not None
    value = value_of(city, setting)
    assert msgspec.json.decode(msgspec.json.encode(value)) == value
    assert read_value(city, setting, value) == value
    assert with_values(city, {name: value}) == city


@pytest.mark.parametrize(
    ("name", "change", "field"),
    [
        ("contact", {"website": "javascript:alert(1)"}, "website"),
        ("contact", {"phone": ""}, "phone"),
        ("area", {"time_zone": "Mars/Olympus"}, "time_zone"),
        ("area", {"boundary": [[91.0, 0.0], [0.0, 0.0], [1.0, 1.0]]}, "boundary"),
        ("area", {"boundary": [[float(n % 90), 0.0] for n in range(301)]}, "boundary"),
        ("area", {"locality": ["x" * 2_001]}, "locality"),
        ("languages", {"offered": ["es"]}, "offered"),
        ("languages", {"offered": ["en", "de"]}, "offered"),
        ("inboxes", {"inbox_titles": {"web": "x" * 61}}, "inbox_titles"),
        ("greetings", {"greetings": {"web": {"en": "x" * 601}}}, "greetings"),
        ("greetings", {"greetings": {"fax": {"en": "Hello."}}}, "greetings"),
        ("greetings", {"greetings": {"web": {"de": "Hallo."}}}, "greetings"),
        ("partners", {"partner_terms": {"benefits": {"title": "", "languages": ["en"]}}}, "partner_terms"),
        ("partners", {"partner_terms": {"benefits": {"title": "B", "languages": ["de"]}}}, "partner_terms"),
        (
            "partners",
            {"partner_terms": {"benefits": {"title": "B", "languages": ["en"], "url": "https://x.example"}}},
            "partner_terms",
        ),
        ("crisis_lines", {"crisis_lines": {"gas": {"es": "1"}}}, "crisis_lines"),
        ("office_hours", {"office_hours": {"monday": ["8-17"]}}, "office_hours"),
        ("office_hours", {"special_days": [{"day": "2026-12-24", "until": "2026-12-01"}]}, "office_hours"),
        ("office_hours", {"country": "XX"}, "office_hours"),
        ("office_hours", {"closed_texts": {"en": "x" * 601}}, "closed_texts"),
        ("resolve_reasons", {"resolve_reasons": [{"name": "other", "title": "Other"}]}, "resolve_reasons"),
        ("resolve_reasons", {"resolve_reasons": [{"name": "solved", "title": " "}]}, "resolve_reasons"),
        ("sla", {"sla": [{"team": "nobody", "first_response": 1}]}, "sla"),
        ("limits", {"handoffs_per_contact": 0}, "handoffs_per_contact"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(
    city: City, name: str, change: dict[str, Any], field: str
) -> None:
    setting = setting_of(name)
    assert setting is not None
    with pytest.raises(ValueRefused) as refused:
        read_value(city, setting, value_of(city, setting) | change)
    assert list(refused.value.problems) == [field]
    assert refused.value.problems[field].endswith(".") and "$" not in refused.value.problems[field]


def test_only_settings_are_renewed(city: City) -> None:
    held = msgspec.structs.replace(city)
    fresh = msgspec.structs.replace(city, phone="555-0199", languages=("en",), idle_hours={"web": 3})
    renew(held, fresh)
    assert held.phone == "555-0199" and held.idle_after("web") == 3
    assert held.languages == city.languages, "languages need another model"
    others = [name for name in held.__struct_fields__ if name not in FIELDS]
    assert [getattr(held, name) for name in others] == [getattr(city, name) for name in others]


def test_what_is_built_once_follows_the_zone(city: City) -> None:
    held = msgspec.structs.replace(city, time_zone="America/New_York")
    zone, noon = ZoneNow(lambda: held.zone), datetime(2026, 7, 1, 12, tzinfo=UTC)
    before = noon.astimezone(zone)
    renew(held, msgspec.structs.replace(held, time_zone="Europe/Paris"))
    assert before.hour == 8 and noon.astimezone(zone).hour == 14
    assert datetime(2026, 1, 1, 12, tzinfo=zone).astimezone(UTC).hour == 11
    assert before.isoformat() == "2026-07-01T08:00:00-04:00", "what was computed stays"


def test_a_stored_value_of_another_shape_is_an_error(city: City) -> None:
    with pytest.raises(CityError, match="cannot be read"):
        with_values(city, {"contact": {"phone": 5}})
    assert with_values(city, {"contact": {"fax": "1"}, "unknown": {"phone": "1"}}) == city
