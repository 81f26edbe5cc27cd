"""What agents do with conversations: claim, reply, hand back, resolve, reopen; and what they may not."""

import asyncio
import json
import re
from uuid import uuid4

import pytest

from desk.store import media
from tests.support.console import CLIENT_ID, Answer, Browser, RunningConsole

JSON = {"accept": "application/json"}


def _path(conversation: object, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned


def _sections(page: Answer) -> dict[str, list[str]]:
    """The list's sections that have rows: name -> conversations, in order."""
    parts = re.split(r'data-entries="(\w+)"', page.text)[1:]
    return {
        name: re.findall(r'data-conversation="([^"]+)"', rows)
        for name, rows in zip(parts[::2], parts[1::2], strict=True)
    }


async def test_of_twenty_claims_at_once_one_wins_and_the_others_are_told_who(console: RunningConsole) -> None:
    conversation = await console.queued()
    names = [f"Agent {number}" for number in range(20)]
    browsers = await asyncio.gather(*(console.signed_in(name) for name in names))

    answers = await asyncio.gather(*(browser.post(_path(conversation, "claim")) for browser in browsers))

    winners = [name for name, answer in zip(names, answers, strict=True) if answer.status == 200]
    assert len(winners) == 1
    for answer in answers:
        if answer.status != 200:
            assert answer.status == 409
            assert f"{winners[0]} claimed this a moment ago." in answer.visible
    now = await console.state(conversation)
    assert (now.state, now.agent_name) == ("assigned", winners[0])
    assert (await console.audited(conversation.id)).count("claim") == 1
    assert (await console.audited(conversation.id)).count("claim_lost") == 19


async def test_a_reply_posted_twice_is_one_message_in_the_contacts_log(console: RunningConsole) -> None:
    conversation = await console.queued()
    ana = await console.signed_in()
    page = await ana.post(_path(conversation, "claim"))
    client_id = CLIENT_ID.search(page.text)
    assert client_id
    form = {"text": "Good morning.\r\nI am on it.", "client_id": client_id[1]}

    answers = await asyncio.gather(*(ana.post(_path(conversation, "reply"), data=form) for _ in range(4)))

    assert [answer.status for answer in answers] == [200] * 4
    said = [one for one in await console.log(conversation) if one.author == "agent"]
    assert [one.text for one in said] == ["Good morning.\nI am on it."]
    assert said[0].agent_name == "Ana Duarte"
    assert (
        answers[0].text.count("I am on it.") == 1
    )  # in the transcript; the list shows what the citizen wrote
    assert (await console.state(conversation)).state == "waiting_on_contact"


async def test_an_agent_serves_a_conversation_from_claim_to_reopening(console: RunningConsole) -> None:
    conversation = await console.queued(summary="Wants to renew a permit.")
    ana = await console.signed_in()
    assert _sections(await ana.get("/console/")) == {"waiting": [str(conversation.id)]}
    assert "Your reply" in (await ana.post(_path(conversation, "claim"))).visible
    assert _sections(await ana.get("/console/")) == {"mine": [str(conversation.id)]}
    assert "Wants to renew a permit." in (await ana.get(_path(conversation))).visible
    await ana.post(_path(conversation, "reply"), data={"text": "Hello", "client_id": str(uuid4())})
    assert "Back in the queue" in (await ana.post(_path(conversation, "release"))).visible
    assert (await console.state(conversation)).state == "queued"
    await ana.post(_path(conversation, "claim"))
    assert "Resolved." in (await ana.post(_path(conversation, "resolve"))).visible
    assert _sections(await ana.get("/console/?tab=resolved")) == {"resolved": [str(conversation.id)]}
    await ana.post(_path(conversation, "reopen"))
    await ana.post(_path(conversation, "claim"))
    handed = await ana.post(_path(conversation, "hand-back"))
    assert "Handed back to the bot" in handed.visible and handed.url.endswith("notice=handed-back")
    assert (await console.state(conversation)).state == "bot"
    assert await console.audited(conversation.id) == [
        "claim", "view", "view", "reply", "view", "release", "claim", "view", "resolve", "reopen", "claim", "view", "hand_back",
    ]  # fmt: skip


async def test_a_refused_reply_stays_in_the_box(console: RunningConsole) -> None:
    conversation = await console.queued()
    ana, ben = await console.signed_in(), await console.signed_in("Ben Okafor")
    await ana.post(_path(conversation, "claim"))
    long = "word " * 1000
    refused = await ana.post(_path(conversation, "reply"), data={"text": long, "client_id": str(uuid4())})
    assert refused.status == 422 and "4,999 characters" in refused.visible and long in refused.text
    # Not Ben's to answer: nothing is sent, and he keeps his words as far as a page without a box can show them.
    other = await ben.post(_path(conversation, "reply"), data={"text": "Hi", "client_id": str(uuid4())})
    assert other.status == 409
    scripted = await ben.post(
        _path(conversation, "reply"), data={"text": "Hi", "client_id": str(uuid4())}, headers=JSON
    )
    assert json.loads(scripted.text)["error"]["code"] == "moved_on"
    assert [one.author for one in await console.log(conversation)].count("agent") == 0


@pytest.mark.parametrize("act", ["claim", "reply", "hand-back", "release", "resolve", "reopen"])
async def test_without_the_sessions_token_nothing_happens(console: RunningConsole, act: str) -> None:
    conversation = await console.queued()
    ana, ben = await console.signed_in(), await console.signed_in("Ben Okafor")
    before = await console.state(conversation)
    for wrong in ("", "x" * 43, ben.csrf, "ñ"):
        answer = await ana.post(_path(conversation, act), data={"csrf": wrong, "text": "Hi"})
        assert answer.status == 403 and "Nothing was changed" in answer.visible
    assert await console.state(conversation) == before
    assert (await ana.post(_path(conversation, "claim"))).status == 200  # the same set-up, the right token


async def test_another_teams_conversation_does_not_exist(console: RunningConsole) -> None:
    theirs = await console.queued(team="taxes", summary="About taxes")
    mine = await console.queued(summary="About bins")
    photo = await media.add_file(
        console.store.pool, theirs.contact_id, f"{uuid4().hex}.jpg", "image/jpeg", 3, "x"
    )
    (console.media_dir / photo.file_name).write_bytes(b"jpg")
    ana = await console.signed_in()
    carla = await console.signed_in("Carla Rossi", "supervisor")
    unknown = await ana.get(f"/console/conversations/{uuid4()}")

    for path in (_path(theirs), _path(theirs, "live"), _path(theirs, f"media/{photo.id}")):
        assert (await ana.get(path)).status == 404, path
        assert (await carla.get(path)).status == 200, path
    assert (await ana.get(_path(theirs))).text == unknown.text
    for act in ("claim", "reply", "hand-back", "release", "resolve", "reopen"):
        assert (await ana.post(_path(theirs, act), data={"text": "Hi"})).status == 404, act
    assert (await ana.get(_path(mine))).status == 200
    # A photo of one contact is not to be had through another's conversation.
    assert (await carla.get(_path(mine, f"media/{photo.id}"))).status == 404
    for tab in ("desk", "open", "resolved"):
        assert str(theirs.id) not in (await ana.get(f"/console/?tab={tab}")).text
    assert str(theirs.id) in (await carla.get("/console/")).text
    assert "claim" not in await console.audited(theirs.id)


async def test_the_audit_is_for_supervisors_and_holds_no_words(console: RunningConsole) -> None:
    conversation = await console.queued(text="my secret illness")
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    await ana.post(_path(conversation, "claim"))
    assert "Ana Duarte : Claimed" in (await carla.get(_path(conversation))).visible
    assert "Audit" not in (await ana.get(_path(conversation))).visible
    rows = await console.store.pool.fetch("SELECT action, detail FROM audit")
    assert rows and all("illness" not in json.dumps(dict(row)) for row in rows)


async def test_the_page_shows_what_the_bot_knew(console: RunningConsole) -> None:
    conversation = await console.queued(
        reason="unsure", summary="Two failed attempts.", language="es", text="¿Y ahora?"
    )
    photo = await media.add_file(console.store.pool, conversation.contact_id, "a.png", "image/png", 3, "x")
    (console.media_dir / "a.png").write_bytes(b"png")
    await console.say(
        conversation,
        "",
        content={
            "attachments": [{"id": str(photo.id), "content_type": "image/png"}],
            "location": {"latitude": 40.71234, "longitude": -74.00567, "label": "12 Harbour Street"},
        },
    )
    page = await (await console.signed_in()).get(_path(conversation))
    for words in ("The bot was not sure", "Two failed attempts.", "talk to person · 93 %", "Spanish", "12 Harbour Street",
                  "40.71234, -74.00567", "Place 1", "Web chat"):  # fmt: skip
        assert words in page.visible, words
    assert 'lang="es" dir="auto">¿Y ahora?' in page.text
    assert f'<img src="{_path(conversation, f"media/{photo.id}")}"' in page.text


async def test_photos_are_served_inert(console: RunningConsole) -> None:
    conversation = await console.queued()
    files = {}
    for kind in ("image/png", "image/svg+xml"):
        found = await media.add_file(
            console.store.pool, conversation.contact_id, f"{uuid4().hex}.x", kind, 3, "x"
        )
        (console.media_dir / found.file_name).write_bytes(b"<svg onload=alert(1)>")
        files[kind] = found.id
    ana = await console.signed_in()
    good = await ana.get(_path(conversation, f"media/{files['image/png']}"))
    bad = await ana.get(_path(conversation, f"media/{files['image/svg+xml']}"))
    assert good.headers["content-type"] == "image/png"
    assert (bad.headers["content-type"], bad.headers["content-disposition"]) == (
        "application/octet-stream",
        "attachment",
    )
    for answer in (good, bad):
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_fragment_holds_only_what_is_new(console: RunningConsole) -> None:
    conversation = await console.queued(text="first words")
    ana = await console.signed_in()
    await console.say(conversation, "second words")
    fresh = await ana.get(_path(conversation, "live?after=1"))
    assert "second words" in fresh.visible and "first words" not in fresh.visible
    for odd in ("x", "-1", "9" * 40, "²"):
        assert "first words" in (await ana.get(_path(conversation, f"live?after={odd}"))).visible


async def test_a_form_that_is_far_too_long_is_refused_and_the_next_one_is_not(
    console: RunningConsole,
) -> None:
    conversation = await console.queued()
    ana = await console.signed_in()
    await ana.post(_path(conversation, "claim"))
    big = await ana.post(
        _path(conversation, "reply"), data={"text": "x" * 400_000, "client_id": str(uuid4())}
    )
    assert big.status == 413 and "too large" in big.visible.lower()
    assert (await _reply(ana, conversation, "short")).status == 200


async def _reply(browser: Browser, conversation: object, text: str) -> Answer:
    return await browser.post(_path(conversation, "reply"), data={"text": text, "client_id": str(uuid4())})


async def test_whoever_has_conversations_of_their_own_sees_that_another_one_is_not_theirs(
    console: RunningConsole,
) -> None:
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    of_ana, of_carla = await console.queued(name="Lucía"), await console.queued(name="Omar")
    await ana.post(_path(of_ana, "claim"))
    await carla.post(_path(of_carla, "claim"))
    seen = await carla.get(_path(of_ana))
    assert "Your turn" not in seen.visible and "With Ana Duarte" in seen.visible
    assert "Your reply" not in seen.visible and "Only Ana Duarte can reply" in seen.visible
    assert "Say something to Ana Duarte" in seen.visible
    own = await carla.get(_path(of_carla))
    assert "Your turn" in own.visible and "Your reply" in own.visible
