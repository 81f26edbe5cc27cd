"""What SECURITY.md, docs/privacy.md, docs/limits.md and docs/runbook.md list is complete."""

import re
from pathlib import Path

import yaml

LOGGER = re.compile(r'get_logger\(\s*"([^"]+)"')
PACKAGES = ("actions", "backends", "channels", "console", "desk", "forms", "gateway")
LOCKS = ("requirements/app.txt", "requirements/bot.txt", "web/package-lock.json")


def section(page: str, title: str) -> str:
    """The text under a heading, up to the next heading of the same level."""
    text = Path(page).read_text(encoding="utf-8")
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_every_secret_has_its_policy() -> None:
    rows = [
        row.strip("| ").split(" | ")
        for row in section("SECURITY.md", "Keys and secrets").splitlines()
        if row.startswith("| `")
    ]
    listed = {name for row in rows for name in re.findall(r"`([a-z0-9_]+)`", row[0])}
    assert set(yaml.safe_load(Path("docker-compose.yml").read_text())["secrets"]) <= listed
    assert all(len(row) >= 5 and row[2] and row[3] for row in rows)


def test_every_set_of_components_has_its_update_time() -> None:
    text = section("SECURITY.md", "Updates of components")
    assert all(f"`{lock}`" in text for lock in LOCKS) and all(Path(lock).exists() for lock in LOCKS)
    rows = [row for row in text.splitlines() if row.startswith("| ") and "update within" not in row]
    assert rows and all(re.search(r"\d+ days|Rasa 3\.6", row) for row in rows)


def test_every_kind_of_data_has_a_class() -> None:
    page = Path("docs/privacy.md").read_text(encoding="utf-8")
    table = page.split("| data | class |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    classes = [row.split(" | ")[1] for row in table]
    described = re.findall(r"^\| (\d) \|", section("docs/privacy.md", "Classes"), re.MULTILINE)
    assert len(table) > 15 and described == ["1", "2", "3", "4"] and set(classes) <= set(described)


def test_rules_between_values_are_documented() -> None:
    rules = section("docs/limits.md", "Values that must agree")
    assert rules.count("\n- ") >= 4
    assert not [path for path in re.findall(r"`([a-z_]+/[\w/]+\.\w+)`", rules) if not Path(path).exists()]


def test_every_logger_is_in_the_inventory() -> None:
    text = section("docs/runbook.md", "Logs")
    used = {
        name
        for package in PACKAGES
        for path in Path(package).rglob("*.py")
        for name in LOGGER.findall(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 15
    assert {name for name in used if f"`{name}`" not in text} == set()
