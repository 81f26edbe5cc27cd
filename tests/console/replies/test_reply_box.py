"""The reply box: drafts on the server, sending in one click with resolving, later messages, and Undo."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from desk.store.replies import drafts
from tests.support.console import Browser, RunningConsole

JSON = {"accept": "application/json"}


def _path(conversation: object, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned


async def _reply(browser: Browser, conversation: object, text: str, **more: str) -> object:
    form = {"text": text, "client_id": str(uuid4())} | more
    return await browser.post(_path(conversation, "reply"), data=form)


async def test_a_draft_is_there_on_every_device_and_is_the_agents_own(console: RunningConsole) -> None:
    conversation = await console.queued()
    email, ana = await console.agent()
    desktop, phone = console.browser(), console.browser()
    await desktop.sign_in(email)
    await phone.sign_in(email)
    await desktop.post(_path(conversation, "claim"))
    kept = await desktop.post(_path(conversation, "draft"), data={"text": "Half a <b>sent"}, headers=JSON)
    assert kept.status == 200
    assert "Half a &lt;b&gt;sent</textarea>" in (await phone.get(_path(conversation))).text
    ben = await console.signed_in("Ben Okafor")
    assert "Half a" not in (await ben.get(_path(conversation))).text
    # Sent: the draft goes with it. An emptied box keeps none.
    await _reply(desktop, conversation, "Half a sentence.")
    assert await drafts.get_text(console.store.pool, ana.agent_id, conversation.id) == ""
    await desktop.post(_path(conversation, "draft"), data={"text": "again"}, headers=JSON)
    await desktop.post(_path(conversation, "draft"), data={"text": " \n"}, headers=JSON)
    assert await drafts.list_of_agent(console.store.pool, ana.agent_id) == []


async def test_a_draft_stays_readable_when_the_conversation_is_taken_away(console: RunningConsole) -> None:
    conversation = await console.queued()
    email, _ = await console.agent(teams=("front-desk",))
    ana = console.browser()
    await ana.sign_in(email)
    await ana.post(_path(conversation, "claim"))
    await ana.post(_path(conversation, "draft"), data={"text": "Ten minutes of work"}, headers=JSON)
    boss = await console.signed_in("Kim Park", role="supervisor")
    await boss.post(_path(conversation, "release"))
    page = await ana.get(_path(conversation))
    assert (
        "not sent: you do not have this conversation" in page.visible and "Ten minutes of work" in page.text
    )
    # Not even access is needed: another team has it now.
    await console.store.pool.execute("UPDATE conversations SET team = 'taxes' WHERE id = $1", conversation.id)
    gone = await ana.get(_path(conversation))
    assert gone.status == 404 and "/console/drafts" in gone.text
    assert "Ten minutes of work" in (await ana.get("/console/drafts")).text
    done = await ana.post(_path(conversation, "draft/discard"))
    assert "The draft is deleted." in done.visible and "You have no draft." in done.visible


async def test_send_and_resolve_opens_the_next_of_mine_with_undo(console: RunningConsole) -> None:
    one, other = await console.queued(name="Lucía"), await console.queued(name="Omar")
    ana = await console.signed_in()
    for conversation in (one, other):
        await ana.post(_path(conversation, "claim"))
    page = await _reply(ana, one, "All done.", then="resolve")
    assert f"/console/conversations/{other.id}?notice=resolved&undo={one.id}" in page.url  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned
    assert "for 8 seconds" in page.visible  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned
    assert (await console.state(one)).state == "resolved"
    assert (await console.log(one))[-1].text == "All done."
    # Somebody else's page offers nothing, and neither does a made-up address.
    ben = await console.signed_in("Ben Okafor")
    assert "Undo" not in (await ben.get(f"/console/?notice=resolved&undo={one.id}")).visible
    assert "Undo" not in (await ana.get("/console/?notice=resolved&undo=../x")).visible
    back = await ana.post(_path(one, "undo-resolve"))
    assert back.url.endswith(f"{one.id}") and "Your reply" in back.visible
    assert (await console.state(one)).state == "waiting_on_contact"
    assert (await console.audited(one.id))[-3:] == ["resolve", "undo_resolve", "view"]
    # Once the citizen was told, it says so and changes nothing.
    await ana.post(_path(one, "resolve"))
    console.clock.shift += timedelta(seconds=9)
    assert "Undo" not in (await ana.get(f"/console/?notice=resolved&undo={one.id}")).visible


async def test_a_scripted_resolve_says_where_to_go(console: RunningConsole) -> None:
    conversation = await console.queued()
    ana = await console.signed_in()
    await ana.post(_path(conversation, "claim"))
    form = {"text": "Done.", "client_id": str(uuid4()), "then": "resolve"}
    answer = await ana.post(_path(conversation, "reply"), data=form, headers=JSON)
    assert f'"go": "/console/?notice=resolved&undo={conversation.id}"' in answer.text


async def test_later_is_shown_until_its_time_and_can_be_cancelled(console: RunningConsole) -> None:
    conversation = await console.queued()
    ana = await console.signed_in()
    await ana.post(_path(conversation, "claim"))
    refused = await _reply(ana, conversation, "Tomorrow.", then="later", later_at="soon")
    assert refused.status == 422 and "Tomorrow.</textarea>" in refused.text  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned
    at = (console.clock() + timedelta(hours=3)).astimezone(console.city.zone)
    page = await _reply(
        ana, conversation, "The office has it.", then="later", later_at=f"{at:%Y-%m-%dT%H:%M}"
    )
    assert "To be sent later" in page.text and f"{at:%H:%M}" in page.visible  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned
    assert all(one.text != "The office has it." for one in await console.log(conversation))
    kept = await console.store.pool.fetchval("SELECT id FROM scheduled_messages")
    back = await ana.post(_path(conversation, f"scheduled/{kept}/cancel"))
    assert "Cancelled." in back.visible and "The office has it.</textarea>" in back.text
    again = await ana.post(_path(conversation, f"scheduled/{kept}/cancel"))
    assert again.status == 409 and "already been sent" in again.visible


async def test_the_answer_and_its_version_are_kept_and_other_words_become_a_proposal(
    console: RunningConsole,
) -> None:
    conversation = await console.queued(text="What does a parking permit cost?")
    ana = await console.signed_in()
    await ana.post(_path(conversation, "claim"))
    found = await ana.get("/console/answers/find?q=parking&language=en")
    offer = json.loads(found.text)["answers"][0]
    await _reply(ana, conversation, f"Hello.\n\n{offer['text']}", answers=offer["id"], suggested=offer["id"])
    sent = (await console.log(conversation))[-1]
    assert [(one.id, one.changed) for one in sent.answers] == [(offer["id"], False)]
    page = await ana.get(_path(conversation))
    assert "From the approved answer" in page.visible and sent.answers[0].version in page.visible

    await _reply(ana, conversation, "It costs a bit more this year.", suggested=f"{offer['id']} nonsense")
    assert (await console.log(conversation))[-1].answers == ()
    boss = await console.signed_in("Kim Park", role="supervisor")
    listed = await boss.get("/console/answers/proposals")
    assert (
        "It costs a bit more this year." in listed.visible
        and "What does a parking permit cost?" in listed.visible
    )
    assert "nonsense" not in listed.visible and "Hello." not in listed.visible
    message = (await console.log(conversation))[-1]
    # An editor learns from it without the conversation; a supervisor of another team does not see it.
    await console.store.pool.execute(
        "UPDATE messages SET text = text || ' Call 555-010-7788.' WHERE id = $1", message.id
    )
    editor = await console.signed_in("Edda", role="editor")
    seen = await editor.get("/console/answers/proposals")
    assert "It costs a bit more this year. Call [number]" in seen.visible and "555-010" not in seen.text
    assert str(conversation.id) not in seen.text
    begun = await editor.get(f"/console/answers/new?proposal={message.id}")
    assert "It costs a bit more this year. Call [number].</textarea>" in begun.text
    assert "Questions that it answers What does a parking permit cost?" in begun.visible.replace(
        " They become its examples.", ""
    ).replace("  ", " ")
    email, _ = await console.agent("Otto", "supervisor", ("parks",))
    await console.store.pool.execute("UPDATE agents SET only_own_teams = true WHERE email = $1", email)
    otto = console.browser()
    await otto.sign_in(email)
    assert "There are no open proposals." in (await otto.get("/console/answers/proposals")).visible
    await otto.post(f"/console/answers/proposals/{message.id}", data={"decision": "taken"})
    done = await boss.post(f"/console/answers/proposals/{message.id}", data={"decision": "taken"})
    assert "Noted." in done.visible and "There are no open proposals." in done.visible


@pytest.mark.parametrize("method", ["get", "post"])
async def test_proposals_are_for_editors(console: RunningConsole, method: str) -> None:
    ana = await console.signed_in()
    path = "/console/answers/proposals" + (f"/{uuid4()}" if method == "post" else "")
    assert (await getattr(ana, method)(path)).status == 404
