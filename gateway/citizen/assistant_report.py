"""The public report on the assistant: a page, and its figures and topics as CSV."""

import csv
import io
from collections.abc import Sequence

from jinja2 import Environment
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, html, text

from desk.knowledge.public_report import COLUMNS, DAYS, FEWEST, PublicReports
from desk.knowledge.words import calendar_day, language_name
from gateway.citizen.pages import language_of
from gateway.deps import Deps
from gateway.headers import client_address
from gateway.languages import words

MAY = ("assistant_may_answer", "assistant_may_report", "assistant_may_pages")
MAY_NOT = ("assistant_not_write", "assistant_not_decide", "assistant_not_emergency")
TOPIC_COLUMNS = ("kind", "language", "title", "day", "people")
UNTRUSTED = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute a cell."""


def assistant_report_blueprint(deps: Deps, templates: Environment) -> Blueprint:
    """GET /chat/assistant, /chat/assistant.csv and /chat/assistant-topics.csv."""
    blueprint = Blueprint("assistant_report", url_prefix="/chat")
    template = templates.get_template("assistant.html")
    reports = PublicReports(deps.store, deps.catalog, deps.clock)

    @blueprint.get("/assistant")
    async def page(request: Request) -> HTTPResponse:
        await deps.limits.check("page", address=client_address(request))
        language = language_of(deps, request)
        said, report = words(language), await reports.get()
        return html(
            template.render(
                words=said,
                language=language,
                title=said["assistant_title"],
                may=[said[one] for one in MAY],
                may_not=[said[one].format(number=deps.city.emergency_number) for one in MAY_NOT],
                report=report,
                columns=[(one, said[f"assistant_{one}"]) for one in COLUMNS if one != "language"],
                named={one.language: language_name(one.language, language) for one in report.figures},
                since=said["assistant_since"].format(days=DAYS),
                hidden=said["assistant_hidden"].format(fewest=FEWEST),
                named_topics=said["assistant_not_answered_how"].format(fewest=FEWEST),
                unanswered=[
                    (title, language_name(one.language, language), one.people, reports.answered(one))
                    for one in report.unanswered
                    if (title := reports.named(one, language))
                ],
                recalled=[
                    (
                        reports.title(one.answer_id, language) or one.answer_id,
                        calendar_day(one.at.astimezone(deps.city.zone).date(), language),
                        one.texts.get(language) or next(iter(one.texts.values()), ""),
                        one.told,
                        [(language_name(name, language), told) for name, told in sorted(one.told_in.items())],
                    )
                    for one in report.recalled
                ],
                not_ours=[one[language] for one in report.not_ours if language in one],
                topics=reports.topics(language),
                back=said["title"].format(city=deps.city.name),
            )
        )

    @blueprint.get("/assistant.csv")
    async def figures(request: Request) -> HTTPResponse:
        await deps.limits.check("page", address=client_address(request))
        report = await reports.get()
        rows = [[getattr(one, name) for name in COLUMNS] for one in report.figures]
        return _csv("assistant.csv", [COLUMNS, *rows])

    @blueprint.get("/assistant-topics.csv")
    async def topics(request: Request) -> HTTPResponse:
        await deps.limits.check("page", address=client_address(request))
        report, first = await reports.get(), deps.city.language
        rows: list[Sequence[object]] = [TOPIC_COLUMNS]
        for one in report.unanswered:
            if title := reports.named(one, first):
                kind = "answered since" if reports.answered(one) else "unanswered"
                rows.append((kind, one.language, title, "", one.people))
        for each in report.recalled:
            named = reports.title(each.answer_id, first) or each.answer_id
            day = each.at.astimezone(deps.city.zone).date().isoformat()
            rows += [("recalled", name, named, day, told) for name, told in sorted(each.told_in.items())]
        return _csv("assistant-topics.csv", rows)

    return blueprint


def _csv(name: str, rows: Sequence[Sequence[object]]) -> HTTPResponse:
    written = io.StringIO()
    csv.writer(written).writerows([[_cell(one) for one in row] for row in rows])
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return text(written.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(UNTRUSTED) else value
