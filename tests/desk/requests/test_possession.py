"""A code to the contact given at filing: opens a request from elsewhere, confirms where its news go, and tells strangers nothing."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from backends.base import RequestStatus
from city import load_city
from city.model import InboxConfig
from city.services import load_services
from desk.building import Resources, build_common
from desk.knowledge.catalogue import Catalog
from desk.model import Conversation
from desk.people.identity.codes import MASK, IdentityCodes
from desk.requests.news import RequestNews
from desk.requests.telling.news_elsewhere import NewsElsewhere
from desk.requests.telling.possession import NEWS, NO_NEWS, PROVE, Possession, PossessionSaid
from desk.requests.telling.reaching import Reaching
from desk.runtime.live import Live
from desk.store import own_requests, request_changes
from desk.store.dialogue import conversations, messages
from desk.store.people import contacts
from desk.store.pool import Store
from tests.support.clock import Clock
from tests.support.desk import OPEN
from tests.support.filing import recorded, row_of

CITY = msgspec.structs.replace(
    load_city("city.yml"),
    inboxes=tuple(InboxConfig(name=name, channel=kind) for name, kind in (("web", "web"), ("mail", "email"), ("texts", "sms"))),
    calling_code="+1",
)  # fmt: skip
SERVICES = load_services("content/services.yml")


class Scene:
    """A filed request with an e-mail address, and a stranger's conversation."""

    def __init__(self, store: Store, clock: Clock) -> None:
        desk = Resources(
            store, Live("redis://127.0.0.1:1"), CITY, Catalog.load("content", CITY), lambda: OPEN
        )
        common, reaching = build_common(desk), Reaching(CITY)
        self.catalog = desk.catalog
        self.store, self.clock, self.codes = store, clock, IdentityCodes(b"s" * 32)
        self.possession = Possession(self.codes, reaching, common.writer, clock)
        elsewhere = NewsElsewhere(common.writer, common.announcer, reaching)
        self.news = RequestNews(
            common.writer, common.handoffs, common.announcer, SERVICES, elsewhere=elsewhere
        )
        self.id: UUID
        self.here: Conversation

    async def begin(self, **contact: str) -> None:
        self.id = await recorded(self.store, self.clock, **contact)
        await self.store.pool.execute(
            "UPDATE service_requests SET state = 'filed', reference = 'SR-1', status = 'open', told_status = 'open'"
        )
        stranger = await contacts.add_contact(self.store.pool, "web", "stranger", "en")
        self.here = await conversations.add_conversation(self.store.pool, stranger, "en")

    async def take(
        self, intent: str | None = None, text: str = "", at: Conversation | None = None, **entities: Any
    ) -> PossessionSaid | None:
        async with self.store.transaction() as transaction:
            return await self.possession.take(
                transaction, at or self.here, intent, entities, text, proven=True
            )

    async def prove(self, reference: str = "sr-1") -> PossessionSaid:
        said = await self.take(PROVE, "It is mine", reference=reference, backend="requests")
        assert said is not None
        return said

    async def code(self) -> str:
        id = await self.store.pool.fetchval("SELECT id FROM request_proofs ORDER BY created_at DESC LIMIT 1")
        return self.codes.of(id)

    async def filed_in(self) -> Conversation:
        row = await row_of(self.store, self.id)
        assert row.conversation_id
        found = await conversations.get_by_id(self.store.pool, row.conversation_id)
        assert found is not None
        return found

    async def sent(self, inbox: str) -> list[str]:
        rows = await self.store.pool.fetch("SELECT id FROM contacts WHERE inbox = $1", inbox)
        return [one.text for row in rows for one in await messages.list_after(self.store.pool, row["id"], 0)]

    async def owned(self) -> list[str]:
        found = await own_requests.list_own(self.store.pool, self.here.contact_id, self.here.id)
        return [one.reference for one in found]


@pytest.fixture
async def scene(store: Store, clock: Clock) -> Scene:
    scene = Scene(store, clock)
    await scene.begin(email="Ana@Example.org")
    return scene


