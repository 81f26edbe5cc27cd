"""Names in the code are standard terms, and no metaphors (docs/glossary.md, CONTRIBUTING.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGES = (
    "actions", "backends", "bench", "bot", "channels", "city", "console", "deploy", "desk", "forms", "gateway",
    "launch",
)  # fmt: skip
METAPHORS = frozenset(
    [
        "carrier",
        "carriers",
        "corridor",
        "door",
        "doors",
        "hear",
        "heard",
        "hears",
        "herald",
        "house",
        "parcel",
        "parcels",
        "porter",
        "road",
        "roads",
        "room",
        "rooms",
        "scrub",
        "tally",
        "unheard",
        "wire",
        "wires",
    ]
)
MEANT = frozenset({"house_number"})
"""What may be in a name although a word of it is in the list."""

AGENTS_PRESENCE = (
    "console/", "desk/building.py", "desk/people/sessions.py", "desk/reporting/", "desk/routing/", "desk/store/migrations/",
    "desk/store/routing/",
)  # fmt: skip
"""Where "presence" is the standard term for whether an agent is there. Elsewhere it once meant that somebody types."""


def names(tree: ast.AST) -> Iterator[str]:
    """What a file defines: functions, classes, parameters, variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def metaphors(name: str) -> set[str]:
    """The words of a name that are in the list."""
    plain = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    for meant in MEANT:
        plain = plain.replace(meant, "")
    return set(plain.split("_")) & METAPHORS


def test_the_list_is_looked_for_in_each_kind_of_name() -> None:
    source = "class FrontDoor:\n  def hear(self, wire): self.room = house_number = _HOUSE = 1"
    found = {name for name in names(ast.parse(source)) if metaphors(name)}
    assert found == {"FrontDoor", "hear", "wire", "room", "_HOUSE"}


def test_no_name_in_the_code_is_a_metaphor() -> None:
    found = {
        f"{path}: {name}"
        for package in PACKAGES
        for path in Path(package).rglob("*.py")
        for name in (path.stem, *names(ast.parse(path.read_text(encoding="utf-8"))))
        if metaphors(name)
    }
    assert found == set()


def test_presence_is_the_agents_own() -> None:
    found = {
        f"{path}: {name}"
        for package in PACKAGES
        for path in Path(package).rglob("*.py")
        if not str(path).startswith(AGENTS_PRESENCE)
        for name in (path.stem, *names(ast.parse(path.read_text(encoding="utf-8"))))
        if "presence" in name.lower()
    }
    assert found == set()
