"""content/services.yml: the demo's is valid, and a broken one is reported in a sentence."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city import CityError
from city.services import load_services
from gateway.georeport.form import LIMITS, read_request
from tests.gateway.georeport.calls import FORM
from tests.gateway.georeport.serving import SERVICES

GOOD = "noise:\n  group: environment\n  expected_days: 5\n  name: {en: Noise, es: Ruido}\n"


def test_the_demo_s_services_speak_every_language() -> None:
    assert len(SERVICES) >= 13
    for code, service in SERVICES.items():
        assert service.code == code and set(service.name) >= {"en", "es", "fr"}
        assert service.expected_days > 0 and service.called("xx") == service.name["en"]


def test_a_short_entry_has_defaults(tmp_path: Path) -> None:
    path = tmp_path / "services.yml"
    path.write_text(GOOD)
    service = load_services(path)["noise"]
    assert service.needs_location and service.questions == () and service.called("es") == "Ruido"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lists none"),
        ("- noise", "lists none"),
        ("noise: [", "not valid YAML near line"),
        ("noise:", "says nothing"),
        ("'no ise': {}", "is no service code"),
        (
            GOOD.replace("expected_days: 5", "expected_days: soon"),
            "the service 'noise' is wrong: Expected `int`",
        ),
        (GOOD.replace("group", "gruop"), "the service 'noise' is wrong"),
        (GOOD.replace("{en: Noise, es: Ruido}", "{}"), "has no name"),
        (
            GOOD
            + "  questions: [{code: how, datatype: singlevaluelist, required: true, prompt: {en: How}}]\n",
            "a list without values",
        ),
        (
            GOOD + "  questions: [{code: how, datatype: colour, required: true, prompt: {en: How}}]\n",
            "is wrong",
        ),
    ],
)
def test_a_broken_file_is_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "services.yml"
    path.write_text(text)
    with pytest.raises(CityError, match=words) as error:
        load_services(path)
    assert "\n" not in str(error.value) and str(path) in str(error.value)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CityError, match="There is no"):
        load_services(tmp_path / "services.yml")
    (tmp_path / "latin.yml").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(CityError, match="cannot be read"):
        load_services(tmp_path / "latin.yml")


@given(
    st.dictionaries(
        st.text(max_size=20).filter(
            lambda name: name not in {*LIMITS, "lat", "long", "description", "media_url"}
        )
        | st.text(max_size=20).map(lambda name: f"attribute[{name}]").filter(lambda name: "size" not in name),
        st.lists(st.text(max_size=20), max_size=3),
        max_size=6,
    )
)
@settings(max_examples=100, deadline=None)
def test_whatever_another_system_sends_along_costs_no_report(others: dict[str, list[str]]) -> None:
    services = load_services(Path("content/services.yml"))
    form = {name: [value] for name, value in FORM.items()}
    read = read_request({**others, **form}, services)
    assert (read.description, read.attributes["size"]) == (FORM["description"], ["large"])
