"""The pages of reports: figures with their definitions, the conversations behind them, CSV, staffing; for supervisors only."""

import csv
from uuid import uuid4

import pytest

from console.reports.charts import Bar, bars, columns
from console.reports.shown import csv as written
from console.reports.shown import duration
from desk.reporting.figures import FIGURES
from tests.support.console import Browser, RunningConsole

PATHS = (
    "/console/reports",
    "/console/reports/conversations?figure=conversations",
    "/console/reports/csv?table=figures",
    "/console/reports/staffing",
    "/console/wall",
    "/console/wall/live",
    "/console/wall/agents/00000000-0000-4000-8000-000000000000",
)


def _path(conversation: object, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned


async def _answered(console: RunningConsole, ana: Browser) -> object:
    """A conversation that Ana answered and resolved as a duplicate."""
    conversation = await console.queued(name="Lucía <b>")
    await ana.post(_path(conversation, "claim"))
    await ana.post(_path(conversation, "reply"), data={"text": "Good morning.", "client_id": str(uuid4())})
    await ana.post(_path(conversation, "resolve"), data={"reason": "duplicate"})
    return conversation


@pytest.mark.parametrize("path", PATHS)
async def test_agents_see_no_reports_and_supervisors_do(console: RunningConsole, path: str) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    assert (await ana.get(path)).status == 404
    assert "Reports" not in (await ana.get("/console/")).visible
    assert (await carla.get(path)).status == 200


async def test_every_figure_has_its_definition_and_leads_to_its_conversations(
    console: RunningConsole,
) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    conversation = await _answered(console, ana)
    await console.queued()
    page = await carla.get("/console/reports?figure=first_response&by=channel")
    for figure in FIGURES:
        assert figure.definition in page.visible and f"figure={figure.id}" in page.text
    assert "First response of a person by channel" in page.visible and "Web chat" in page.visible
    assert '<svg class="chart"' in page.text and "style=" not in page.text
    assert "Ana Duarte" in page.visible  # her load
    behind = await carla.get("/console/reports/conversations?figure=first_response")
    assert f'href="{_path(conversation)}"' in behind.text and "1 conversation" in behind.visible
    every = await carla.get("/console/reports/conversations?figure=conversations")
    assert "2 conversations" in every.visible
    none = await carla.get("/console/reports/conversations?figure=conversations&language=fr")
    assert "0 conversations" in none.visible and "language: French" in none.visible
    ended = await carla.get("/console/reports?figure=resolved&by=reason")
    assert "Duplicate" in ended.visible and "50.0%" in ended.visible
    old = await carla.get("/console/reports?from=2020-01-01&to=2020-01-31&figure=nothing&by=nothing")
    assert old.status == 200 and "No conversation was opened in this period." in old.visible


async def test_a_table_is_downloaded_and_the_audit_says_so(console: RunningConsole) -> None:
    ana, carla = await console.signed_in("=Ana"), await console.signed_in("Carla Rossi", "supervisor")
    await _answered(console, ana)
    # She had it for a minute and was at work for two: the test itself takes less than a second.
    pool = console.store.pool
    await pool.execute(
        "UPDATE conversation_transitions SET at = at - interval '1 minute' WHERE to_state = 'assigned'"
    )
    await pool.execute("UPDATE presence_history SET began_at = began_at - interval '2 minutes'")
    answer = await carla.get("/console/reports/csv?table=figures")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="figures-')
    lines = list(csv.DictReader(answer.text.splitlines()))
    assert [line["figure"] for line in lines] == [one.title for one in FIGURES]
    assert lines[0]["value"] == "1" and all(line["definition"] for line in lines)
    load = await carla.get("/console/reports/csv?table=load")
    assert "'=Ana" in load.text  # no formula in a spreadsheet
    (row,) = [one for one in csv.DictReader(load.text.splitlines()) if one["agent"] == "'=Ana"]
    assert float(row["seconds at work"]) >= float(row["seconds with any while at work"]) > 0
    behind = await carla.get("/console/reports/csv?table=conversations&figure=handed_off")
    assert len(behind.text.splitlines()) == 2
    broken_down = await carla.get("/console/reports/csv?table=breakdown&figure=resolved&by=team")
    assert "Front desk" in broken_down.text
    assert (await carla.get("/console/reports/csv?table=secrets")).status == 404
    assert (await console.audited()).count("report_csv") == 4


async def test_staffing_answers_with_own_figures_and_says_what_cannot_be(console: RunningConsole) -> None:
    carla = await console.signed_in("Carla Rossi", "supervisor")
    page = await carla.get("/console/reports/staffing")
    assert "There is no data of your own yet" in page.visible and "reaches it" in page.visible
    busy = await carla.get(
        "/console/reports/staffing?per_hour=60&minutes=10&at_once=3&patience=5&target=60&share=90"
    )
    assert "agents at work keep 90 % within 60 seconds" in busy.visible
    wrong = await carla.get("/console/reports/staffing?per_hour=-1&minutes=nan&at_once=1e9")
    assert wrong.status == 200 and wrong.visible.count("Not used, because it is not possible") == 1
    ana = await console.signed_in()
    await _answered(console, ana)
    assert (
        "the figures of the last 28 days are used" in (await carla.get("/console/reports/staffing")).visible
    )


def test_charts_escape_what_they_show_and_stand_without_data() -> None:
    chart = bars('"><script>', [Bar("<b>", 3, "3 & more"), Bar("x" * 80, 0, "0")])
    assert (
        "<script>" not in chart and "<b>" not in chart and "3 &amp; more" in chart and 'role="img"' in chart
    )
    assert columns("days", []).startswith("<svg") and columns("days", [Bar("1", 0, "0")]).count("<rect") == 1


def test_durations_and_cells() -> None:
    assert [duration(one) for one in (0, 59, 61, 3_600, 7_500, 199_000, 172_800)] == [
        "0 s", "59 s", "1 min", "1 h", "2 h 5 min", "2 days 7 h", "2 days",
    ]  # fmt: skip
    assert written(["a"], [["@x"], ["-"], [-1]]).splitlines() == ["a", "'@x", "-", "-1"]
