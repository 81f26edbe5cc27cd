"""A back end's own catalogue becomes the dialogue: catalogues shaped like Chicago's, Boston's and Toronto's, no code for each
service, and its questions, notices and choices exactly."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import msgspec
import pytest

from actions.catalogue import Catalogue
from actions.context import Context, Desk
from actions.lookup.lookups import Lookups
from actions.phrases import Phrases
from actions.report.draft import read_draft
from actions.services import Services
from backends.base import NewRequest
from backends.open311.client import Open311
from city import BackendConfig, CityError, load_city
from city.catalogue.words import load_catalogue_words
from city.outside.bodies import BodyConfig
from city.routes import Route, Routes
from city.services import load_services
from tests.support.fake_georeport import FakeGeoReport, reply, serve
from tests.support.stage import FakeBackend, Stage, directives, responses

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests" / "fixtures" / "catalogues"
DEFINITION = {
    "attributes": [
        {"variable": "false", "code": "NOTE", "order": 1, "description": "Crews do not repair private roads."},
        {"variable": "true", "code": "WHERE", "datatype": "singlevaluelist", "required": "true", "order": 2,
         "description": "Where is the hole?", "values": [
             {"key": "BIKE", "name": "Bike Lane"}, {"key": "CROSS", "name": "Crosswalk"}, {"key": "LANE", "name": "Traffic Lane"}]},
        {"variable": "true", "code": "COUNT", "datatype": "number", "required": "true", "order": 3, "description": "How many?"},
        {"variable": "true", "code": "SINCE", "datatype": "datetime", "required": "true", "order": 4, "description": "Since when?"},
        {"variable": "true", "code": "EXTRA", "datatype": "text", "required": "false", "order": 5, "description": "Anything else?"},
        {"variable": "true", "code": "WIDTH", "datatype": "number", "required": "false", "order": 6, "description": "How wide is the lane?"},
    ]
}  # fmt: skip


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def fake() -> AsyncIterator[FakeGeoReport]:
    async with serve(FakeGeoReport()) as fake:
        yield fake


def listed(name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert len(rows) >= 30
    return rows


SAID = {
    "chicago": {
        "the street light on my corner is out": "Street Light Out Complaint",
        "my garbage was not picked up": "Missed Garbage Pick-Up Complaint",
        "graffiti on the wall": "Graffiti Removal Request",
        "a dead raccoon on the street": "Dead Animal Pick-Up Request",
        "the traffic signal is not working": "Traffic Signal Out Complaint",
        "the stop sign is bent": "Sign Repair Request - Stop Sign",
        "vicious dog": "Vicious Animal Complaint",
        "the light is out": 3,
        "a tree branch fell on the road": 4,
        "what time is it": 0,
        "I need a passport": 0,
    },
    "boston": {
        "pothole on Main St": "Pothole",
        "they missed my trash": "Missed Trash, Recycling, Yard Waste or Bulk Item",
        "no heat in my apartment": "No Heat",
        "rats everywhere": "Rodent Sighting",
        "storm drain is clogged": "Clogged Storm Drain",
        "snow on the sidewalk not shoveled": 2,
    },
    "toronto": {
        "green bin lid is broken": "Green Bin - Lid Damaged",
        "loud music at night": "Noise - Music",
        "graffiti on the sidewalk": "Sidewalk - Graffiti Complaint",
        "low water pressure": "Water - Low Pressure",
        "graffiti": 4,
    },
}
"""What a citizen says, and the service that is meant, or how many are close."""


@pytest.mark.parametrize("city", SAID)
async def test_the_service_is_found_in_the_citizen_s_words(
    http: aiohttp.ClientSession, fake: FakeGeoReport, city: str
) -> None:
    fake.answers["GET services.json"] = reply(json.dumps(listed(city)))
    catalogue = Catalogue({"theirs": Open311(http, fake.url)})
    assert catalogue.matching("pothole") == ()
    await catalogue.renew()
    wrong = []
    for said, meant in SAID[city].items():
        found = catalogue.matching(said)
        names = [one.name for code in found if (one := catalogue.get(code))]
        if names != [meant] and len(names) != meant:
            wrong.append((said, names))
    assert not wrong
    fake.answers["GET services.json"] = reply("down", 500)
    await catalogue.renew()
    assert len(catalogue.codes()) == len(listed(city)), "a server that is down keeps its services"


WORDS = """
county:
  CODE:
    name: {es: Bache en la calle}
    keywords: {es: [bache, socavón]}
    questions:
      WHERE:
        prompt: {es: "¿Dónde está el bache?"}
        names: {BIKE: {es: Carril bici}}
        said: {BIKE: {en: [cycle path], es: [ciclovía]}}
      WIDTH: {ask: true, only_if: {WHERE: [BIKE]}}
