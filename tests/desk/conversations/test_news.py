"""What the filer tells the citizen, and the links it gives to back ends."""

from uuid import UUID, uuid4

import msgspec
import pytest

from desk.media.links import LIFE, media_links
from desk.model import Clock
from desk.store import requests
from gateway.citizen.media import link_holds
from tests.support.desk import OPEN, Desk
from tests.support.fake_bot import says


async def _tell(desk: Desk, news: str, **variables: object) -> tuple[list[str], str]:
    """What the log holds after this news, and the conversation's state."""
    contact = await desk.contact("es")
    desk.bot.behaviour = says({"text": "hola"}, language="es")
    async with desk.working():
        await desk.send(contact, "hola")
        await desk.settled(contact)
    conversation = await desk.conversation(contact)
    request = uuid4()
    async with desk.store.transaction() as transaction:
        await requests.add_request(
            transaction, id=request, conversation_id=conversation.id, contact_id=contact.id,
            backend="requests", service_code="pothole", payload={}, now=desk.now,
        )  # fmt: skip
    teller = desk.news()
    row = await requests.get_request(desk.store.pool, request)
    assert row
    async with desk.live.contact(contact.id) as wakes:
        while await wakes.wait(0.2):
            pass
        wakes.taken()
        async with desk.store.transaction() as transaction:
            await teller.tell(transaction, row, news, variables)
            assert wakes.taken() == []  # nobody is woken before there is something to read
        assert [note["kind"] for note in wakes.taken()][:1] == ["message"]
    texts = [m.text for m in await desk.log(contact)][2:]
    return texts, (await desk.conversation(contact)).state


@pytest.mark.parametrize(
    ("news", "variables", "said"),
    [
        ("filed", {"reference": "SR-7K2P-Q9XM", "notice": None}, "SR-7K2P-Q9XM"),
        ("filed", {"reference": None, "notice": "Within four days."}, "Within four days."),
        ("filing_delayed", {}, "guardado"),
    ],
)
async def test_the_citizen_is_told_in_their_language(
    desk: Desk, news: str, variables: dict[str, object], said: str
) -> None:
    (text,), state = await _tell(desk, news, **variables)
    assert said in text and state == "bot"


async def test_a_refused_report_goes_to_a_person(desk: Desk) -> None:
    texts, state = await _tell(desk, "filing_refused", reasons=["no such street"])
    assert len(texts) == 2 and state == "queued"
    assert "no such street" not in texts[0]


async def test_no_person_is_promised_where_none_can_be_given(desk: Desk) -> None:
    desk.move_to(msgspec.structs.replace(desk.city, handoffs_per_contact=0))
    (text,), state = await _tell(desk, "filing_refused", reasons=["no such street"])
    assert state == "bot" and desk.city.phone in text and "una persona lo revisará" not in text


async def test_links_to_photos_are_good_at_the_gateway_and_end(desk: Desk) -> None:
    clock: Clock = desk.clock
    photo = "3f0f3d3c-8f3a-4b68-9f0e-1c2d3e4f5a6b"
    link = media_links("https://desk.example/", "a secret of the city", clock)(photo)
    base, _, query = link.partition("?")
    expires, _, signature = query.removeprefix("expires=").partition("&signature=")
    assert base == f"https://desk.example/media/{photo}"
    assert link_holds("a secret of the city", UUID(photo), expires, signature, OPEN + LIFE)
    assert not link_holds("a secret of the city", UUID(photo), expires, signature, OPEN + LIFE * 2)
    assert not link_holds("another secret", UUID(photo), expires, signature, OPEN)
    assert not link_holds("a secret of the city", uuid4(), expires, signature, OPEN)
