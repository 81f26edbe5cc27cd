"""Snoozing, reminders and mentions in the console."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from tests.support.console import RunningConsole


def _path(conversation: object, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned


async def test_put_aside_and_taken_up_again(console: RunningConsole) -> None:
    conversation = await console.queued(name="Lucía")
    ana = await console.signed_in()
    await ana.post(_path(conversation, "claim"))
    assert (await ana.post(_path(conversation, "snooze"), data={"until": "soon"})).status == 422
    done = await ana.post(_path(conversation, "snooze"), data={"until": ""})
    assert "Put aside. It comes back" in done.visible and "put aside" in done.visible
    page = await ana.get(_path(conversation))
    assert "Put aside until the citizen writes" in page.visible
    assert "You took it up again." in (await ana.post(_path(conversation, "wake"))).visible
    assert (await console.audited(conversation.id))[-3:] == ["view", "unsnooze", "view"]
    tomorrow = console.clock().astimezone(console.city.zone).date() + timedelta(days=1)
    for when, until in (
        ("hour", console.clock() + timedelta(hours=1)),
        ("morning", datetime.combine(tomorrow, time(9), console.city.zone)),
    ):
        await ana.post(_path(conversation, "snooze"), data={"when": when})
        kept = await console.store.pool.fetchval(
            "SELECT until FROM snoozes WHERE conversation_id = $1", conversation.id
        )
        assert abs(kept - until) < timedelta(minutes=1)
        await ana.post(_path(conversation, "wake"))


async def test_a_due_reminder_and_a_mention_stand_on_top_of_the_list(console: RunningConsole) -> None:
    conversation = await console.queued(name="Lucía")
    ana, ben = await console.signed_in("Ana Duarte"), await console.signed_in("Ben Okafor")
    at = (console.clock() + timedelta(minutes=2)).astimezone(console.city.zone)
    form = {"at": f"{at:%Y-%m-%dT%H:%M}", "text": "Call the crew", "client_id": str(uuid4())}
    assert "Kept." in (await ben.post(_path(conversation, "remind"), data=form)).visible
    await ana.post(_path(conversation, "note"), data={"text": "@Ben do you know this?", "client_id": "x"})
    first = await ben.get("/console/")
    assert "Ana Duarte mentioned you in a note" in first.visible and "Call the crew" not in first.visible
    console.clock.shift += timedelta(minutes=3)
    later = await ben.get("/console/")
    assert "For you 2" in later.visible and "Call the crew" in later.visible
    assert "For you" not in (await ana.get("/console/")).visible
    await ben.get(_path(conversation))  # the note is before their eyes
    id = await console.store.pool.fetchval("SELECT id FROM reminders")
    await ana.post(f"/console/reminders/{id}/done")
    assert "For you 1" in (await ben.get("/console/")).visible
    assert "For you" not in (await ben.post(f"/console/reminders/{id}/done")).visible


async def test_nobody_is_told_of_a_conversation_they_may_not_see(console: RunningConsole) -> None:
    conversation = await console.queued()
    eve = await console.signed_in("Eve", teams=("taxes",))
    for act in ("here", "snooze", "wake", "remind"):
        assert (await eve.post(_path(conversation, act), data={"typing": "1"})).status == 404