"""


@pytest.fixture
def stage(http: aiohttp.ClientSession, fake: FakeGeoReport, tmp_path: Path) -> Stage:
    """The city's own three services, and a county with Chicago's catalogue."""
    row = next(one for one in listed("chicago") if one["service_name"].startswith("Pothole in Street"))
    fake.answers["GET services.json"] = reply(json.dumps(listed("chicago")))
    alley = next(one for one in listed("chicago") if one["service_name"].startswith("Alley Pothole"))
    for code in (row["service_code"], alley["service_code"]):
        fake.answers[f"GET services/{code}.json"] = reply(json.dumps(DEFINITION))
    theirs = BackendConfig(
        name="county", kind="open311", url=fake.url, reference_pattern="C[0-9]+", catalogue=True
    )
    shipped = load_services(ROOT / "content" / "services.yml")
    services = {
        code: msgspec.structs.replace(shipped[code], backend="requests") for code in ("noise", "bulky_waste")
    }
    city = load_city(ROOT / "city.yml")
    roads = BodyConfig(
        name="roads",
        title={"en": "the county's roads"},
        services=("noise",),
        streets=("Highway 9",),
        backend="county",
        codes={"noise": alley["service_code"]},
    )
    city = msgspec.structs.replace(city, backends=(*city.backends, theirs), bodies=(roads,))
    backend = FakeBackend()
    backends = {"requests": backend, "county": Open311(http, fake.url, key="k")}
    routes = Routes(city, services)
    assert routes.of(f"county:{row['service_code']}") == Route("county", row["service_code"])
    assert routes.service_at("county", row["service_code"]) == f"county:{row['service_code']}"
    assert routes.of("unknown:x").backend == "requests"
    path = tmp_path / "catalogue.yml"
    path.write_text(WORDS.replace("CODE", row["service_code"]), encoding="utf-8")
    words = load_catalogue_words(path)
    context = Context(
        languages=city.languages,
        zone=city.zone,
        services=Services(services, routes, backends, ["county"], words),  # type: ignore[arg-type]  # a test's backend has only what is called
        phrases=Phrases.load(ROOT / "content", city.language),
        backends=tuple(Desk(name, one, "C[0-9]+") for name, one in backends.items()),  # type: ignore[arg-type]  # a test's backend has only what is called
        answers=frozenset(),
        lookups=Lookups({}, {}, {}),
        clock=lambda: datetime.now(UTC),
    )
    return Stage(context, backend)


async def test_a_report_asks_exactly_what_the_back_end_asks(
    stage: Stage, http: aiohttp.ClientSession, fake: FakeGeoReport
) -> None:
    form = "validate_report_form"
    said = await stage.run(form, "there is a pothole, my wheel broke in it", "report_problem")
    assert responses(said) == ["utter_report_service_which"]
    buttons = said[-1]["reply"]["buttons"]
    assert [one["title"] for one in buttons] == ["Pothole in Street Complaint", "Alley Pothole Complaint"]
    said = await stage.run(form, "", "report_problem", service=buttons[0]["entities"]["service"])
    assert responses(said) == ["utter_report_notice", "utter_ask_report_location"]
    assert said[0]["reply"]["variables"] == {"notice": "Crews do not repair private roads."}
    said = await stage.run(form, "12 Mill Lane", "nlu_fallback", address="12 Mill Lane")
    assert responses(said) == ["utter_ask_report_question"]
    assert [one["title"] for one in said[-1]["reply"]["buttons"]] == [
        "Bike Lane",
        "Crosswalk",
        "Traffic Lane",
    ]
    said = await stage.run(form, "in the crosswalk")
    assert said[-1]["reply"]["variables"] == {"question": "How many"}
    assert responses(await stage.run(form, "a lot"))[0] == "utter_report_question_number"
    said = await stage.run(form, "about three")
    assert said[-1]["reply"]["variables"] == {"question": "Since when"}
    assert responses(await stage.run(form, "for ages"))[0] == "utter_report_question_date"
    await stage.run(form, "since 20 November", date="2026-11-20")
    answers = read_draft(stage.slots).answers
    assert answers == {"WHERE": ["CROSS"], "COUNT": ["3"], "SINCE": ["2026-11-20T00:00:00"]}
    for _ in range(4):
        said = await stage.run(form, "no", "skip")
        if stage.slots.get("requested_slot") == "draft_confirm":
            break
    assert "Pothole in Street Complaint" in str(said)
    assert said[-1]["reply"]["variables"]["answers"] == (
        "\n- Where is the hole: Crosswalk\n- How many: 3\n- Since when: November 20, 2026"
    )
    await stage.run(form, "yes", "affirm")
    (filed,) = directives(await stage.run("action_submit_report", "yes", "affirm"))
    assert filed["service_name"] == "Pothole in Street Complaint"
    code = str(filed["service_code"]).removeprefix("county:")
    # What the filer sends of it is what this back end asks.
    fake.answers["POST requests.json"] = reply('[{"service_request_id": "C1"}]')
    request = NewRequest(
        "1", code, "hole", address="12 Mill Lane",
        attributes={key: tuple(values) for key, values in filed["attributes"].items()},
    )  # fmt: skip
    assert (await Open311(http, fake.url, key="k").file(request)).reference == "C1"
    sent = fake.form()
    assert (sent["service_code"], sent["attribute[WHERE]"], sent["attribute[COUNT]"]) == (code, "CROSS", "3")


async def test_where_another_body_gets_the_report_its_questions_are_asked(stage: Stage) -> None:
    form = "validate_report_form"
    said = await stage.run(form, "loud noise every night from the works", "report_problem", service="noise")
    assert "utter_report_notice" not in responses(said)
    said = await stage.run(form, "200 Highway 9", address="200 Highway 9")
    assert responses(said) == ["utter_report_notice", "utter_ask_report_question"]
    assert said[-1]["reply"]["variables"] == {"question": "Where is the hole"}
    await stage.run(form, "the crosswalk")
    said = await stage.run(form, "no, it is 12 Mill Lane", "correct", address="12 Mill Lane")
    assert (read_draft(stage.slots).location or {}).get("address") == "12 Mill Lane"
    assert "Where is the hole" not in str(said), "back with the city, its own questions are asked"


async def test_editors_add_languages_words_and_conditions(stage: Stage) -> None:
    form = "validate_report_form"
    stage.metadata["language"] = "es"
    said = await stage.run(
        form, "hay un bache en la calle y se rompió mi rueda", "report_problem", language="es"
    )
    assert (read_draft(stage.slots).service or "").startswith("county:")
    said = await stage.run(form, "12 Mill Lane", "nlu_fallback", address="12 Mill Lane")
    assert said[-1]["reply"]["variables"] == {"question": "¿Dónde está el bache"}
    assert said[-1]["reply"]["buttons"][0]["title"] == "Carril bici"
    await stage.run(form, "en la ciclovía")
    await stage.run(form, "3")
    said = await stage.run(form, "desde el 20 de noviembre", date="2026-11-20")
    assert said[-1]["reply"]["variables"] == {"question": "How wide is the lane"}, "only of a bike lane"
    await stage.run(form, "2")
    for _ in range(3):
        if stage.slots.get("requested_slot") == "draft_confirm":
            break
        said = await stage.run(form, "no", "skip")
    (more,) = [one for one in said[-1]["reply"]["buttons"] if one.get("key") == "more"]
    said = await stage.run(form, "", "correct", **more["entities"])
    assert said[-1]["reply"]["variables"] == {"question": "Anything else"}
    said = await stage.run(form, "es muy profundo")
    assert not [one for one in said[-1]["reply"]["buttons"] if one.get("key") == "more"]
    await stage.run(form, "sí", "affirm")
    (filed,) = directives(await stage.run("action_submit_report", "sí", "affirm"))
    assert filed["attributes"] == {
        "WHERE": ["BIKE"], "COUNT": ["3"], "SINCE": ["2026-11-20T00:00:00"], "WIDTH": ["2"],
        "EXTRA": ["es muy profundo"],
    }  # fmt: skip


@pytest.mark.parametrize("wrong", ["county: [x]", "county: {A: {names: {}}}", "{"])
def test_a_wrong_file_is_named(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "catalogue.yml"
    assert load_catalogue_words(path) == {}
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(CityError, match="catalogue"):
        load_catalogue_words(path)


async def test_what_the_model_does_not_know_is_offered(stage: Stage) -> None:
    said = await stage.run("action_unsure", "rats behind my shed")
    assert [one["title"] for one in said[-1]["reply"]["buttons"]][:1] == ["Rodent Baiting/Rat Complaint"]


async def test_many_services_are_not_all_listed(stage: Stage) -> None:
    said = await stage.run("validate_report_form", "I want to report something", "report_problem")
    assert len(said[-1]["reply"]["buttons"]) == 2, "the city's own; the others are found by words"
    said = await stage.run("validate_report_form", "the stop sign is bent")
    assert (read_draft(stage.slots).service or "").startswith("county:")
