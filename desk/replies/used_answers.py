"""Which approved answers a reply is based on. Pure: the page reports which were opened, the text shows which were used."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.model import UsedAnswer

MOST = 10
"""Answers looked at that are read from a form."""
SHORTEST = 12
"""Characters; a shorter line ("See below.") says nothing about where a text is from."""
VERSION = 12
"""Hexadecimal digits of a version."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """`used`: answers whose words are in the reply. `suggested`: answers that were looked at, if none of them was sent
    as it stands; an editor may learn from that."""

    used: tuple[UsedAnswer, ...] = ()
    suggested: tuple[str, ...] = ()


def version_of(text: str) -> str:
    """A digest of an answer's text: another text is another version."""
    return hashlib.sha256(text.encode()).hexdigest()[:VERSION]


def provenance(
    sent: str, put: Iterable[str], looked_at: Iterable[str], texts: Mapping[str, str]
) -> Provenance:
    """`put` are ids of answers that the agent put into the reply, `looked_at` those that were offered and opened. `texts`
    has the text of each, as it would be sent; other ids are left out."""
    said = _flat(sent)
    known = [name for name in dict.fromkeys(put) if name in texts][:MOST]
    used = []
    for name in known:
        whole = _flat(texts[name])
        if whole and whole in said:
            used.append(UsedAnswer(name, version_of(texts[name])))
        elif any(line in said for line in _lines(texts[name])):
            used.append(UsedAnswer(name, version_of(texts[name]), changed=True))
    seen = [name for name in dict.fromkeys((*known, *looked_at)) if name in texts][:MOST]
    as_it_stands = any(not one.changed for one in used)
    return Provenance(tuple(used), () if as_it_stands else tuple(seen))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> list[str]:
    lines = (_flat(part) for line in text.splitlines() for part in line.split(". "))
    return [line for line in lines if len(line) >= SHORTEST]
