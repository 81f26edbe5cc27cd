"""What is stated of waits: told, kept, scored against the real claim, calibrated, tested at night and hidden if wrong."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest

from city import Team
from city.hours import read_hours
from desk.conversations.messages import MessageWriter
from desk.conversations.places import Places
from desk.conversations.state import contact_state
from desk.model import Conversation
from desk.routing.wait_calibration import BANDS
from desk.routing.wait_scoring import WaitScoring
from desk.store.dialogue import conversations
from desk.store.waits import statements
from desk.store.waits.statements import CalibrationRow
from tests.support.desk import Desk

MINUTE = timedelta(minutes=1)
TEAM = "front-desk"


async def moved(desk: Desk, id: UUID, before: str, after: str, at: datetime, team: str = TEAM) -> None:
    await desk.store.pool.execute(
        """INSERT INTO conversation_transitions (conversation_id, inbox, from_state, from_team, to_state, to_team,
               actor_kind, why, at) VALUES ($1, 'web', $2, $5, $3, $5, 'agent', 'claimed', $4)""",
        id,
        before,
        after,
        at,
        team,
    )


async def claims(desk: Desk, ending: datetime, count: int, gap: timedelta, team: str = TEAM) -> None:
    """A queue that never empties, with a claim every `gap`, the last one at `ending`."""
    for back in range(count):
        id, claimed = uuid4(), ending - back * gap
        await moved(desk, id, "bot", "queued", claimed - 3 * gap, team)
        await moved(desk, id, "queued", "assigned", claimed, team)


async def calibrated(desk: Desk, hidden: str | None = None, team: str = TEAM) -> None:
    bands = len(BANDS) + 1
    row = CalibrationRow(team, [-1.0] * bands, [1.0] * bands, hidden, 500, 450, desk.now)
    await statements.set_calibration(desk.store.pool, row)


async def told(desk: Desk, conversation: Conversation) -> str:
    places = Places(desk.city, MessageWriter(desk.city, desk.catalog).catalog, desk.clock)
    async with desk.store.transaction() as transaction:
        return (await places.said(transaction, conversation, "handoff")).text


async def test_the_place_and_a_range_from_the_recent_flow(desk: Desk) -> None:
    await claims(desk, desk.now - MINUTE, 20, 4 * MINUTE)
    await calibrated(desk)
    for _ in range(2):
        await desk.queued()
    waiting = await desk.queued()
    assert "Your place in the queue: 3. Others at this place waited 7 to 20 minutes. You can" in await told(
        desk, waiting
    )
    (kept,) = await statements.list_of_team(desk.store.pool, TEAM, desk.now - MINUTE)
    assert (kept.place, kept.low, kept.high, kept.usable, kept.ended) == (3, 7, 20, True, None)
    left = [
        (await contact_state(desk.store.pool, desk.city, waiting.contact_id, kept.at + minutes * MINUTE)).wait
        for minutes in (0, 5, 12, 20)
    ]
    assert left == [(7, 20), (2, 15), (0, 8), None], "the web chat shows what is left of it"


@pytest.mark.parametrize("hidden", ["unproven", "error"])
async def test_a_hidden_range_is_kept_and_not_told(desk: Desk, hidden: str) -> None:
    await claims(desk, desk.now - MINUTE, 20, 4 * MINUTE)
    await calibrated(desk, hidden)
    waiting = await desk.queued()
    said = await told(desk, waiting)
    assert "queue: 1. You can close" in said and "waited" not in said
    assert (await contact_state(desk.store.pool, desk.city, waiting.contact_id, desk.now)).wait is None
    assert len(await statements.list_of_team(desk.store.pool, TEAM, desk.now - MINUTE)) == 1


async def test_nothing_is_said_of_a_team_that_nobody_knows_the_flow_of(desk: Desk) -> None:
    await calibrated(desk)
    assert "waited" not in await told(desk, await desk.queued())
    assert await statements.list_of_team(desk.store.pool, TEAM, desk.now - MINUTE) == []


async def test_without_recent_claims_the_same_hour_of_the_last_weeks_counts(desk: Desk) -> None:
    await calibrated(desk)
    for week in (1, 2, 3):
        await claims(desk, desk.now - timedelta(weeks=week), 6, 5 * MINUTE)
    assert "Others at this place waited" in await told(desk, await desk.queued())


async def test_no_range_goes_past_the_teams_closing(desk: Desk) -> None:
    await calibrated(desk)
    desk.now = datetime(2026, 11, 23, 21, 55, tzinfo=UTC)  # five minutes before
    await claims(desk, desk.now - MINUTE, 20, 8 * MINUTE)
    assert "waited" not in await told(desk, await desk.queued())
    (kept,) = await statements.list_of_team(desk.store.pool, TEAM, desk.now - MINUTE)
    assert not kept.usable


async def test_scored_against_the_real_claim_in_open_time(desk: Desk) -> None:
    await calibrated(desk)
    now = desk.now
    scoring = WaitScoring(desk.worker_store, desk.city, desk.clock)
    cases = {
        "claimed": (now + 10 * MINUTE, "assigned"),
        "next_day": (now + timedelta(days=1), "assigned"),
        "left_early": (now + 2 * MINUTE, "bot"),
        "left_late": (now + 40 * MINUTE, "resolved"),
    }
    for at, state in cases.values():
        id = uuid4()
        await statements.add_statement(
            desk.store.pool, id, TEAM, now, 1, (600, 2), (5, 15), usable=True, shown=True
        )
        await moved(desk, id, "queued", state, at)
    for _ in range(2):  # one waits longer than was stated, one does not yet
        await statements.add_statement(
            desk.store.pool, uuid4(), TEAM, now, 1, (600, 2), (5, 15 if _ else 300), usable=True, shown=True
        )
    desk.now = now + timedelta(hours=2)
    assert await scoring.score() == 4 and await scoring.score() == 0
    rows = await statements.list_of_team(desk.store.pool, TEAM, now - MINUTE)
    assert [row.waited for row in rows[:4]] == [120, 600, 2_400, 7 * 3600 + 90 * 60]
    await scoring.calibrate()
    (row,) = await statements.list_calibrations(desk.store.pool)
    # Judged: the two claims, who left late, who waits too long. Nobody knows of who left early.
    assert (row.statements, row.held, row.hidden) == (4, 1, "unproven")


async def test_the_night_publishes_the_coverage_and_shows_or_hides(desk: Desk) -> None:
    shown: list[str | None] = []
    scoring = WaitScoring(
        desk.worker_store, desk.city, desk.clock, lambda rows: shown.extend(row.hidden for row in rows)
    )

    async def happened(count: int, waited: float) -> None:
        await desk.store.pool.execute(
            """INSERT INTO wait_statements (conversation_id, team, at, place, mean, shape, low, high, usable, shown,
                   ended, ended_at, waited)
               SELECT gen_random_uuid(), $1, $2, 1, 600, 2, 5, 15, true, true, 'claimed', $2, $3
               FROM generate_series(1, $4::int)""",
            TEAM,
            desk.now - timedelta(days=1),
            waited,
            count,
        )

    desk.now = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)  # 02:30 in the city
    await happened(180, 600)
    await happened(20, 3_000)
    await scoring.keep()
    (test,) = await statements.list_backtests(desk.store.pool, timedelta(days=30), desk.now)
    assert (test.statements, test.held, test.width, test.hidden) == (200, 180, 10, None)
    assert shown == [None]
    await happened(40, 3_000)
    await scoring.keep()
    assert shown == [None], "once a minute is enough"
    desk.now += timedelta(hours=1)
    await scoring.calibrate()  # the shared task is due again by the database's clock
    await scoring.keep()
    assert shown == [None, "error"]


async def test_the_sweep_of_a_worker_scores_and_calibrates(desk: Desk) -> None:
    await calibrated(desk)
    id = uuid4()
    await statements.add_statement(
        desk.store.pool, id, TEAM, desk.now - 9 * MINUTE, 1, (600, 2), (5, 15), usable=True, shown=True
    )
    await moved(desk, id, "queued", "assigned", desk.now)
    async with aiohttp.ClientSession() as http:
        worker = desk.worker(http)
        await worker.sweeps.sweep()
        (row,) = await statements.list_calibrations(desk.store.pool)
        assert (row.statements, row.held) == (1, 1)
        assert 'civicdesk_wait_coverage{team="front-desk"} 1.0' in worker.metrics.render().decode()
        assert 'civicdesk_wait_hidden{team="front-desk"} 1.0' in worker.metrics.render().decode()


async def test_old_statements_go_and_erasing_a_contact_leaves_nothing_of_them(desk: Desk) -> None:
    contact = await desk.contact()
    waiting = await desk.queued(contact)
    await claims(desk, desk.now - MINUTE, 20, 4 * MINUTE)
    await told(desk, waiting)
    await desk.store.pool.execute("DELETE FROM contacts WHERE id = $1", contact.id)
    assert await conversations.get_by_id(desk.store.pool, waiting.id) is None
    columns = await desk.store.pool.fetch(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'wait_statements'"
    )
    assert not {row["name"] for row in columns} & {"contact_id", "text", "external_id", "agent_id"}
    desk.now += timedelta(days=29)
    await WaitScoring(desk.worker_store, desk.city, desk.clock).backtest()
    assert await desk.store.pool.fetchval("SELECT count(*) FROM wait_statements") == 1
    desk.now += timedelta(days=62)
    await WaitScoring(desk.worker_store, desk.city, desk.clock).backtest()
    assert await desk.store.pool.fetchval("SELECT count(*) FROM wait_statements") == 0


async def test_outside_its_hours_a_team_says_when_it_is_there_in_its_own_words(desk: Desk) -> None:
    hours = {
        "zone": "Europe/Lisbon",
        "week": {"tuesday": ["22:00-06:00"]},
        "texts": {"en": "The night team writes to you from {opens}.", "es": "Hasta pronto."},
    }
    night = Team(name="night", title="Night", languages=("en",), hours=read_hours(hours))
    desk.move_to(msgspec.structs.replace(desk.city, teams=(*desk.city.teams, night)))
    waiting = await desk.queued()
    await desk.store.pool.execute("UPDATE conversations SET team = 'night' WHERE id = $1", waiting.id)
    found = await conversations.get_by_id(desk.store.pool, waiting.id)
    assert found
    waiting = found
    # Monday 10:00 in New York: the office is open, the team is not.
    assert await told(desk, waiting) == "The night team writes to you from Tuesday, November 24 at 5:00 PM."
    french = await told(desk, replace(waiting, language="fr"))
    assert "le mardi 24 novembre" in french, "without a text of its own, the desk's sentence"
    desk.now = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # 22:00 in New York, 03:00 in Lisbon
    assert "Your place in the queue: 1" in await told(desk, waiting)
