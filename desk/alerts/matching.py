"""What an alert means for this city: its districts, the rule that names it, and what a notice about it says. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from city import City
from city.notices.alerts import EVERYWHERE, AlertRule, AlertSource
from city.notices.districts import Area, Circle, District
from desk.alerts.cap import Alert, Info
from desk.notices.checking import LONGEST, LONGEST_HOLD, PARTS
from desk.notices.languages import words_of
from desk.notices.plan import Plan, texts_as_kept
from desk.store.notices.notices import Content

SETTING = "alerts"
"""Of the city: its sources and rules."""
HOURS = 12
"""How long a notice holds if neither the alert nor a prepared message says it."""
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an alert is in the city. `sure`: from its polygons, circles and geocodes; else nobody knows."""

    districts: tuple[str, ...]
    everywhere: bool
    sure: bool = True

    @property
    def area(self) -> dict[str, object]:
        """As a notice keeps it."""
        return {"districts": [] if self.everywhere else list(self.districts)}


def place(alert: Alert, source: AlertSource, city: City, now: datetime) -> Placed | None:
    """The districts that it touches; None if it is elsewhere. Info blocks that are over do not count."""
    places = [one for info in live_infos(alert, now) for one in info.places]
    parts = city.districts or _whole(city)
    polygons = tuple(polygon for one in places for polygon in one.polygons)
    circles = tuple(
        Circle(latitude=lat, longitude=long, kilometres=max(radius, 0.01))
        for one in places
        for lat, long, radius in one.circles
    )
    found: set[str] = set()
    if polygons or circles:
        found |= set(Area(polygons=polygons, circles=circles).touched(parts))
    codes = [f"{name}:{value}" for one in places for name, value in one.geocodes]
    for code in codes:
        named = source.geocodes.get(code, ())
        found |= {one.name for one in parts} if EVERYWHERE in named else set(named)
    if found:
        touched = tuple(one.name for one in parts if one.name in found)
        return Placed(touched, len(touched) == len(parts))
    if (polygons or circles) and parts:
        return None
    return None if codes and source.geocodes else Placed((), True, sure=False)


def live_infos(alert: Alert, now: datetime) -> Sequence[Info]:
    """The info blocks that are not over."""
    return [one for one in alert.infos if one.expires is None or one.expires > now]


def decide(
    alert: Alert, source: AlertSource, rules: Sequence[AlertRule], now: datetime
) -> tuple[Info, AlertRule | None]:
    """The first rule that fits one of its info blocks, and that block; the first block where none does."""
    infos = live_infos(alert, now)
    for rule in rules:
        for info in infos:
            if rule.fits(source.name, info.event, info.severity, info.urgency, info.certainty):
                return info, rule
    return infos[0], None


def level_of(info: Info) -> str:
    """The level of a notice about it, where no prepared message says one."""
    if info.severity == "Extreme" and info.urgency in ("Immediate", "Expected"):
        return "emergency"
    return "alert" if info.severity in ("Extreme", "Severe") else "watch"


def content_of_alert(
    alert: Alert,
    info: Info,
    plan: Plan | None,
    placed: Placed,
    languages: Sequence[str],
    now: datetime,
    scenario: str,
    speaker: AlertSource | None = None,
) -> Content:
    """What a notice about it says: the prepared message with the alert's area and end; with a `speaker` in that source's own words,
    in the languages that it has."""
    texts: dict[str, dict[str, str]] = texts_as_kept(plan.texts) if plan else {}
    if speaker is not None:
        texts = {
            language: {**text, **_own_words(alert, info, language, speaker, now)}
            for language, text in texts.items()
        }
    ends = alert.ends_at or now + timedelta(hours=plan.hours if plan else HOURS)
    return Content(
        plan.level if plan else level_of(info), placed.area, plan.topics if plan else (), plan.overrides if plan else (),
        texts or empty_texts(scenario, languages), now, min(ends, now + LONGEST_HOLD),
    )  # fmt: skip


def empty_texts(scenario: str, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """The texts of a draft for which there is no prepared message: people write them."""
    return {
        language: {**dict.fromkeys(PARTS, ""), "title": words_of(language).scenarios[scenario].capitalize()}
        for language in languages
    }


def body_of(info: Info) -> dict[str, object]:
    """An info block as it is kept for people to read."""
    return {
        "language": info.language,
        "event": visible(info.event, 200),
        "urgency": info.urgency,
        "severity": info.severity,
        "certainty": info.certainty,
        "expires": info.expires.isoformat() if info.expires else None,
        "headline": visible(info.headline, 500),
        "description": visible(info.description, 4_000),
        "instruction": visible(info.instruction, 4_000),
        "sender_name": visible(info.sender_name, 200),
        "areas": [visible(one.description, 300) for one in info.places[:20]],
    }


def visible(text: str, longest: int) -> str:
    """A stranger's text in one line, without signs that hide or turn it, cut at a word."""
    clean = " ".join(_INVISIBLE.sub(" ", text).split())
    if len(clean) <= longest:
        return clean
    return f"{clean[: longest - 1].rpartition(' ')[0] or clean[: longest - 1]}…"


def _own_words(
    alert: Alert, info: Info, language: str, source: AlertSource, now: datetime
) -> Mapping[str, str]:
    """The source's words for the parts that it has in this language, with its name; nothing if it does not speak it."""
    spoken = [one for one in live_infos(alert, now) if one.language.lower().split("-")[0] == language]
    chosen = next((one for one in spoken if one.event == info.event), next(iter(spoken), None))
    if chosen is None:
        return {}
    headline = chosen.headline if 0 < len(chosen.headline) <= LONGEST["title"] else chosen.event
    given = {
        "title": headline,
        "what": f"{source.title}: {chosen.description or headline}",
        "act": chosen.instruction,
    }
    # What stands in braces in a notice is filled in: a stranger's braces must not be.
    return {
        name: visible(text, LONGEST[name]).replace("{", "(").replace("}", ")")
        for name, text in given.items()
        if text.strip()
    }


def _whole(city: City) -> tuple[District, ...]:
    if not city.boundary:
        return ()
    return (District(name="city", title={city.language: city.name}, corners=tuple(city.boundary)),)
