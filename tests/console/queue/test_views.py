"""Filters that an agent keeps under a name."""

from desk.store.routing.list_views import MOST_VIEWS
from tests.support.console import RunningConsole

FILTER = {"language": "es", "reason": "asked"}


async def test_a_view_is_kept_for_one_agent_and_is_one_click_away(console: RunningConsole) -> None:
    await console.queued(name="Lucía", language="es")
    await console.queued(name="Omar", language="en")
    ana, ben = await console.signed_in(), await console.signed_in("Ben Okafor")
    kept = await ana.post("/console/views", data=FILTER | {"name": " Spanish  first "})
    assert kept.status == 200 and "Lucía" in kept.visible and "Omar" not in kept.visible
    assert 'href="/console/?language=es&amp;reason=asked" aria-current="page"' in kept.text
    assert "Spanish first" in (await ana.get("/console/")).visible
    assert "Spanish first" not in (await ben.get("/console/")).visible
    await ben.post("/console/views/remove", data={"name": "Spanish first"})
    assert "Spanish first" in (await ana.get("/console/")).visible, "each agent has their own"
    await ana.post("/console/views/remove", data={"name": "Spanish first"})
    assert "Spanish first" not in (await ana.get("/console/")).visible


async def test_a_view_needs_a_name_and_a_known_filter_and_there_are_not_too_many(
    console: RunningConsole,
) -> None:
    ana = await console.signed_in()
    for data in ({"name": "x"}, FILTER, FILTER | {"name": " "}, {"name": "x", "language": "xx"}):
        assert (await ana.post("/console/views", data=data)).status == 422
    for number in range(MOST_VIEWS):
        assert (await ana.post("/console/views", data=FILTER | {"name": f"View {number}"})).status == 200
    full = await ana.post("/console/views", data=FILTER | {"name": "One more"})
    assert full.status == 422 and "Remove one first" in full.visible
    again = await ana.post("/console/views", data={"name": "View 0", "language": "fr"})
    assert again.status == 200 and "language=fr" in again.url
    assert await console.store.pool.fetchval("SELECT count(*) FROM list_views") == MOST_VIEWS
