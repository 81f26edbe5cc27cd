"""Registers in city.yml: wrong ones are one sentence that names the register."""

from pathlib import Path

import pytest
import yaml

from city import CityError, load_city

SHIPPED = Path(__file__).parents[2] / "city.yml"
GOOD = {
    "name": "permits",
    "title": {"en": "permit"},
    "url": "https://permits.city.example/{number}",
    "reference_pattern": "20[0-9]{2}-[0-9]{3}",
    "values": {"number": "$.no", "status": "$.state"},
    "public": True,
}
QUESTION = {"path": "$.born", "kind": "date", "prompt": {"en": "When were you born?"}}


def load(tmp_path: Path, *registers: dict[str, object]) -> int:
    raw = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    path = tmp_path / "city.yml"
    path.write_text(yaml.safe_dump({**raw, "registers": list(registers)}), encoding="utf-8")
    return len(load_city(path).registers)


def test_a_mapping_loads(tmp_path: Path) -> None:
    asked = {**GOOD, "name": "fines", "public": False, "identity": [QUESTION]}
    assert load(tmp_path, GOOD, asked) == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"url": "http://permits.city.example/{number}"}, "over https"),
        ({"url": "https://permits.city.example/"}, "after the host"),
        ({"url": "https://{number}.city.example/"}, "after the host"),
        ({"reference_pattern": "20["}, "no regular expression"),
        ({"auth": {"kind": "bearer"}}, "without 'secret_env'"),
        ({"auth": {"kind": "header", "secret_env": "K"}}, "without 'name'"),
        ({"auth": {"kind": "magic"}}, "Invalid enum value 'magic'"),
        ({"public": False}, "either identity questions or 'public: true'"),
        ({"identity": [QUESTION]}, "either identity questions or 'public: true'"),
        ({"title": {"es": "licencia"}}, "lacks the text in 'en' of its title"),
        ({"words": {"X": {"es": "hecho"}}}, "of its words 'X'"),
        ({"errors": {"E1": {}}}, "of its errors 'E1'"),
    ],
)
def test_a_wrong_one_is_a_sentence(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    with pytest.raises(CityError, match=words):
        load(tmp_path, {**GOOD, **changes})


def test_names_differ(tmp_path: Path) -> None:
    with pytest.raises(CityError, match="'permits' appears twice in registers"):
        load(tmp_path, GOOD, GOOD)
