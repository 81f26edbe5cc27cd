"""Identity checks: the code goes to a known address, is typed in the conversation, and is kept nowhere."""

from datetime import timedelta
from uuid import uuid4

import pytest

from channels.base import Capabilities
from channels.web.channel import WebChannel
from desk.model import Actor, Contact, Conversation, Refused, WrongState
from desk.people.identity.asking import IdentityChecks, masked_address
from desk.people.identity.codes import MASK, IdentityCodes, code_in, masked
from desk.store.dialogue import messages
from desk.store.people import identity, links
from tests.support.desk import Desk
from tests.support.providers import Recorder, write
from tests.support.waiting import eventually


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        ("the code is 123 456.", "123456"),
        ("12-34-56", "123456"),
        ("1234567", None),
        ("123456 or 654321", None),
        ("1234", None),
        ("x" * 55 + " 123456", None),
    ],
)
def test_a_code_is_read_from_a_short_message(text: str, code: str | None) -> None:
    assert code_in(text) == code
    if code:
        assert not any(one.isdigit() for one in masked(text))


def test_codes_differ_and_follow_from_the_secret() -> None:
    ids = [uuid4() for _ in range(200)]
    one, other = IdentityCodes(b"a" * 32), IdentityCodes(b"b" * 32)
    assert len({one.of(id) for id in ids}) > 190 and [one.of(id) for id in ids] != [
        other.of(id) for id in ids
    ]
    assert all(len(one.of(id)) == 6 and one.is_right(id, one.of(id)) for id in ids)
    assert not one.is_right(ids[0], other.of(ids[1]))


def test_an_address_is_shown_masked() -> None:
    assert masked_address("lucia@example.org") == "l•••@example.org"
    assert masked_address("+15550100199") == "+1•••0199" and masked_address("1234") == "•••"


class Checked:
    """A web conversation that an agent has, and the same person's telephone."""

    def __init__(self, desk: Desk, web: Contact, phone: Contact, here: Conversation, ana: Actor) -> None:
        self.desk, self.web, self.phone, self.here, self.ana = desk, web, phone, here, ana
        self.checks = IdentityChecks(desk.store, desk.ownership, {}, lambda _, one: True, desk.clock)

    async def ask(self) -> None:
        self.desk.now += timedelta(seconds=1)
        await self.checks.ask(self.ana, self.here.id, self.phone.id)

    async def code(self, wa: Recorder) -> str:
        """What the telephone was sent."""

        async def came() -> bool:
            return any("Your code is" in one.text for one in wa.sent)

        await eventually(came)
        sent = next(one.text for one in wa.sent if "Your code is" in one.text)
        code = code_in(sent.split(". ")[0])
        assert code is not None and MASK not in sent
        return code

    async def say(self, text: str) -> str:
        """The citizen writes in the web chat; what the desk answers."""
        await self.desk.send(self.web, text)
        return (await self.desk.settled(self.web))[-1].text

    async def state(self) -> tuple[str, int]:
        found = await identity.get_latest(self.desk.store.pool, self.here.id)
        assert found
        return found.state, found.tries


async def _begin(desk: Desk, wa: Recorder) -> Checked:
    web = await desk.contact()
    phone = await write(desk, "hello")
    await desk.settled(phone)
    wa.sent.clear()
    assert await links.set_linked(desk.store.pool, web.id, phone.id, 10)
    ana = await desk.agent()
    here = await desk.ownership.claim(ana, (await desk.queued(web)).id)
    return Checked(desk, web, phone, here, ana)


async def test_the_code_comes_back_and_stands_nowhere(whatsapp: Desk) -> None:
    desk, wa = whatsapp, Recorder(Capabilities(1000))
    async with desk.working(city=desk.city, channels={"wa": wa, "web": WebChannel(_nobody)}):
        one = await _begin(desk, wa)
        await one.ask()
        code = await one.code(wa)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        assert "Attempts left: 4" in await one.say(f"{wrong}")
        assert "Thank you" in await one.say(f"it is {code[:3]} {code[3:]}")
        assert await one.state() == ("confirmed", 1)
        # Neither transcript has it, and it is good once.
        for contact in (one.web, one.phone):
            for said in await messages.list_after(desk.store.pool, contact.id, 0):
                assert code not in said.text and code not in said.text.replace(" ", "")
        assert (await one.say(code)) == code
        assert await one.state() == ("confirmed", 1)
    assert (
        await desk.store.pool.fetchval("SELECT count(*) FROM audit WHERE action = 'identity_confirmed'") == 1
    )


async def test_wrong_codes_and_late_ones_end_a_check_and_a_stranger_ends_no_others(whatsapp: Desk) -> None:
    desk, wa = whatsapp, Recorder(Capabilities(1000))
    async with desk.working(city=desk.city, channels={"wa": wa, "web": WebChannel(_nobody)}):
        one = await _begin(desk, wa)
        await one.ask()
        code = await one.code(wa)
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        said = [await one.say(wrong) for _ in range(5)]
        assert "no longer valid" in said[-1], said
        assert await one.state() == ("failed", 5)
        assert (await one.say(code)) == code and (await one.state())[0] == "failed"
        # Too many codes to one address wait, for this contact alone.
        await one.ask()
        await one.ask()
        with pytest.raises(Refused, match="too many attempts"):
            await one.ask()
        other = await desk.contact()
        assert await links.set_linked(desk.store.pool, other.id, one.phone.id, 10)
        there = await desk.ownership.claim(one.ana, (await desk.queued(other)).id)
        await one.checks.ask(one.ana, there.id, one.phone.id)
        # A check ends after its time.
        desk.now += timedelta(minutes=11)
        assert "no longer valid" in await one.say(wrong) and (await one.state())[0] == "expired"


async def test_a_code_goes_only_where_the_person_has_written_from(whatsapp: Desk) -> None:
    desk = whatsapp
    ana, bea = await desk.agent(), await desk.agent("Bea")
    web, stranger = await desk.contact(), await desk.contact()
    phone = await write(desk)
    checks = IdentityChecks(desk.store, desk.ownership, {}, lambda _, one: True, desk.clock)
    waiting = await desk.queued(web)
    await desk.store.pool.execute("UPDATE contacts SET email = 'typed@example.org' WHERE id = $1", web.id)
    with pytest.raises(WrongState):
        await checks.ask(ana, waiting.id, phone.id)
    here = await desk.ownership.claim(ana, waiting.id)
    for contact in (phone, stranger, web):  # not linked, not alike, or no other channel
        with pytest.raises(Refused, match="code cannot be sent"):
            await checks.ask(ana, here.id, contact.id)
    await links.set_linked(desk.store.pool, web.id, phone.id, 10)
    with pytest.raises(Exception, match="Another agent"):
        await checks.ask(bea, here.id, phone.id)
    closed = IdentityChecks(desk.store, desk.ownership, {}, lambda _, one: False, desk.clock)
    with pytest.raises(Refused, match="code cannot be sent"):
        await closed.ask(ana, here.id, phone.id)


async def _nobody(_: str) -> None: ...
