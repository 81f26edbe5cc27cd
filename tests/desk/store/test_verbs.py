"""The name of a query says whether it writes: get_, list_, count_ and is_ only read."""

import ast
import re
from pathlib import Path

STORE = Path(__file__).parents[3] / "desk/store"
READS = ("get_", "list_", "count_", "is_", "has_")
BOTH = re.compile(r"get_\w*or_add$")
WRITES = re.compile(r"\b(INSERT INTO|UPDATE \w+ (?:\w+ )?SET|DELETE FROM)\b")


def queries() -> list[tuple[str, str]]:
    """(name, source) of every function of the store that others may call."""
    found = []
    for path in sorted(STORE.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        found += [
            (f"{path.relative_to(STORE)}:{one.name}", ast.get_source_segment(source, one) or "")
            for one in ast.parse(source).body
            if isinstance(one, ast.AsyncFunctionDef) and not one.name.startswith("_")
        ]
    return found


def test_what_is_named_as_a_read_writes_nothing() -> None:
    named = [(name, source) for name, source in queries() if name.partition(":")[2].startswith(READS)]
    assert len(named) > 200
    assert [name for name, source in named if WRITES.search(source) and not BOTH.search(name)] == []


def test_what_writes_is_recognised() -> None:
    writing = {name.partition(":")[2] for name, source in queries() if WRITES.search(source)}
    assert {"delete_unused", "mark_session_used", "get_message_or_add"} <= writing
