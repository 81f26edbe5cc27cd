"""Canned texts, tags and macros in the console."""

import json
from uuid import uuid4

import pytest

from desk.store.replies import canned, macros, tags
from desk.store.replies.canned import CannedText
from tests.support.console import RunningConsole

HELLO = CannedText("hello", "Say hello", {"en": "Hello {contact_name}, {agent_name} here.", "es": "Hola."})


def _path(conversation: object, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"  # type: ignore[attr-defined]  # `object` here: whatever the fixture returned


async def test_a_canned_text_is_found_filled_in_beside_the_answers(console: RunningConsole) -> None:
    conversation = await console.queued(name="Lucía")
    _, boss = await console.agent("Kim Park", "supervisor")
    await canned.set_text(console.store.pool, HELLO, boss.agent_id)
    ana = await console.signed_in()
    find = f"/console/answers/find?q=hel&language=en&conversation={conversation.id}"
    (first, *_) = json.loads((await ana.get(find)).text)["answers"]
    assert (first["id"], first["text"], first["missing"]) == (
        "canned:hello",
        "Hello Lucía, Ana Duarte here.",
        [],
    )
    # Without a conversation there is nothing to fill in; another team's is not told.
    assert "canned:" not in (await ana.get("/console/answers/find?q=hel&language=en")).text
    eve = await console.signed_in("Eve", teams=("taxes",))
    assert (await eve.get(find)).status == 404

    await ana.post(_path(conversation, "claim"))
    form = {
        "text": first["text"],
        "client_id": str(uuid4()),
        "answers": first["id"],
        "suggested": "parking_permit",
    }
    await ana.post(_path(conversation, "reply"), data=form)
    assert await console.store.pool.fetchval("SELECT count(*) FROM answer_proposals") == 0


async def test_tags_are_given_taken_away_and_narrow_the_list(console: RunningConsole) -> None:
    one, _other = await console.queued(name="Lucía"), await console.queued(name="Omar")
    await tags.set_tag(console.store.pool, "press", active=True)
    ana = await console.signed_in()
    assert "The tag is added." in (await ana.post(_path(one, "tag"), data={"tag": "press"})).visible
    narrowed = await ana.get("/console/?tag=press")
    assert "Lucía" in narrowed.visible and "Omar" not in narrowed.visible and "1 of 2" in narrowed.visible
    refused = await ana.post(_path(one, "tag"), data={"tag": "made up"})
    assert refused.status == 422 and "There is no such tag" in refused.visible
    await ana.post(_path(one, "untag"), data={"tag": "press"})
    assert "Lucía" not in (await ana.get("/console/?tag=press")).visible
    assert [act for act in await console.audited(one.id) if "tag" in act] == ["tag", "untag"]


async def test_a_macro_is_one_click(console: RunningConsole) -> None:
    conversation = await console.queued(name="Lucía")
    _, boss = await console.agent("Kim Park", "supervisor")
    await canned.set_text(console.store.pool, HELLO, boss.agent_id)
    await macros.set_macro(console.store.pool, macros.Macro("bye", "Say bye", "hello", (), "resolve", None))
    ana = await console.signed_in()
    await ana.post(_path(conversation, "claim"))
    assert "Say bye" in (await ana.get(_path(conversation))).visible
    done = await ana.post(_path(conversation, "macro"), data={"macro": "bye", "client_id": str(uuid4())})
    assert "Resolved." in done.visible and "Undo" in done.visible
    assert (await console.log(conversation))[-1].text == "Hello Lucía, Ana Duarte here."
    again = await ana.post(_path(conversation, "macro"), data={"macro": "bye", "client_id": str(uuid4())})
    assert again.status == 409 and "Nothing was changed." in again.visible


async def test_supervisors_keep_the_lists(console: RunningConsole) -> None:
    boss = await console.signed_in("Kim Park", role="supervisor")
    text = {"id": "bye", "title": "Say bye", "text_en": "Bye {contact_name}", "active": "1"}
    saved = await boss.post("/console/admin/canned", data=text)
    assert "Saved." in saved.visible and "Bye {contact_name}" in saved.text
    refused = await boss.post("/console/admin/canned", data=text | {"text_en": "Bye {secret}"})
    assert refused.status == 422 and "There is no variable {secret}" in refused.visible
    await boss.post("/console/admin/tags", data={"name": " Press  Office", "active": "1"})
    assert await tags.list_offered(console.store.pool) == ["press office"]
    macro = {
        "id": "bye",
        "title": "Bye",
        "canned": "bye",
        "tags": "press office",
        "act": "transfer",
        "team": "front-desk",
    }
    assert "Saved." in (await boss.post("/console/admin/macros", data=macro | {"active": "1"})).visible
    for wrong in ({"tags": "none such"}, {"team": "nobody"}, {"canned": "nothing"}, {"id": "A B"}):
        answer = await boss.post("/console/admin/macros", data=macro | wrong)
        assert answer.status == 422 and "Nothing was saved." in answer.visible
    await boss.post("/console/admin/tags", data={"name": "press office"})
    assert await tags.list_offered(console.store.pool) == []


@pytest.mark.parametrize("path", ["replies", "canned", "tags", "macros"])
async def test_agents_do_not(console: RunningConsole, path: str) -> None:
    ana = await console.signed_in()
    address = f"/console/admin/{path}"
    answer = await (ana.get(address) if path == "replies" else ana.post(address, data={"name": "x"}))
    assert answer.status == 404
    assert await tags.list_tags(console.store.pool) == []
