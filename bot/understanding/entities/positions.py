"""Positions on the map in a text: coordinates in their usual spellings, `geo:` URIs and links to map services.

    "40.7128, -74.0060"    "40,7128 N; 74,0060 W"    "40°42'46\"N 74°00'22\"W"    "lat 40.7128 lon -74.0060"
    "geo:40.7128,-74.0060"    "https://www.google.com/maps?q=40.7128,-74.0060"    "87G7PX7V+4J"    "PX7V+4J Lindenport"

Nothing is fetched: a link contains the position, or it is `unread`. Every pattern has one way to match, so that the
work is linear in the text, and a link is read to LONGEST_LINK characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from bot.understanding.entities import plus_codes
from bot.understanding.text import Claimed, fold

LONGEST_LINK = 2000  # characters
MOST = 5  # positions of one text

_D = r"[-+−–]?\d{1,3}"
_GAP = r"[\s,;/|]{1,3}"
# At least three decimals each: "3.50 4.20" are prices.
_PAIR = re.compile(
    rf"(?<![\w.,])({_D}\.\d{{3,15}})°?\s?([ns]?)(?!\w){_GAP}({_D}\.\d{{3,15}})°?\s?([ewo]?)(?![\w.])"
)
_COMMAS = re.compile(
    rf"(?<![\w.,])({_D},\d{{3,15}})°?\s?([ns]?)(?!\w)(?:[\s;/|]{{1,3}}|,\s)({_D},\d{{3,15}})°?\s?([ewo]?)(?![\w,])"
)
_BEFORE = re.compile(rf"(?<!\w)([ns])\s?({_D}[.,]\d{{2,15}})°?{_GAP}([ewo])\s?({_D}[.,]\d{{2,15}})°?(?!\w)")
_NAMED = re.compile(
    rf"(?<!\w)lat(?:itude?|itud)?\.?[\s:=]{{0,3}}({_D}(?:[.,]\d{{1,15}})?)°?{_GAP}"
    rf"(?:and |y |et |e )?l(?:on|ng|ong)(?:itude?|itud)?\.?[\s:=]{{0,3}}({_D}(?:[.,]\d{{1,15}})?)°?(?!\w)"
)
_DMS = re.compile(
    r"(\d{1,3})\s?[°º]\s?(?:(\d{1,2}(?:[.,]\d{1,9})?)\s?['’′´]\s?)?(?:(\d{1,2}(?:[.,]\d{1,9})?)\s?(?:[\"”″]|''|’’)\s?)?([ns])"
    r"[\s,;/|+]{0,3}"
    r"(\d{1,3})\s?[°º]\s?(?:(\d{1,2}(?:[.,]\d{1,9})?)\s?['’′´]\s?)?(?:(\d{1,2}(?:[.,]\d{1,9})?)\s?(?:[\"”″]|''|’’)\s?)?([ewo])(?!\w)"
)
# Alone in a message, fewer decimals will do: "0,0", "40.7, -74".
_ALONE = re.compile(rf"\W{{0,3}}({_D}(?:\.\d{{1,15}})?)°?\s?[,;]\s?({_D}(?:\.\d{{1,15}})?)°?\W{{0,3}}")
_WORD = re.compile(r"\S+")
_WORDS_AS_POSITION = re.compile(
    r"(?<![\w/])///[^\W\d_]{2,30}\.[^\W\d_]{2,30}\.[^\W\d_]{2,30}(?![\w.])"
)  # what3words
_GEO = re.compile(rf"geo:({_D}(?:\.\d{{1,15}})?),({_D}(?:\.\d{{1,15}})?)", re.IGNORECASE)
_NUMBERS = re.compile(rf"({_D}(?:\.\d{{1,15}})?)\s?[,~_/ ]\s?({_D}(?:\.\d{{1,15}})?)(?![\d.])")
_GOOGLE_PIN = re.compile(rf"!3d({_D}\.\d{{1,15}})!4d({_D}\.\d{{1,15}})")
_AT = re.compile(rf"/@({_D}\.\d{{1,15}}),({_D}\.\d{{1,15}})")
_OSM_MAP = re.compile(rf"map=\d{{1,2}}/({_D}(?:\.\d{{1,15}})?)/({_D}(?:\.\d{{1,15}})?)")
_IN_PATH = re.compile(r"/(?:place|search|dir/[^/]{0,200})/([^/@]{2,200})")

MAPS = (
    "google.com", "google.co.uk", "google.es", "google.fr", "google.de", "google.ca", "google.com.mx", "apple.com",
    "openstreetmap.org", "osm.org", "bing.com", "waze.com", "here.com", "mapy.cz", "yandex.com", "what3words.com",
)  # fmt: skip
"""Hosts of map services, with everything below them."""
SHORT = (
    "goo.gl", "g.co", "maps.apple", "binged.it", "bit.ly", "tinyurl.com", "t.co", "ow.ly", "is.gd", "w3w.co", "share.google",
    "cutt.ly", "rb.gy", "shorturl.at", "t.ly", "lnkd.in", "urlgeni.us", "herewe.go", "her.is",
)  # fmt: skip
"""Hosts whose links contain no position."""
# The pin takes precedence over the centre of the map.
_PINS = ("q", "query", "daddr", "destination", "coordinate", "ll", "mlat", "point", "pin", "to", "where1", "sp", "sll", "center", "cp", "viewpoint", "near")  # fmt: skip
_TEXTS = ("q", "query", "daddr", "destination", "address", "where1", "name", "to")


@dataclass(frozen=True)
class Position:
    """Degrees (WGS 84), their position in the text, and the name that a link gives the place."""

    latitude: float | None
    longitude: float | None
    start: int
    end: int
    name: str | None = None

    @property
    def unread(self) -> bool:
        """Whether it is a link without a position."""
        return self.latitude is None


@dataclass(frozen=True)
class Home:
    """Where the city is, in degrees, and what it is called, in lower case: short plus codes are read from there."""

    at: tuple[float, float]
    names: tuple[str, ...] = ()


def find_positions(text: str, home: Home | None = None) -> list[Position]:
    """The positions and links of a text, in order; nothing overlaps. Impossible degrees are left out."""
    if not any(character.isdigit() or character == "/" for character in text):
        return []
    claimed = Claimed(len(text))
    found: list[Position] = []
    for position in (*_links(text), *_written(text), *_short_codes(text, home)):
        if len(found) < MOST and claimed.claim(position.start, position.end):
            found.append(position)
    return sorted(found, key=lambda position: position.start)


def _written(text: str) -> Iterator[Position]:
    folded = fold(text)
    for match in plus_codes.PATTERN.finditer(text):
        if found := plus_codes.decode(match[0]):
            yield from _position(*found, match)
    for match in _WORDS_AS_POSITION.finditer(text):
        yield Position(None, None, match.start(), match.end())
    for match in _DMS.finditer(folded):
        yield from _position(
            _degrees(match[1], match[2], match[3], match[4]),
            _degrees(match[5], match[6], match[7], match[8]),
            match,
        )
    for match in _NAMED.finditer(folded):
        yield from _position(_number(match[1]), _number(match[2]), match)
    for match in _BEFORE.finditer(folded):
        yield from _position(_signed(match[2], match[1]), _signed(match[4], match[3]), match)
    for pattern in (_PAIR, _COMMAS):
        for match in pattern.finditer(folded):
            yield from _position(_signed(match[1], match[2]), _signed(match[3], match[4]), match)
    alone = _ALONE.fullmatch(folded)
    if alone and (alone[1].strip("+-0.") == alone[2].strip("+-0.") == "" or "." in alone[1] + alone[2]):
        yield from _position(_number(alone[1]), _number(alone[2]), alone)


def _short_codes(text: str, home: Home | None) -> Iterator[Position]:
    if home is None or "+" not in text:
        return
    for match in plus_codes.SHORT.finditer(text):
        ours = plus_codes.is_of(text, match.end(), home.names)
        if found := plus_codes.decode_short(match[0], home.at) if ours else None:
            yield from _position(*found, match)


def _links(text: str) -> Iterator[Position]:
    for match in _WORD.finditer(text):
        word = match[0].strip("<>()[]\"'.,;!»«")
        start = match.start() + match[0].find(word) if word else match.start()
        if word[:4].lower() == "geo:":
            yield from _geo(word, start)
        elif "/" in word and "." in word:
            yield from _link(word[:LONGEST_LINK], start, start + len(word))


def _geo(word: str, start: int) -> Iterator[Position]:
    end = start + len(word)
    query = dict(parse_qsl(word.partition("?")[2][:LONGEST_LINK]))
    asked = query.get("q", "")
    pin = _NUMBERS.match(asked) or _GEO.match(word)
    name = asked.partition("(")[2].rstrip(")") if pin and asked else asked
    if pin and (not asked or _NUMBERS.match(asked)):
        yield from _position_at(_number(pin[1]), _number(pin[2]), start, end, name or None)
    elif asked:
        yield Position(None, None, start, end, asked)


def _link(word: str, start: int, end: int) -> Iterator[Position]:
    try:
        parts = urlsplit(word if "://" in word else f"https://{word}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return
    if not parts.scheme.startswith("http"):
        return
    if _below(host, SHORT):
        yield Position(None, None, start, end)
        return
    if not _below(host, MAPS):
        return
    whole = unquote_plus(word)
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    if "mlat" in query and "mlon" in query:
        query["mlat"] = f"{query['mlat']},{query['mlon']}"
    name = _name(parts.path, query)
    for pin in _pins(whole, query, f"{parts.query}#{parts.fragment}"):
        position = list(_position_at(_number(pin[1]), _number(pin[2]), start, end, name))
        if position:
            yield position[0]
            return
    written = next(_written(name), None) if name else None
    if written and not written.unread:
        yield Position(written.latitude, written.longitude, start, end)
    elif _is_map(host, parts.path):
        yield Position(None, None, start, end, name)


def _pins(whole: str, query: dict[str, str], rest: str) -> Iterator[re.Match[str]]:
    """The parts of a link that may hold the position, the pin before the view."""
    yield from list(_GOOGLE_PIN.finditer(whole))[-1:]
    for name in _PINS:
        value = query.get(name, "").removeprefix("loc:").removeprefix("point.").removeprefix("ll.")
        if match := _NUMBERS.match(value):
            yield match
    for pattern in (_OSM_MAP, _AT):
        if match := pattern.search(rest if pattern is _OSM_MAP else whole):
            yield match
    if match := re.search(r"/(?:place|search|dir/[^/]{0,200})/" + _NUMBERS.pattern, whole):
        yield match


def _name(path: str, query: dict[str, str]) -> str | None:
    """The name that a link gives its place."""
    found = _IN_PATH.search(path)
    names = [query.get(name, "") for name in _TEXTS] + ([unquote_plus(found[1])] if found else [])
    return next((name[:200] for name in names if any(character.isalpha() for character in name)), None)


def _is_map(host: str, path: str) -> bool:
    return (
        "map" in host or "map" in path or host in ("osm.org", "waze.com", "what3words.com", "share.here.com")
    )


def _below(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def _position(latitude: float, longitude: float, match: re.Match[str]) -> Iterator[Position]:
    return _position_at(latitude, longitude, match.start(), match.end())


def _position_at(
    latitude: float, longitude: float, start: int, end: int, name: str | None = None
) -> Iterator[Position]:
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        yield Position(latitude, longitude, start, end, name)


def _number(text: str) -> float:
    return float(re.sub("[−–]", "-", text).replace(",", "."))


def _signed(text: str, side: str) -> float:
    """ "74.006 W" is -74.006; in Spanish and French, west is "O"."""
    number = _number(text)
    return -abs(number) if side and side in "swo" else number


def _degrees(degrees: str, minutes: str | None, seconds: str | None, side: str) -> float:
    number = _number(degrees) + _number(minutes or "0") / 60 + _number(seconds or "0") / 3600
    return -number if side in "swo" else number
