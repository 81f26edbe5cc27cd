"""city.yml: the one that ships loads; a broken one gives a sentence that names the setting."""

from pathlib import Path

import pytest
import yaml

from city import CityError, load_city

SHIPPED = Path(__file__).parents[2] / "city.yml"


def test_the_shipped_city_loads_and_says_it_is_a_demo() -> None:
    city = load_city(SHIPPED)
    assert city.demo
    assert city.language == "en"
    assert set(city.languages) == {"en", "es", "fr"}
    assert city.team("front-desk") is not None


def broken(tmp_path: Path, **changes: object) -> Path:
    raw = yaml.safe_load(SHIPPED.read_text())
    raw.update(changes)
    path = tmp_path / "city.yml"
    path.write_text(yaml.safe_dump(raw))
    return path


PROVIDER = {"title": "City", "issuer": "https://id.city.example", "client_id": "c", "roles": []}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"languages": []}, "'languages' is empty"),
        ({"crisis_lines": {"gas": {"en": "1", "de": "2"}}}, "a number for 'gas' in 'de'"),
        ({"crisis_lines": {"gas": {"es": "1"}}}, "lacks the number for 'gas' in 'en'"),
        ({"crisis_lines": {"boredom": {"en": "1"}}}, "Invalid enum value 'boredom'"),
        ({"languages": ["english"]}, r"the setting 'languages\[0\]' is wrong"),
        ({"time_zone": "Lindenport/Harbour"}, "is no time zone"),
        ({"sign_in": {"passwords": False}}, "names no provider, so nobody could sign in"),
        ({"sign_in": {"second_factor": "perhaps"}}, "Invalid enum value 'perhaps'"),
        ({"sign_in": {"provider": PROVIDER | {"issuer": "http://id.city.example"}}}, "must begin with https"),
        ({"sign_in": {"provider": PROVIDER | {"scopes": ["email"]}}}, "lack 'openid'"),
        (
            {
                "sign_in": {
                    "provider": PROVIDER | {"roles": [{"group": "g", "role": "agent", "teams": ["sea"]}]}
                }
            },
            "names the team 'sea', which is not in 'teams'",
        ),
        ({"sign_in": {"provider": PROVIDER | {"roles": [{"group": "g", "role": "emperor"}]}}}, "'emperor'"),
        ({"time_zone": "../../etc/passwd"}, "is no time zone"),
        ({"office_hours": {"funday": ["09:00-10:00"]}}, "'funday' in office_hours is no weekday"),
        ({"office_hours": {"monday": ["9 to 5"]}}, "the setting 'office_hours"),
        (
            {"inboxes": [{"name": "web", "channel": "web"}, {"name": "web", "channel": "web"}]},
            "'web' appears twice in inboxes",
        ),
        ({"map": {"tiles": "https://tiles.example/1.png", "credit": "us"}}, "'map' needs a 'boundary'"),
        ({"colour": "blue"}, "unknown field `colour`"),
        ({"name": None}, "the setting 'name' is wrong"),
    ],
)
def test_a_broken_setting_is_named(tmp_path: Path, changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(CityError, match=sentence):
        load_city(broken(tmp_path, **changes))


def test_a_reference_pattern_that_is_no_expression_is_named(tmp_path: Path) -> None:
    raw = yaml.safe_load(SHIPPED.read_text())
    raw["backends"][0]["reference_pattern"] = "SR-[0-9"
    with pytest.raises(CityError, match="reference_pattern of 'requests' is no regular expression"):
        load_city(broken(tmp_path, backends=raw["backends"]))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name: [unclosed", "is not valid YAML near line"),
        ("just a sentence", "must hold named settings"),
        ("", "must hold named settings"),
        (b"\xff\xfe\x00", "cannot be read|not valid YAML"),
    ],
)
def test_a_file_that_is_no_city_gives_a_sentence(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    path = tmp_path / "city.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(CityError, match=sentence):
        load_city(path)


def test_a_missing_file_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(CityError, match=r"There is no .*absent\.yml"):
        load_city(tmp_path / "absent.yml")
