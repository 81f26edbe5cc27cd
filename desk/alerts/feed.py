"""The entries of a feed of alerts: Atom (RFC 4287) or RSS 2.0, with links to CAP documents or the documents themselves. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, tostring

from desk.alerts.cap import NAMESPACE
from desk.alerts.xml import Unreadable

ATOM = "{http://www.w3.org/2005/Atom}"
ALERT = f"{{{NAMESPACE}}}alert"
CAP_TYPES = frozenset({"application/cap+xml", "application/common-alerting-protocol+xml"})
MOST_ENTRIES = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert of a feed. `key` changes with the entry; either `url` or `alert` is there."""

    key: str
    url: str = ""
    alert: Element | None = None


def read_entries(root: Element, base: str) -> Sequence[Entry]:
    """The entries of a feed at `base`, or of a CAP document alone. At most MOST_ENTRIES, as they come. Raises Unreadable."""
    if root.tag == ALERT:
        return [_embedded(root)]
    if root.tag == f"{ATOM}feed":
        found = [_atom(one, base) for one in root.findall(f"{ATOM}entry")[:MOST_ENTRIES]]
    elif root.tag == "rss" and (channel := root.find("channel")) is not None:
        found = [_rss(one, base) for one in channel.findall("item")[:MOST_ENTRIES]]
    else:
        raise Unreadable("It is neither Atom nor RSS nor CAP 1.2.")
    return [one for one in found if one is not None]


def _atom(entry: Element, base: str) -> Entry | None:
    inside = entry.find(f"{ATOM}content/{ALERT}")
    if inside is not None:
        return _embedded(inside)
    links = [one for one in entry.findall(f"{ATOM}link") if one.get("href")]
    typed = [one for one in links if one.get("type") in CAP_TYPES]
    plain = [one for one in links if one.get("rel", "alternate") == "alternate"]
    chosen = next(iter([*typed, *plain]), None)
    if chosen is None:
        return None
    return _linked(chosen.get("href") or "", base, entry.findtext(f"{ATOM}updated") or "")


def _rss(item: Element, base: str) -> Entry | None:
    inside = item.find(ALERT)
    if inside is not None:
        return _embedded(inside)
    enclosed = [one.get("url") or "" for one in item.findall("enclosure") if one.get("type") in CAP_TYPES]
    url = next((one for one in [*enclosed, item.findtext("link") or ""] if one.strip()), "")
    return _linked(url, base, item.findtext("pubDate") or "") if url else None


def _linked(url: str, base: str, updated: str) -> Entry:
    whole = urljoin(base, url.strip())[:2_000]
    return Entry(_digest(f"{whole} {updated.strip()}".encode()), whole)


def _embedded(alert: Element) -> Entry:
    return Entry(_digest(tostring(alert)), alert=alert)


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
