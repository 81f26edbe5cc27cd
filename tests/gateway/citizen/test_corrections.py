"""Windows of the web chat learn that an agent has changed or withdrawn a message that they show."""

from uuid import UUID

from desk.model import Message
from desk.store.replies import corrections
from tests.support.gateway import Citizen, RunningGateway, next_event


async def _correct(gateway: RunningGateway, message: Message, kind: corrections.Kind, text: str) -> None:
    """What the worker does with an agent's correction."""
    one = corrections.Correction(
        UUID(int=0),
        message.id,
        message.conversation_id,
        message.contact_id,
        "web",
        "",
        kind,
        text,
        (),
        gateway.clock(),
    )
    await corrections.mark_done(gateway.store.pool, one, gateway.clock())
    await gateway.live.tell(message.contact_id, message.conversation_id, "status")


async def test_an_open_window_is_told_at_once_and_a_later_one_sees_what_stands_there(
    gateway: RunningGateway, citizen: Citizen
) -> None:
    contact = await citizen.contact_id()
    first = await gateway.say(contact, "It costs 60.", "agent")
    second = await gateway.say(
        contact, "Wrong person", "agent", content={"buttons": [{"id": "b", "title": "B"}]}
    )
    async with citizen.stream() as stream:
        for text in ("It costs 60.", "Wrong person"):
            shown = await next_event(stream, "message")
            assert (shown["text"], shown["corrected"]) == (text, None)
        await _correct(gateway, first, "change", "It costs 65.")
        edited = await next_event(stream, "edited")
        assert (edited["seq"], edited["text"], edited["corrected"]) == (1, "It costs 65.", "edited")
        await _correct(gateway, second, "withdraw", "")
        gone = await next_event(stream, "withdrawn")
        assert (gone["seq"], gone["text"], gone["buttons"], gone["corrected"]) == (2, "", [], "withdrawn")
        await _correct(gateway, first, "change", "It costs 66.")
        assert (await next_event(stream, "edited"))["text"] == "It costs 66."
    # A window that was away is told once; a new one, and a poll, see what stands there.
    async with citizen.stream(after=2) as stream:
        assert (await next_event(stream, "edited"))["text"] == "It costs 66."
        assert (await next_event(stream, "withdrawn"))["seq"] == 2
    page = await citizen.poll(after=2)
    assert [one["corrected"] for one in page["corrected"]] == ["edited", "withdrawn"]
    whole = await citizen.poll()
    assert [one["text"] for one in whole["messages"]] == ["It costs 66.", ""] and whole["corrected"] == []
    assert "It costs 60." not in str(whole)
    status, _ = await citizen.get("/chat")
    assert status == 200
