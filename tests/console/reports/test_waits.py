"""The page of waits: how long people waited, and how often what they were told was true."""

from datetime import timedelta
from uuid import uuid4

from desk.store.waits import statements
from desk.store.waits.statements import Backtest, CalibrationRow
from tests.support.console import RunningConsole


async def test_a_supervisor_sees_waits_and_coverage_and_an_agent_does_not(console: RunningConsole) -> None:
    supervisor = await console.signed_in(role="supervisor")
    empty = await supervisor.get("/console/waits")
    assert empty.status == 200 and "Nobody asked for a person." in empty.visible
    assert "No waits have been stated yet." in empty.visible
    pool = console.store.pool
    for seconds in (60, 120, 3_600):
        id = uuid4()
        for state, before, actor, why, at in (
            ("queued", "bot", "bot", "asked", seconds + 30),
            ("assigned", "queued", "agent", "claimed", 40),
            ("waiting_on_contact", "assigned", "agent", "replied", 30),
        ):
            await pool.execute(
                """INSERT INTO conversation_transitions (conversation_id, inbox, from_state, to_state, from_team, to_team,
                       actor_kind, why, at) VALUES ($1, 'web', $2, $3, 'front-desk', 'front-desk', $4, $5, $6)""",
                id,
                before,
                state,
                actor,
                why,
                console.clock() - timedelta(seconds=at),
            )
    await statements.set_calibration(
        pool, CalibrationRow("front-desk", [-1.0] * 4, [1.0] * 4, "error", 200, 150, console.clock())
    )
    day = console.clock().date() - timedelta(days=1)
    await statements.set_backtest(pool, Backtest("front-desk", day, 180, 162, 10, None))
    page = await supervisor.get("/console/waits")
    assert "3 waits half at most 2 min nine of ten at most 1 h mean 21 min" in page.visible
    assert "Hidden: wrong too often" in page.visible and "Held 75 % of 200 times" in page.visible
    assert "90 % of 180, half of the ranges at most 10 minutes wide" in page.visible
    assert 'href="/console/waits"' in page.text
    agent = await console.signed_in()
    assert 'href="/console/waits"' not in (await agent.get("/console/")).text
    assert (await agent.get("/console/waits")).status == 404


async def test_the_list_marks_who_asked_to_be_written_to(console: RunningConsole) -> None:
    waiting = await console.queued()
    browser = await console.signed_in()
    assert "wants a message later" not in (await browser.get("/console/")).visible
    await console.store.pool.execute(
        "INSERT INTO conversation_holds (conversation_id, asked_at) VALUES ($1, now())", waiting.id
    )
    assert "wants a message later" in (await browser.get("/console/")).visible
