"""Who is mentioned in a note: "@Ben Okafor", or "@Ben" if only one colleague has that name. Pure."""

from collections.abc import Iterable
from uuid import UUID

from desk.store.people.agents import Colleague

MOST = 20


def mentioned(text: str, colleagues: Iterable[Colleague]) -> list[UUID]:
    """The colleagues named in the text, in their own order. Each name is looked for once: linear in the text."""
    folded = text.casefold()
    if "@" not in folded:
        return []
    people = list(colleagues)
    firsts = [_first(one.name) for one in people]
    found = [
        one.id
        for one in people
        if _names(folded, one.name.casefold())
        or (firsts.count(_first(one.name)) == 1 and _names(folded, _first(one.name)))
    ]
    return found[:MOST]


def _first(name: str) -> str:
    return (name.casefold().split() or [""])[0]


def _names(text: str, name: str) -> bool:
    place = text.find(f"@{name}") if name else -1
    while place >= 0:
        after = text[place + 1 + len(name) : place + 2 + len(name)]
        if not after.isalnum():
            return True
        place = text.find(f"@{name}", place + 1)
    return False
