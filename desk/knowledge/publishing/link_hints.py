"""The addresses in an answer, and what an editor reads of those that lead nowhere (desk/knowledge/publishing/links.py looks)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from desk.store.knowledge import bad_links
from desk.store.knowledge.bad_links import BadLink
from desk.store.pool import Executor

LONGEST = 500
"""Characters of an address; longer ones are not looked at."""
_LINK = re.compile(r"https://[^\s<>\"'{}\\]{4,500}")
_MADE_UP = (".example", ".invalid", ".test", ".localhost")
"""Names that never lead anywhere (RFC 2606), as in the demo city."""


def links_of(body: Mapping[str, Any]) -> Iterator[str]:
    """The addresses in an answer: its source, and what its texts and their parts link to."""
    for text in _strings(body):
        for found in _LINK.finditer(text):
            url = found[0].rstrip(".,;:!?)]»”")
            host = _host(url)
            if len(url) <= LONGEST and host and not host.endswith(_MADE_UP):
                yield url


async def link_hints(executor: Executor, body: Mapping[str, Any]) -> list[str]:
    """What an editor reads of the links of an answer."""
    return [_sentence(one) for one in await bad_links.list_bad(executor, sorted(set(links_of(body))))]


def _sentence(one: BadLink) -> str:
    said = "leads to no page any more" if one.state == "gone" else "could not be reached"
    return f"{one.url} {said}, since {one.since.day} {one.since:%b %Y}."


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        return
    inner: Iterable[Any] = (
        value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    )
    for one in inner:
        yield from _strings(one)
