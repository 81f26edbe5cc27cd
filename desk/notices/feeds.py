"""The notices as an Atom feed (RFC 4287), a JSON Feed 1.1, and the short form that banners read. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from city import City
from desk.notices.languages import words_of
from desk.notices.saying import Said, say
from desk.store.notices.notices import NoticeVersion

ATOM = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"
EMPTY = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed without entries was updated: feeds must say."""

History = Sequence[Sequence[NoticeVersion]]


def atom_feed(history: History, language: str, city: City, base: str) -> bytes:
    """One entry for each notice, as its last version says it; `base` is the public address of this installation."""
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(feed, "id", f"{base}/notices.atom")
    _add(feed, "title", words_of(language).feed.format(city=city.name))
    _add(feed, "updated", _updated(history).isoformat())
    SubElement(
        feed,
        "link",
        {"rel": "self", "type": "application/atom+xml", "href": f"{base}/notices.atom?language={language}"},
    )
    SubElement(
        feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{base}/notices?language={language}"}
    )
    author = SubElement(feed, "author")
    _add(author, "name", city.name)
    for versions in history:
        last = versions[-1]
        said = say(last, language, city)
        entry = SubElement(feed, "entry")
        _add(entry, "id", f"urn:uuid:{last.notice_id}")
        _add(entry, "title", said.title)
        _add(entry, "updated", _released(last).isoformat())
        _add(entry, "published", _released(versions[0]).isoformat())
        SubElement(
            entry, "link", {"rel": "alternate", "type": "text/html", "href": page_of(last, base, language)}
        )
        SubElement(entry, "link", {"rel": "related", "type": CAP_TYPE, "href": cap_of(last, base)})
        SubElement(
            entry, "category", {"term": last.scenario, "label": words_of(language).scenarios[last.scenario]}
        )
        _add(entry, "summary", said.whole)
    made: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def json_feed(history: History, language: str, city: City, base: str, now: datetime) -> dict[str, Any]:
    """The same; `_notice` says the level, the area, and whether it holds."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": words_of(language).feed.format(city=city.name),
        "home_page_url": f"{base}/notices?language={language}",
        "feed_url": f"{base}/notices.json?language={language}",
        "language": language,
        "items": [_item(versions, language, city, base, now) for versions in history],
    }


def banners(holding: Sequence[NoticeVersion], language: str, city: City, base: str) -> dict[str, Any]:
    """What holds now, in the order in which banners show it."""
    return {
        "title": words_of(language).banner,
        "language": language,
        "notices": [
            {**_plain(one, say(one, language, city)), "url": page_of(one, base, language)} for one in holding
        ],
    }


def page_of(version: NoticeVersion, base: str, language: str) -> str:
    """Where the notice stands on the public page."""
    return f"{base}/notices?language={language}#n-{version.notice_id}"


def cap_of(version: NoticeVersion, base: str) -> str:
    """The address of the version's CAP document."""
    return f"{base}/notices/cap/{version.notice_id}/{version.version}"


def _item(
    versions: Sequence[NoticeVersion], language: str, city: City, base: str, now: datetime
) -> dict[str, Any]:
    last = versions[-1]
    said = say(last, language, city)
    return {
        "id": f"urn:uuid:{last.notice_id}",
        "url": page_of(last, base, language),
        "title": said.title,
        "content_text": said.whole,
        "date_published": _released(versions[0]).isoformat(),
        "date_modified": _released(last).isoformat(),
        "language": said.language,
        "tags": [last.scenario, last.content.level],
        "attachments": [
            {"url": cap_of(one, base), "mime_type": CAP_TYPE, "title": f"CAP 1.2, version {one.version}"}
            for one in versions
        ],
        "_notice": _plain(last, said) | {"holds": last.holds(now), "area": last.content.area},
    }


def _plain(version: NoticeVersion, said: Said) -> dict[str, Any]:
    return {
        "id": str(version.notice_id),
        "version": version.version,
        "kind": version.kind,
        "level": version.content.level,
        "title": said.title,
        "what": f"{said.text.what} {said.text.where}",
        "act": said.text.act,
        "more": f"{said.text.more} {said.text.ask}",
        "until": said.until.isoformat(),
    }


def _released(version: NoticeVersion) -> datetime:
    assert version.released_at is not None
    return version.released_at


def _updated(history: History) -> datetime:
    return max((_released(versions[-1]) for versions in history), default=EMPTY)


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
