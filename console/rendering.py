"""Renders templates with everything escaped, headers that allow no foreign content, and no caching."""

import asyncio
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket
from markupsafe import Markup
from sanic.response import HTTPResponse

from city import City
from console import words
from console.reports.shown import duration
from desk.model import Clock
from desk.people.permissions import Permission, home_of, may
from desk.people.sessions import Session
from desk.routing.team_directory import TeamDirectory

TEMPLATES = Path(__file__).parent / "templates"

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
    )
)

HEADERS = {
    "content-security-policy": CSP,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), camera=(), microphone=(), payment=(), usb=()",
}

# A citizen's language code is set by programs, but it ends up in an attribute: only well-formed ones are let
# through.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Pages:
    """Renders one template at a time. Built once with the blueprint. `idle`: sessions end after this long
    without input."""

    def __init__(self, city: City, clock: Clock, idle: timedelta, teams: TeamDirectory) -> None:
        self.idle_seconds = int(idle.total_seconds())
        self._city = city
        self._teams = teams
        self._clock = clock
        self._environment = environment()
        self._environment.filters.update(self._filters())
        self._environment.globals["may"] = lambda actor, name: may(actor, Permission(name))
        self._environment.globals["home_of"] = home_of

    async def prepare(self, *_: object) -> None:
        """Compile every template: whoever opens a page first does not hold up everybody else. One at a time, so that
        requests are answered in between."""
        for name in self._environment.list_templates():
            self._environment.get_template(name)
            await asyncio.sleep(0)

    def page(
        self, template: str, *, session: Session | None, status: int = 200, **values: object
    ) -> HTTPResponse:
        """A whole page."""
        return self._respond(template, status, session=session, **values)

    def fragment(self, template: str, *, session: Session, **values: object) -> HTTPResponse:
        """Part of a page, for the script to swap in."""
        return self._respond(template, 200, session=session, **values)

    def markup(self, template: str, **values: object) -> Markup:
        """Part of a page that other pages contain as it is; its values are escaped."""
        text = self._environment.get_template(template).render(words=words, **values)
        return Markup(text)  # noqa: S704  (a rendered template)

    def text(self, template: str, **values: object) -> str:
        """A page that is no response, such as one in an archive."""
        return self._environment.get_template(template).render(city=self._city, words=words, **values)

    def problem(
        self, status: int, title: str, sentence: str, *, session: Session | None = None
    ) -> HTTPResponse:
        """A page that says what happened and what to do now."""
        return self.page("problem.html", session=session, status=status, title=title, sentence=sentence)

    def _respond(self, template: str, status: int, **values: Any) -> HTTPResponse:
        text = self._environment.get_template(template).render(
            city=self._city, now=self._clock(), words=words, idle_seconds=self.idle_seconds, **values
        )
        return HTTPResponse(text, status, HEADERS, content_type="text/html; charset=utf-8")

    def _filters(self) -> Mapping[str, Callable[..., object]]:
        return {
            "duration": duration,
            "waiting": lambda since: words.waiting(since, self._clock()),
            "moment": lambda at: words.moment(at, self._city.zone, self._clock()),
            "iso": lambda at: at.isoformat(),
            "day": _day,
            "channel": self._channel,
            "team": self._team,
            "language": words.language_name,
            "lang": lambda code: code if _LANGUAGE.fullmatch(code or "") else "und",
            "percent": lambda part: f"{round(part * 100)} %",
        }

    def _channel(self, inbox: str) -> str:
        if title := self._city.inbox_titles.get(inbox):
            return title
        kind = next((one.channel for one in self._city.inboxes if one.name == inbox), inbox)
        return words.say(words.CHANNELS, kind)

    def _team(self, name: str | None) -> str:
        team = self._teams.find(name)
        return team.title if team else (name or "No team")


class _Compiled(BytecodeCache):
    """Keeps what templates were compiled to, by their name and text."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (kept := self._kept.get(f"{bucket.key} {bucket.checksum}")) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


@lru_cache(maxsize=1)  # the same text is compiled once, however many environments there are
def _compiled() -> _Compiled:
    return _Compiled()


def environment() -> Environment:
    """Escape in every template, and raise an error for every undefined name."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(),
    )


def _day(value: date | datetime) -> str:
    return f"{value.day} {value:%b %Y}"
