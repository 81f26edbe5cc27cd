"""Sent messages that are changed or withdrawn at the provider; the record is kept."""

from datetime import timedelta
from typing import ClassVar
from uuid import UUID

import pytest

from channels.base import Capabilities, Request, RetryLater, Sent, Undeliverable
from channels.registry import ChannelSetup
from channels.telegram.channel import TelegramChannel
from desk.model import Message, NotAllowed, NotFound, Refused
from desk.replies.correcting import Correcting
from desk.replies.corrector import GIVEN_UP, Corrector
from desk.store.dialogue import messages
from desk.store.people import audit
from desk.store.replies import corrections, translations
from desk.store.replies.translations import Wording
from tests.support.desk import Desk

CAN = {"web": Capabilities(text_length=4096, changes=True, withdraws=True)}


class Provider:
    """Takes corrections, or raises what it was told to."""

    name: ClassVar[str] = "web"

    def __init__(self) -> None:
        self.raises: list[Exception] = []
        self.calls: list[tuple[str, dict[str, object]]] = []

    def changed(self, contact: str, external_ids: tuple[str, ...], text: str) -> list[Request]:
        return [Request("change", {"ids": list(external_ids), "text": text})]

    def withdrawn(self, contact: str, external_ids: tuple[str, ...]) -> list[Request]:
        return [Request("withdraw", {"ids": list(external_ids)})]

    async def send(self, request: Request, key: str) -> Sent:
        if self.raises:
            raise self.raises.pop(0)
        self.calls.append((request.operation, dict(request.payload)))
        return Sent()


async def _sent(desk: Desk, agent: object, conversation_id: UUID, text: str) -> Message:
    message = await desk.ownership.reply(agent, conversation_id, text, text)  # type: ignore[arg-type]  # `object` here: whatever the fixture returned
    await desk.store.pool.execute(
        """INSERT INTO outbox (inbox, contact_id, message_id, state, external_ids)
           VALUES ('web', $1, $2, 'sent', '{"7:41"}')""",
        message.contact_id,
        message.id,
    )
    return message


async def test_a_message_is_changed_then_withdrawn_and_its_texts_are_kept(desk: Desk) -> None:
    held, agent, provider = await desk.queued(), await desk.agent(), Provider()
    await desk.ownership.claim(agent, held.id)
    message = await _sent(desk, agent, held.id, "It costs 60.")
    made = Wording(message.id, "es", "Cuesta 60.", "machine", "en", "t.example", desk.now)
    assert await translations.add_wording(desk.store.pool, made)
    do = Correcting(desk.ownership, CAN, desk.clock)
    worker = Corrector(desk.worker_store, desk.live, {"web": provider}, desk.clock)  # type: ignore[dict-item]  # a test's channel has only what is called
    await do.change(agent, held.id, message.id, "It costs 65.")
    with pytest.raises(Refused, match="already being sent"):
        await do.withdraw(agent, held.id, message.id)
    provider.raises = [RetryLater("busy", 30)]
    await worker.make_due()
    await worker.make_due()  # not before its time
    assert provider.calls == []
    desk.now += timedelta(seconds=30)
    await worker.make_due()
    assert provider.calls == [("change", {"ids": ["7:41"], "text": "It costs 65."})]
    assert await translations.list_of_conversation(desk.store.pool, held.id) == {}
    await do.withdraw(agent, held.id, message.id)
    await worker.make_due()
    now = await messages.get_by_id(desk.store.pool, message.id)
    assert now is not None and now.withdrawn and now.text == ""
    assert now.earlier == ("It costs 60.", "It costs 65.")
    with pytest.raises(Refused, match="already been withdrawn"):
        await do.change(agent, held.id, message.id, "Again")
    lines = [line["action"] for line in await audit.list_of_conversation(desk.store.pool, held.id)]
    assert lines[:2] == ["withdraw_message", "change_message"]


async def test_what_the_provider_refuses_stays_as_it_was_with_the_reason(desk: Desk) -> None:
    held, agent, provider = await desk.queued(), await desk.agent(), Provider()
    await desk.ownership.claim(agent, held.id)
    message = await _sent(desk, agent, held.id, "Hello")
    provider.raises = [Undeliverable("message can't be deleted for everyone")]
    await Correcting(desk.ownership, CAN, desk.clock).withdraw(agent, held.id, message.id)
    await Corrector(desk.worker_store, desk.live, {"web": provider}, desk.clock).make_due()  # type: ignore[dict-item]  # a test's channel has only what is called
    (standing,) = (await corrections.list_of_conversation(desk.store.pool, held.id)).values()
    assert (standing.state, standing.error) == ("refused", "message can't be deleted for everyone")
    now = await messages.get_by_id(desk.store.pool, message.id)
    assert now is not None and now.text == "Hello" and not now.withdrawn


async def test_a_provider_that_stays_away_is_asked_less_often_and_given_up(desk: Desk) -> None:
    held, agent, provider = await desk.queued(), await desk.agent(), Provider()
    await desk.ownership.claim(agent, held.id)
    message = await _sent(desk, agent, held.id, "Hello")
    await Correcting(desk.ownership, CAN, desk.clock).withdraw(agent, held.id, message.id)
    worker = Corrector(desk.worker_store, desk.live, {"web": provider}, desk.clock)  # type: ignore[dict-item]  # a test's channel has only what is called
    provider.raises = [RetryLater("away") for _ in range(1_000)]
    for _ in range(1_000):
        await worker.make_due()
        desk.now += timedelta(seconds=1)
    assert 10 < 1_000 - len(provider.raises) < 30
    (standing,) = (await corrections.list_of_conversation(desk.store.pool, held.id)).values()
    assert (standing.state, standing.error) == ("refused", GIVEN_UP)


async def test_only_ones_own_messages_and_only_where_the_channel_can(desk: Desk) -> None:
    held, agent, ben = await desk.queued(), await desk.agent(), await desk.agent("Ben")
    await desk.ownership.claim(agent, held.id)
    message = await _sent(desk, agent, held.id, "Hello")
    with pytest.raises(Refused, match="cannot take a message back"):
        await Correcting(desk.ownership, {}, desk.clock).withdraw(agent, held.id, message.id)
    do = Correcting(desk.ownership, CAN, desk.clock)
    with pytest.raises(NotAllowed):
        await do.withdraw(ben, held.id, message.id)
    (joined,) = [
        one for one in await messages.list_of_conversation(desk.store.pool, held.id) if one.author == "system"
    ][:1]
    with pytest.raises(NotFound):
        await do.withdraw(agent, held.id, joined.id)
    other = await desk.queued()
    with pytest.raises(NotFound):
        await do.withdraw(agent, other.id, message.id)


async def _nobody(_: str) -> None: ...


def test_telegram_changes_one_text_and_deletes_every_part() -> None:
    setup = ChannelSetup(_nobody, settings={"token": "1:a_token", "secret": "word"})
    channel = TelegramChannel(setup)
    (call,) = channel.changed("7", ["7:41"], "New")
    assert (call.operation, call.payload["chat_id"], call.payload["message_id"]) == ("editMessageText", 7, 41)
    assert [one.payload["message_id"] for one in channel.withdrawn("7", ["7:41", "7:42"])] == [41, 42]
    for ids, text in (((), "New"), (("7:41", "7:42"), "New"), (("7:41",), "x" * 4097), (("7:",), "New")):
        with pytest.raises(Undeliverable):
            channel.changed("7", ids, text)
    with pytest.raises(Undeliverable):
        channel.withdrawn("7", [])