async def test_the_code_opens_the_request_in_this_conversation_alone(scene: Scene) -> None:
    assert await scene.owned() == []
    asked = await scene.prove()
    assert (asked.said, asked.variables["reference"]) == ("proof_asked", "SR-1")
    (mail,) = await scene.sent("mail")
    assert MASK in mail and "SR-1" in mail and await scene.code() not in mail, "the digits are kept nowhere"
    wrong = await scene.take(text="000000" if await scene.code() != "000000" else "000001")
    assert wrong and (wrong.said, wrong.variables, wrong.text) == ("identity_wrong", {"left": 4}, MASK)
    right = await scene.take(text=f"it is {await scene.code()}")
    assert right and (right.said, right.text) == ("proof_confirmed", f"it is {MASK}")
    assert await scene.owned() == ["SR-1"]
    (report,) = await own_requests.list_reports(
        scene.store.pool, scene.here.contact_id, scene.clock.now, conversation_id=scene.here.id
    )
    assert report.conversation_id == scene.here.id, "what is personal may be told here as well"
    change = {"request_id": scene.id, "kind": "withdraw", "payload": {}, "now": scene.clock.now}
    for conversation, allowed in ((scene.here.id, True), ((await scene.filed_in()).id, False)):
        made = await request_changes.add_change(
            scene.store.pool,
            id=conversation,
            conversation_id=conversation,
            contact_id=scene.here.contact_id,
            **change,  # type: ignore[arg-type]  # the fields that both have
        )
        assert made == allowed
    assert await scene.take(text=await scene.code()) is None, "a code is used once"


async def test_strangers_learn_neither_that_it_exists_nor_that_it_has_a_contact(
    scene: Scene, store: Store
) -> None:
    there = await scene.prove()
    missing = await scene.prove("SR-9")
    await store.pool.execute("UPDATE service_requests SET payload = payload - 'email'")
    without = await scene.prove()
    assert len(await scene.sent("mail")) == 1
    assert {there.said, missing.said, without.said} == {"proof_asked"}
    assert replace(there, variables={}) == replace(missing, variables={}) == replace(without, variables={})
    assert there.variables == without.variables and "ana@" not in str(there.variables)
    guess = await scene.take(text=await scene.code())
    assert guess and guess.said == "identity_wrong", "where nothing was sent no code is right"


async def test_tries_codes_and_time_are_limited(scene: Scene) -> None:
    await scene.prove()
    code = await scene.code()
    bad = "111111" if code != "111111" else "222222"
    said = [(await scene.take(text=bad)) for _ in range(5)]
    assert [one.said for one in said if one] == ["identity_wrong"] * 4 + ["proof_over"]
    assert await scene.take(text=code) is None and await scene.owned() == []
    await scene.prove()
    scene.clock.forward(minutes=11)
    late = await scene.take(text=await scene.code())
    assert late and late.said == "proof_over" and await scene.owned() == []
    await scene.prove()
    assert (await scene.prove()).said == "proof_too_often"
    scene.clock.forward(hours=2)
    assert (await scene.prove()).said == "proof_asked"


async def test_news_go_to_the_confirmed_address_until_it_has_enough(scene: Scene, store: Store) -> None:
    there = await scene.filed_in()
    row = await row_of(store, scene.id)
    async with store.transaction() as transaction:
        await scene.news.tell(transaction, row, "filed", {"reference": "SR-1", "notice": None})
    filed = (await messages.list_of_conversation(store.pool, there.id))[-1]
    assert "Shall it also go to ana@example.org?" in filed.text and len(filed.buttons) == 1
    assert await scene.take(NEWS, "Yes", request=str(scene.id)) is None, "only where it was filed"
    asked = await scene.take(NEWS, "Yes", at=there, request=str(scene.id))
    assert asked and asked.said == "news_code_asked"

    async def news(status: str, notes: str) -> None:
        async with store.transaction() as transaction:
            await scene.news.tell_status(
                transaction, scene.id, RequestStatus("SR-1", status, status, notes=notes)
            )

    await news("open", "Not yet confirmed.")
    confirmed = await scene.take(text=await scene.code(), at=there)
    assert confirmed and confirmed.said == "request_news_on"
    await news("closed", "Filled.")
    _, closed = await scene.sent("mail")
    assert "is closed" in closed and "Filled." in closed and "really fixed" not in closed
    mail = await contacts.get_id(store.pool, "mail", "ana@example.org")
    assert mail is not None
    box = await conversations.get_open(store.pool, mail)
    assert box is not None
    ended = await scene.take(NO_NEWS, "No more", at=box, request=str(scene.id))
    assert ended and ended.said == "request_news_ended"
    await news("open", "Again.")
    assert len(await scene.sent("mail")) == 2


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({"phone": "(555) 010-0199"}, ("texts", "+15550100199")),
        ({"phone": "+44 7700 900123"}, ("texts", "+447700900123")),
        ({"phone": "1 555 010 0199"}, ("texts", "+15550100199")),
        ({"phone": "555-0199"}, None),
        ({"email": "Ana@Example.org"}, ("mail", "ana@example.org")),
        ({"email": "ana@example"}, None),
        ({"email": "a@b.example\nBcc: c@d.example"}, None),
        ({}, None),
    ],
)
def test_where_a_contact_can_be_reached(payload: dict[str, str], found: tuple[str, str] | None) -> None:
    given = Reaching(CITY).of(payload)
    assert (given and (given.inbox, given.external_id)) == found
