"""docs/settings.md has every key of city.yml, and says the truth about where it is edited."""

import re
from pathlib import Path

import msgspec

from city import City
from city.settings import SETTINGS

ROW = re.compile(r"^\| `([a-z_]+)` \| ([^|]+) \| ([^|]*)\|$", re.MULTILINE)
REASONS = ("model", "secret", "file", "privacy")


def test_every_key_of_the_city_is_in_the_table_with_where_it_is_edited() -> None:
    rows = {
        key: (where.strip(), why.strip())
        for key, where, why in ROW.findall(Path("docs/settings.md").read_text())
    }
    assert set(rows) == {field.name for field in msgspec.structs.fields(City)}
    edited = {field: f"Settings, {setting.title}" for setting in SETTINGS for field in setting.fields}
    edited["teams"] = "Admin, Teams"
    for key, (where, why) in rows.items():
        assert where == edited.get(key, "city.yml"), key
        assert key in edited or why.startswith(REASONS), f"{key} stays in the file for no reason"
