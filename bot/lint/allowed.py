"""Findings that were reviewed and explained in bot/lint/allowed.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.project import ProjectError, read_yaml

FIELDS = {"text", "intent", "near", "why"}
KINDS = ("doubles", "strays", "leaks", "sizes")


@dataclass
class Allowed:
    """`entries`: kind -> its explanations. Keeps track of those that matched a finding."""

    entries: Mapping[str, list[dict[str, str]]]
    _used: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> Allowed:
        """Raises ProjectError for an unknown kind, or an entry without a reason."""
        content = read_yaml(path)
        for kind, entries in content.items():
            if kind not in KINDS:
                raise ProjectError(f"{path.name}: {kind!r} is none of {', '.join(KINDS)}.")
            for entry in entries or []:
                if not entry.get("why"):
                    raise ProjectError(f"{path.name}: {entry} has no `why`.")
                if not set(entry) <= FIELDS:
                    raise ProjectError(f"{path.name}: {entry} may have {', '.join(sorted(FIELDS))} only.")
        return cls({kind: list(content.get(kind) or []) for kind in KINDS})

    def __call__(self, kind: str, **fields: str | tuple[str, ...]) -> bool:
        """Whether an entry of this kind matches: every field that it names is equal, or among the given alternatives."""
        fits = False
        for place, entry in enumerate(self.entries[kind]):
            named = {name: value for name, value in entry.items() if name != "why"}
            if all(_fits(value, fields.get(name, ())) for name, value in named.items()):
                self._used.add((kind, place))
                fits = True
        return fits

    def idle(self) -> list[str]:
        """A sentence for every entry that matched nothing."""
        return [
            f"allowed.yml explains something that is no longer found: {kind}, {entry}."
            for kind in KINDS
            for place, entry in enumerate(self.entries[kind])
            if (kind, place) not in self._used
        ]


def _fits(value: str, given: str | tuple[str, ...]) -> bool:
    return value in ((given,) if isinstance(given, str) else given)
