"""Why the assistant replied as it did: for agents beside its reply, for auditors without the words."""

from uuid import uuid4

from desk.model import Conversation, InReply
from desk.store.dialogue import messages, turns
from tests.support.console import RunningConsole

PARSE = {
    "intent": "rats", "confidence": 0.91, "decided": "sure", "sure_from": 0.55, "scope": 2.25, "scope_from": -0.5,
    "ranking": [{"intent": "rats", "confidence": 0.91}, {"intent": "trees", "confidence": 0.04}],
    "nearest": [{"text": "rats in my cellar", "intent": "rats", "likeness": 0.87}],
    "parts": [], "model": "training 7", "ran": ["utter_rats"],
}  # fmt: skip


async def _replied(console: RunningConsole, parse: dict[str, object]) -> Conversation:
    conversation = await console.queued()
    asked = await console.say(conversation, "rats under the floor", id=uuid4())
    content = {
        "source": {
            "title": "Rats",
            "url": "",
            "reviewed_on": "2026-01-05",
            "stale": False,
            "answer": "rats",
            "version": 4,
        }
    }
    async with console.store.transaction() as tx:
        await turns.add_turn(
            tx, asked.id, conversation.id, 0, "answered", intent="rats", confidence=0.91, parse=parse
        )
        said = messages.NewRow("bot", "Report rats here.", "en", content, InReply(asked.id, 0))
        await messages.add_message(tx, conversation, said)
    return conversation


async def test_an_agent_sees_model_version_score_examples_and_rule(console: RunningConsole) -> None:
    conversation = await _replied(console, PARSE)
    ana = await console.signed_in()
    path = f"/console/conversations/{conversation.id}"
    reply = (await console.log(conversation))[-1]
    assert f"{path}/why#reply-{reply.id}" in (await ana.get(path)).text
    page = await ana.get(f"{path}/why")
    assert f'id="reply-{reply.id}"' in page.text and "Report rats here." in page.visible
    for said in (
        "version 4", "training 7", "91 %", "sure from 55 %", "rats in my cellar", "87 % alike", "utter_rats",
        "the score reached its threshold",
    ):  # fmt: skip
        assert said in page.visible, said
    assert "reasons_read" in await console.audited(conversation.id)
    stranger = await console.signed_in("Eve", teams=("taxes",))
    assert (await stranger.get(f"{path}/why")).status == 404


async def test_an_auditor_sees_why_and_no_words(console: RunningConsole) -> None:
    conversation = await _replied(console, PARSE)
    olga = await console.signed_in("Olga", "auditor")
    page = await olga.get(f"/console/conversations/{conversation.id}/why")
    assert "version 4" in page.visible and "rats in my cellar" in page.visible
    assert "Report rats here." not in page.text and "rats under the floor" not in page.text
    assert (await olga.get(f"/console/conversations/{uuid4()}/why")).status == 404


async def test_a_turn_of_an_earlier_release_says_what_is_not_known(console: RunningConsole) -> None:
    conversation = await _replied(console, {"intent": "rats", "confidence": 0.91, "ranking": "none"})
    ana = await console.signed_in()
    page = await ana.get(f"/console/conversations/{conversation.id}/why")
    assert "Not recorded: an earlier release replied" in page.visible and "91 %" in page.visible
