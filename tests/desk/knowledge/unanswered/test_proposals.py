"""What an agent wrote to a question that was not answered becomes a proposal, and a draft in one step; citizens get nothing of it before."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.checking import findings
from desk.knowledge.publishing.published import answer_of
from desk.knowledge.unanswered.collecting import UnansweredQuestions
from desk.knowledge.unanswered.proposals import Proposals, example_of
from desk.model import NotAllowed, NotFound, Scope
from desk.store.dialogue import conversations, messages
from desk.store.knowledge import answers
from desk.store.people import contacts
from desk.store.pool import Store
from desk.store.replies import proposals
from tests.support.answers_office import ID, Office, open_office
from tests.support.embedding import Embedder
from tests.support.unanswered import add_unanswered

WORDS = "You may keep four hens in a garden. Ask Rosa at 555 010 7788 about more."


@pytest.fixture
async def office(store: Store, city: City, catalog: Catalog) -> Office:
    return await open_office(store, city, catalog)


async def replied(office: Office, question: str, replies: Sequence[str], state: str = "resolved") -> UUID:
    """A question without an answer, and what an agent replied; the conversation."""
    async with office.store.transaction() as transaction:
        contact = await contacts.add_contact(transaction, "web", f"{question} {state}", "en")
        await transaction.execute("UPDATE contacts SET name = 'Rosa Peel' WHERE id = $1", contact.id)
        conversation = await conversations.add_conversation(transaction, contact, "en")
    await add_unanswered(office.store, conversation, question)
    async with office.store.transaction() as transaction:
        for text in replies:
            row = messages.NewRow("agent", text, "en")
            await messages.add_message(transaction, conversation, row)
        await transaction.execute("UPDATE conversations SET state = $2 WHERE id = $1", conversation.id, state)
    return conversation.id


async def test_an_agents_words_to_a_question_without_an_answer_become_a_draft_with_their_origin(
    office: Office,
) -> None:
    def now() -> datetime:
        return datetime.now(UTC) + timedelta(hours=1)

    await replied(office, "may I keep hens", ["Hello, I am looking.", WORDS])
    await replied(office, "may I keep a pony", [WORDS], "waiting_on_contact")
    await replied(office, "may I keep bees", ["Just a moment."])
    collecting = UnansweredQuestions(office.store, office.ours, Embedder(), now)
    await collecting.collect()
    await collecting.collect()
    everywhere = Scope(True, (), office.ada.agent_id)
    (found,) = await proposals.list_open(office.store.pool, everywhere)
    assert found.sent == WORDS and found.question == "may I keep hens" and found.suggested == ()
    own = Proposals(office.store, office.drafts, office.clock)
    shown = await own.get(office.ada, everywhere, found.message_id)
    assert shown.sent == "You may keep four hens in a garden. Ask [name] at [number] about more."
    assert example_of(shown) == "may I keep hens" and shown.names == ()
    with pytest.raises(NotAllowed):
        await own.teach(await office.somebody("agent"), everywhere, found.message_id, ID)
    await own.teach(office.ada, everywhere, found.message_id, ID)
    kept = await office.drafts.get(office.ada, ID)
    assert kept.state == "draft" and kept.published == 1, "citizens get nothing of it"
    assert kept.body["texts"]["en"]["text"].endswith("Ask [name] at [number] about more.")
    assert "may I keep hens" in kept.body["examples"]["en"]
    masked_words = "the text has words that were masked: [name], [number]. Write them out, or take them out."
    today = office.clock().date()
    found_wrong = findings(answer_of(ID, kept.body), office.ours, office.city.languages, today)
    assert f"English: {masked_words}" in found_wrong, "nobody publishes a mask"
    newest = (await answers.list_states(office.store.pool, ID))[0]
    assert newest.why.startswith("From a reply that an agent wrote on ")
    row = await office.store.pool.fetchrow("SELECT state, answer_id FROM answer_proposals")
    assert row is not None and tuple(row) == ("taken", ID)
    with pytest.raises(NotFound):
        await own.teach(office.ada, everywhere, found.message_id, ID)
    assert not await proposals.list_open(office.store.pool, everywhere)
