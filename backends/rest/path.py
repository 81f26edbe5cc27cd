"""A small part of JSONPath (RFC 9535): one value at a fixed place. Bounded, and nothing in it is evaluated.

    $.permit.state    $['next step']    $.results[0].id    $.steps[-1].name    $.steps[?@.state=='open'].name

A filter takes the first element that has exactly this text.
"""

import re
from dataclasses import dataclass

LONGEST, DEEPEST = 300, 12  # characters; steps
MOST_SEARCHED = 1_000  # elements of a list that a filter looks at

_STEP = re.compile(
    r"\.(?P<name>[A-Za-z_][A-Za-z0-9_-]{0,59})"
    r"|\['(?P<quoted>[^'\\]{1,60})'\]"
    r"|\[(?P<index>-?[0-9]{1,4})\]"
    r"|\[\?@\.(?P<key>[A-Za-z_][A-Za-z0-9_-]{0,59})=='(?P<wanted>[^'\\]{0,60})'\]"
)


class PathError(ValueError):
    """The path cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class _Filter:
    key: str
    wanted: str


@dataclass(frozen=True, slots=True)
class JsonPath:
    """Where in a document a value is."""

    steps: tuple[str | int | _Filter, ...]

    @classmethod
    def read(cls, text: str) -> "JsonPath":
        """From its text. Raises PathError."""
        if not text.startswith("$") or len(text) > LONGEST:
            raise PathError(f"'{text[:60]}' must begin with $ and have at most {LONGEST} characters")
        steps: list[str | int | _Filter] = []
        place = 1
        while place < len(text):
            found = _STEP.match(text, place)
            if found is None:
                raise PathError(f"'{text}' cannot be read from '{text[place : place + 20]}' on")
            steps.append(_step(found))
            place = found.end()
        if not steps or len(steps) > DEEPEST:
            raise PathError(f"'{text}' must have 1 to {DEEPEST} steps")
        return cls(tuple(steps))

    def find(self, document: object) -> object:
        """The value there, None if there is none."""
        for step in self.steps:
            if isinstance(step, _Filter):
                document = _first(document, step)
            elif isinstance(step, int):
                inside = isinstance(document, list) and -len(document) <= step < len(document)
                document = document[step] if isinstance(document, list) and inside else None
            else:
                document = document.get(step) if isinstance(document, dict) else None
            if document is None:
                return None
        return document


def _step(found: re.Match[str]) -> str | int | _Filter:
    if found["index"] is not None:
        return int(found["index"])
    if found["key"] is not None:
        return _Filter(found["key"], found["wanted"])
    return str(found["name"] or found["quoted"])


def _first(document: object, wanted: _Filter) -> object:
    if not isinstance(document, list):
        return None
    rows = (row for row in document[:MOST_SEARCHED] if isinstance(row, dict))
    return next((row for row in rows if row.get(wanted.key) == wanted.wanted), None)
