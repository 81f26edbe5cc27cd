"""Two conversations of one person are merged, and one with two matters is split."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from desk.conversations.matters.merging import follow_merge
from desk.model import Conversation, Message, Scope
from desk.reporting.facts import Facts
from desk.reporting.waits import waits_of
from desk.store import requests
from desk.store.dialogue import conversations, messages, transitions
from desk.store.people import contacts, links
from desk.store.reporting.records import list_records
from desk.store.routing import matters
from desk.store.waits.people import list_moves
from tests.support.console import Answer, Browser, RunningConsole


def _path(conversation: Conversation, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"


async def _two(console: RunningConsole) -> tuple[Conversation, Conversation, Browser]:
    """A person waits on two channels; an agent has claimed the second one."""
    first = await console.queued(name="Lucía", text="My permit was refused")
    second = await console.queued(name="L. Pérez", text="As I wrote in the app: the permit")
    ana = await console.signed_in()
    await ana.post(_path(second, "claim"))
    return first, second, ana


def _transcript(answer: Answer) -> str:
    return answer.text.split("data-messages")[1].split("</section>")[0]


async def _whys(console: RunningConsole, conversation: Conversation) -> list[str]:
    return [one.why for one in await transitions.list_of_conversation(console.store.pool, conversation.id)]


async def _records(console: RunningConsole) -> set[object]:
    now = datetime.now(UTC)
    scope = Scope(True, (), uuid4())
    found = await list_records(
        console.store.pool, scope, now - timedelta(days=1), now + timedelta(days=1), []
    )
    for record in found:
        Facts(console.city, now, now).of(record)
    return {one.id for one in found}


async def test_a_merge_is_previewed_counted_once_shown_in_order_and_undone(console: RunningConsole) -> None:
    first, second, ana = await _two(console)
    stranger = await ana.post(_path(second, "merge"), data={"other": str(first.id)})
    assert stranger.status == 422 and "Link them first" in stranger.visible
    await links.set_linked(console.store.pool, first.contact_id, second.contact_id, 10)
    page = await ana.get(_path(second))
    assert f"merge?other={first.id}" in page.text
    preview = await ana.get(_path(second, f"merge?other={first.id}"))
    assert "My permit was refused" in preview.visible and "This one goes on" in preview.visible

    done = await ana.post(_path(second, "merge"), data={"other": str(first.id)})
    assert done.status == 200 and "Merged." in done.visible
    shown = _transcript(done)
    assert shown.index("My permit was refused") < shown.index("As I wrote in the app")
    assert "From the merged conversation on" in done.visible
    state = await console.state(first)
    assert state.state == "resolved" and (await console.state(second)).state == "assigned"
    assert (await _whys(console, first))[-1] == "merged" and (await _whys(console, second))[-1] == "merged"
    assert not any(one.author == "system" for one in await console.log(first)), "nobody is told"
    assert await _records(console) == {second.id}
    now = datetime.now(UTC)
    waits = waits_of(await list_moves(console.store.pool, now - timedelta(days=1), now), now)
    assert len(waits) == 1
    twice = await ana.post(_path(second, "merge"), data={"other": str(first.id)})
    assert twice.status == 422 and "merged already" in twice.visible
    assert "Into another conversation" in (await ana.get(_path(first))).visible

    undone = await ana.post(_path(second, "unmerge"), data={"other": str(first.id)})
    assert "The merge is undone" in undone.visible and "My permit was refused" not in _transcript(undone)
    assert (await console.state(first)).state == "queued"
    assert await _records(console) == {first.id, second.id}
    assert {"merge", "unmerge"} <= set(await console.audited(second.id))
    assert {"merged", "unmerged"} <= set(await console.audited(first.id))


async def test_who_writes_to_a_merged_channel_reaches_the_same_agent_and_a_day_is_too_late(
    console: RunningConsole,
) -> None:
    first, second, ana = await _two(console)
    await links.set_linked(console.store.pool, first.contact_id, second.contact_id, 10)
    await ana.post(_path(second, "merge"), data={"other": str(first.id)})
    async with console.store.transaction() as tx:
        contact = await contacts.lock(tx, first.contact_id)
        assert contact is not None
        again = await follow_merge(tx, contact)
    holder = (await console.state(second)).agent_id
    assert again is not None and (again.id, again.state, again.agent_id) == (first.id, "assigned", holder)
    await console.say(first, "Are you there?")
    assert "Are you there?" in (await ana.get(_path(second))).visible
    console.clock.shift += timedelta(hours=25)
    email, _ = await console.agent("Bea", role="supervisor")
    bea = console.browser()
    await bea.sign_in(email)
    late = await bea.post(_path(second, "unmerge"), data={"other": str(first.id)})
    assert late.status == 422 and "for a day" in late.visible
    assert await matters.get_merge(console.store.pool, first.id) is not None


async def test_a_second_matter_becomes_a_conversation_of_its_own(console: RunningConsole) -> None:
    conversation = await console.queued(text="My permit was refused")
    ana = await console.signed_in()
    await ana.post(_path(conversation, "claim"))
    second: Message = await console.say(conversation, "And my street light is out")
    third = await console.say(conversation, "For a week now")
    await requests.add_request(
        console.store.pool, id=uuid4(), conversation_id=conversation.id, contact_id=conversation.contact_id,
        backend="requests", service_code="street_light", payload={}, now=console.clock(),
    )  # fmt: skip
    await ana.post(_path(conversation, "draft"), data={"text": "We will look"})
    page = await ana.get(_path(conversation))
    assert f"split?message={second.id}" in page.text
    log = await console.log(conversation)
    first_own = next(one for one in log if one.author == "contact")
    assert f"split?message={first_own.id}" not in page.text
    preview = await ana.get(_path(conversation, f"split?message={second.id}"))
    assert "my street light is out" in preview.visible and "Second matter 2 messages" in preview.visible
    nothing = await ana.post(_path(conversation, "split"), data={"message": str(first_own.id)})
    assert nothing.status == 422
    done = await ana.post(_path(conversation, "split"), data={"message": str(second.id)})
    assert "This is the second matter" in done.visible and "We will look" in done.text

    new = await conversations.get_open(console.store.pool, conversation.contact_id)
    assert new is not None and new.id != conversation.id and new.state == "assigned"
    there = await messages.list_of_conversation(console.store.pool, new.id)
    assert [one.id for one in there] == [second.id, third.id]
    old = await console.state(conversation)
    assert old.state == "resolved" and (await _whys(console, conversation))[-1] == "split"
    assert await _whys(console, new) == ["split"]
    moved = await console.store.pool.fetchval("SELECT conversation_id FROM service_requests")
    assert moved == new.id
    assert await _records(console) == {conversation.id, new.id}
    assert [one.id for one in await console.log(conversation)] == [one.id for one in log], "the log is whole"
    assert "The earlier matter" in (await ana.get(_path(new))).visible
    # Merging them again shows everything in its order.
    await ana.post(_path(new, "merge"), data={"other": str(conversation.id)})
    whole = _transcript(await ana.get(_path(new)))
    assert whole.index("My permit was refused") < whole.index("And my street light is out")
