"""The contact's data is corrected beside the conversation, and the same person is found by it."""

import pytest

from desk.model import Conversation
from desk.store.people import audit, contacts
from tests.support.console import RunningConsole


def _path(conversation: Conversation, act: str = "") -> str:
    return f"/console/conversations/{conversation.id}{'/' + act if act else ''}"


DATA = {
    "name": "Lucía  Fernández",
    "email": "lucia@example.org",
    "phone": "+1 555 010 0199",
    "language": "es",
}


async def test_an_agent_corrects_what_is_known(console: RunningConsole) -> None:
    conversation = await console.queued(name="Lucia")
    ana = await console.signed_in()
    done = await ana.post(_path(conversation, "contact"), data=DATA)
    assert "Changed." in done.visible and "lucia@example.org" in done.visible
    contact = await contacts.get_by_id(console.store.pool, conversation.contact_id)
    assert contact is not None
    assert (contact.name, contact.phone, contact.language) == ("Lucía Fernández", "+1 555 010 0199", "es")
    assert (await console.state(conversation)).language == "es"
    # The audit says which fields; a change that changes nothing is none.
    await ana.post(_path(conversation, "contact"), data=DATA)
    lines = [
        one
        for one in await audit.list_of_conversation(console.store.pool, conversation.id)
        if one["action"] == "contact"
    ]
    assert len(lines) == 1
    detail = await console.store.pool.fetchval("SELECT detail FROM audit WHERE action = 'contact'")
    assert detail == {"changed": "name email phone language"}
    eve = await console.signed_in("Eve", teams=("taxes",))
    assert (await eve.post(_path(conversation, "contact"), data=DATA)).status == 404


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"phone": "call me"}, {"language": "xx"}, {"name": "x" * 121}]
)
async def test_what_cannot_be_right_changes_nothing(console: RunningConsole, wrong: dict[str, str]) -> None:
    conversation = await console.queued(name="Lucia")
    ana = await console.signed_in()
    answer = await ana.post(_path(conversation, "contact"), data=DATA | wrong)
    assert answer.status == 422 and "Nothing was changed." in answer.visible
    contact = await contacts.get_by_id(console.store.pool, conversation.contact_id)
    assert contact is not None and (contact.name, contact.email) == ("Lucia", None)


async def test_the_same_person_is_offered_and_found_within_what_the_agent_may_see(
    console: RunningConsole,
) -> None:
    one = await console.queued(name="Lucía Fernández")
    by_phone, by_name = await console.queued(name="L. F."), await console.queued(name="lucía fernández")
    nobody = await console.queued(name="Omar")
    taxes = await console.queued(name="Lucía Fernández", team="taxes")
    for who, phone in ((one, "+1 (555) 010-0199"), (by_phone, "5550100199"), (nobody, "911")):
        await contacts.set_details(
            console.store.pool,
            who.contact_id,
            {one: "Lucía Fernández", by_phone: "L. F."}.get(who, "Omar"),
            None,
            phone,
        )
    ana = await console.signed_in()
    page = await ana.get(_path(one))
    assert "Perhaps the same person" in page.visible
    assert str(by_phone.id) in page.text.split("candidates")[1] and "same phone" in page.visible
    assert "same name" in page.visible and str(taxes.id) not in page.text
    found = await ana.post(_path(one, "find-contact"), data={"query": "oma"})
    assert str(nobody.id) in found.text.split("candidates")[1].split("</ul>")[0]
    none = await ana.post(_path(one, "find-contact"), data={"query": "100%_"})
    assert "Nobody was found" in none.visible
    await ana.post(_path(one, "link"), data={"other": str(by_name.id)})
    assert str(by_name.id) not in (await ana.get(_path(one))).text.split("candidates")[1].split("</ul>")[0]
