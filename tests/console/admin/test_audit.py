"""The audit's screen: filters, the table for a spreadsheet, who may read how much; and reading it is audited, too."""

import csv
import io
from datetime import timedelta

from desk.people import audit
from desk.people.records.audit_search import csv_of
from desk.store.people.audit import AuditLine
from tests.support.console import RunningConsole


async def test_lines_are_found_by_person_act_object_and_time(console: RunningConsole) -> None:
    mine, other = await console.queued(), await console.queued(team="parks")
    _, ana = await console.agent()
    now = console.clock()
    for conversation, action, at in (
        (mine, "view", now - timedelta(days=40)), (mine, "view", now), (mine, "claim", now), (other, "view", now),
    ):  # fmt: skip
        await audit.record(console.store.pool, ana.agent_id, action, conversation.id, at)
    reader = await console.signed_in("Olga", "auditor")

    async def lines(query: str) -> list[tuple[str, str]]:
        text = (await reader.get(f"/console/audit.csv?{query}")).text
        rows = list(csv.DictReader(io.StringIO(text)))
        return [(row["act"], row["conversation"]) for row in rows if row["person"] == ana.name]

    person = f"person={ana.agent_id}"
    m, o = str(mine.id), str(other.id)
    assert await lines(person) == [("view", o), ("claim", m), ("view", m)]
    assert await lines(f"{person}&act=view") == [("view", o), ("view", m)]
    assert await lines(f"about={m}") == [("claim", m), ("view", m)]
    old = (now - timedelta(days=41)).date()
    assert await lines(f"{person}&since={old}&until={old + timedelta(days=2)}") == [("view", m)]
    for nonsense in ("person=x", "act=%27%3B--", "about=%25", "since=never", "page=0", "page=99999999999"):
        assert (await reader.get(f"/console/audit?{nonsense}")).status == 200
    page = await reader.get(f"/console/audit?{person}&act=claim")
    assert "Ana Duarte" in page.visible and "Claimed" in page.visible
    # Why the assistant answered so may be read; the conversation may not.
    assert f'/conversations/{m}"' not in page.text and f'/conversations/{m}/why"' in page.text
    done = await console.audited()
    assert done.count("audit_export") == 4 and done.count("audit_read") >= 2
    assert (await reader.get(f"/console/conversations/{m}")).status == 404, "an auditor reads no conversation"


async def test_a_supervisor_of_some_teams_sees_what_concerns_them(console: RunningConsole) -> None:
    mine, other = await console.queued(), await console.queued(team="parks")
    _, ana = await console.agent()
    for conversation in (mine, other):
        await audit.record(console.store.pool, ana.agent_id, "view", conversation.id, console.clock())
    email, _ = await console.agent("Carla", "supervisor")
    carla = console.browser()
    await carla.sign_in(email)
    everything = (await carla.get("/console/audit.csv?act=view")).text
    assert str(mine.id) in everything and str(other.id) in everything
    await console.store.pool.execute("UPDATE agents SET only_own_teams = true WHERE email = $1", email)
    limited = (await carla.get("/console/audit.csv?act=view")).text
    assert str(mine.id) in limited and str(other.id) not in limited
    assert "sign_in" in (await carla.get("/console/audit.csv")).text, "what one did oneself"


async def test_no_cell_of_the_table_is_a_formula(console: RunningConsole) -> None:
    line = AuditLine(1, console.clock(), "view", None, "=HYPERLINK(1)", None, {"x": "@y"})
    (row,) = list(csv.reader(io.StringIO(csv_of([line]))))[1:]
    assert row[1] == "'=HYPERLINK(1)" and not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
