"""The language of a citizen whom the city does not speak with: shown to agents, marked as a guess."""

from desk.store.dialogue import turns
from tests.support.console import RunningConsole


async def test_a_language_that_the_bot_does_not_speak_is_shown(console: RunningConsole) -> None:
    conversation = await console.queued(name="Olena", language="en")
    message = await console.say(conversation, "Де можна поновити паспорт?")
    await turns.add_turn(
        console.store.pool,
        message.id,
        conversation.id,
        0,
        "answered",
        parse={"reason": "foreign", "foreign": "uk"},
    )
    ana = await console.signed_in()
    assert "Ukrainian · asked" in (await ana.get("/console/")).visible
    page = await ana.get(f"/console/conversations/{conversation.id}")
    assert "Writes in Ukrainian, perhaps; answers go in English" in page.visible
    assert "Ukrainian?" in page.visible and '<p class="text" lang="uk"' in page.text
    # A tap or a message that was read keeps it; the citizen's language did not change.
    more = await console.say(conversation, "ok")
    await turns.add_turn(console.store.pool, more.id, conversation.id, 0, "answered", parse={"foreign": None})
    assert "Ukrainian · asked" in (await ana.get("/console/")).visible
    other = await console.queued(name="Omar")
    assert "Writes in" not in (await ana.get(f"/console/conversations/{other.id}")).visible
