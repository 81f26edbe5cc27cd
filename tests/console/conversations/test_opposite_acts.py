"""Two acts that concern the same two people, in opposite directions at the same moment: one is done, none is a deadlock."""

import asyncio
from uuid import UUID

from desk.store.people import contacts, links
from tests.support.console import RunningConsole
from tests.support.waiting import eventually

_WAITING = """SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"""


async def test_merges_in_opposite_directions_do_not_wait_for_each_other(console: RunningConsole) -> None:
    one, other = await console.queued(name="Lucía"), await console.queued(name="L. Pérez")
    await links.set_linked(console.store.pool, one.contact_id, other.contact_id, 10)
    ana = await console.signed_in()
    for talk in (one, other):
        await ana.post(f"/console/conversations/{talk.id}/claim")

    async def both_wait() -> bool:
        return bool(await console.store.pool.fetchval(_WAITING))

    async def merge(into: UUID, what: UUID) -> int:
        answer = await ana.post(f"/console/conversations/{into}/merge", data={"other": str(what)})
        return answer.status

    # Both begin while somebody else has both contacts, so both wait, and go on at the same moment.
    async with console.store.transaction() as holding:
        await contacts.lock_all(holding, [one.contact_id, other.contact_id])
        acts = [
            asyncio.ensure_future(merge(one.id, other.id)),
            asyncio.ensure_future(merge(other.id, one.id)),
        ]
        await eventually(both_wait)
    done, refused = sorted(await asyncio.gather(*acts))
    assert done == 200 and refused in (409, 422)
    states = {(await console.state(talk)).state for talk in (one, other)}
    assert states == {"assigned", "resolved"}
