"""The city's settings in the console: the form gives back what it shows, and what administrators save takes effect."""

import html
import re
from typing import Any

import pytest
import yaml

from city import City
from city.partners.model import PartnerConfig
from city.settings import SETTINGS, read_value, setting_of, value_of
from console.admin.setting_form import SettingForm
from tests.support.console import Answer, RunningConsole

SETTINGS_PATH = "/console/admin/settings"
FORM = SettingForm(
    {"en": "English", "es": "Spanish", "fr": "French"}, {"web": "Web chat", "sms": "SMS"},
    [("front-desk", "Front desk")], {}, {"web": "Web chat"},
    (PartnerConfig(name="benefits", title="Benefits", url="https://b.example/in", secret_env="B", languages=("en", "es")),),
)  # fmt: skip
FULL: dict[str, dict[str, Any]] = {
    "office_hours": {
        "office_hours": {"monday": ["08:30-12:00", "13:00-17:00"], "friday": ["22:00-06:00"]},
        "country": "US",
        "subdivision": "NY",
        "holidays": ["2026-12-31"],
        "special_days": [
            {"day": "2026-12-27", "until": "2026-12-30", "hours": [], "name": {"en": "Move; late"}}
        ],
        "closed_texts": {"en": "Back {opens}.\nReally.", "fr": "Plus tard."},
    },
    "area": {
        "time_zone": "Europe/Paris",
        "locality": ["Île-de-France", "France"],
        "boundary": [[48.9, 2.2], [48.9, 2.5], [48.8, 2.4]],
    },
    "languages": {"offered": ["en", "fr"]},
    "inboxes": {"inbox_titles": {"web": "Town website"}},
    "greetings": {"greetings": {"web": {"en": "Hello from {city}.\nHow can we help?", "es": "Hola."}}},
    "partners": {
        "partner_terms": {
            "benefits": {
                "title": "Rent office",
                "languages": ["fr"],
                "topics": ["rent_help"],
                "offered": False,
            }
        }
    },
    "sla": {
        "sla": [
            {"team": "front-desk", "urgent": False, "resolution": 480},
            {"first_response": 2, "always": True},
        ]
    },
}


@pytest.mark.parametrize("name", [one.name for one in SETTINGS])
@pytest.mark.parametrize("full", [False, True])
def test_a_form_that_nobody_changed_means_the_same_value(city: City, name: str, full: bool) -> None:
    setting = setting_of(name)
    assert setting is not None
    value = value_of(city, setting)
    if full and name in FULL:
        value = read_value(city, setting, FULL[name])
    values = FORM.values(name, value)
    fields = {field.name for group in FORM.groups(name, values) for field in group.fields}
    assert {field for field, text in values.items() if text} <= fields, "everything stands in the form"
    given, problems = FORM.meaning(name, values)
    assert problems == {} and read_value(city, setting, given) == value


@pytest.mark.parametrize(
    ("name", "field", "text"),
    [
        ("office_hours", "hours-monday", "8-17"), ("office_hours", "holidays", "Christmas"),
        ("office_hours", "special_days", "tomorrow"), ("office_hours", "text-en", "x" * 601),
        ("limits", "handoffs_per_contact", "many"), ("limits", "idle-web", "0"), ("sla", "sla-0-first_response", "1.5"),
        ("resolve_reasons", "reason-1-name", "Not ours"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_its_sentence_beside_the_field(
    city: City, name: str, field: str, text: str
) -> None:
    setting = setting_of(name)
    assert setting is not None
    values = FORM.values(name, value_of(city, setting)) | {field: text}
    assert list(FORM.meaning(name, values)[1]) == [field]


def sent(page: Answer) -> dict[str, str]:
    """The form as a browser would send it."""
    form = page.text.partition('class="stack"')[2].partition("</form>")[0]
    found = {}
    for one in re.findall(r"<input ([^>]*)>", form):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', one))
        if attributes["name"] != "csrf" and (attributes.get("type") != "checkbox" or " checked" in one):
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    areas = re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)<', form)
    return found | {name: html.unescape(text) for name, text in areas}


async def test_an_administrator_changes_settings_restores_them_and_takes_the_file_along(
    console: RunningConsole,
) -> None:
    ada = await console.signed_in("Ada", "admin", ())
    ben = await console.signed_in("Ben", "admin", ())
    contact = f"{SETTINGS_PATH}/contact"
    shown = await ben.get(contact)
    assert (
        "What answers say of this" in shown.visible and "and call {phone} if nothing happens" in shown.visible
    )
    old = sent(shown)
    wrong = await ada.post(contact, data=old | {"phone": "", "website": "javascript:x", "name": "L <b>"})
    assert wrong.status == 422 and wrong.text.count('class="problem"') == 2
    assert html.escape("L <b>") in wrong.text
    saved = await ada.post(contact, data=old | {"phone": "555-0199"})
    assert saved.url.endswith("?notice=setting-saved") and "Saved." in saved.visible
    assert console.city.phone == "555-0199", "in effect"
    late = await ben.post(contact, data=old | {"emergency_number": "112"})
    assert late.status == 409 and "Ada" in late.visible and "555-0199" in late.visible
    assert sent(late)["emergency_number"] == "112", "nobody's words are lost"
    assert (await ben.post(contact, data=sent(late) | {"phone": "555-0199"})).status == 200
    assert console.city.emergency_number == "112" and console.city.phone == "555-0199"
    page = await ada.get(contact)
    assert "Restore version 1" in page.visible and "555-0100 → 555-0199" in page.visible
    file = yaml.safe_load((await ada.get("/console/admin/city.yml")).text)
    assert file["phone"] == "555-0199" and file["emergency_number"] == "112"
    assert (await ada.post(f"{contact}/restore", data={"older": "1", "version": "3"})).status == 200
    assert console.city.phone == "555-0100" and console.city.emergency_number == "911"


async def test_reasons_are_added_and_taken_away(console: RunningConsole) -> None:
    ada = await console.signed_in("Ada", "admin", ())
    path = f"{SETTINGS_PATH}/resolve_reasons"
    form = sent(await ada.get(path))
    added = {
        "reason-6-name": "moved",
        "reason-6-title": "Moved away",
        "reason-6-place": "2",
        "reason-5-title": "",
    }
    assert (await ada.post(path, data=form | added)).status == 200
    assert [one.name for one in console.city.resolve_reasons] == [
        "solved", "no_answer", "moved", "not_ours", "duplicate", "abuse",
    ]  # fmt: skip
    form = sent(await ada.get(path))
    refused = await ada.post(path, data=form | {"reason-0-title": ""})
    assert refused.status == 422 and "title" in refused.visible
