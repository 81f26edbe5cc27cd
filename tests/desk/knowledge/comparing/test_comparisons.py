"""A trained model is compared with the one in use on masked questions of people, silently too, and marks stay as tests."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.comparing.collecting import SETTLED, ComparedQuestions
from desk.knowledge.comparing.comparisons import Comparisons, judged
from desk.knowledge.comparing.judging import Judging
from desk.knowledge.public_report import PublicReports
from desk.knowledge.publishing.review import MovedOn
from desk.knowledge.publishing.training import Trainings
from desk.model import NotAllowed, NotFound, Refused
from desk.store.dialogue import conversations, messages, turns
from desk.store.people import contacts
from desk.store.pool import Store
from tests.support.answers_office import Office, open_office

OLD, NEW = {"intent": "rats", "offers": []}, {"intent": "trees", "offers": []}


@pytest.fixture
async def office(store: Store, city: City, catalog: Catalog) -> Office:
    return await open_office(store, city, catalog)


async def _model(office: Office) -> int:
    """A training whose model is kept and not in use."""
    pool = office.store.pool
    training: int = await pool.fetchval(
        """INSERT INTO trainings (files, asked_at, asked_by, forced, held, state)
           VALUES ('{}', $1, $2, false, true, 'trained') RETURNING id""",
        office.clock(), office.ada.agent_id,
    )  # fmt: skip
    await pool.execute(
        "INSERT INTO trained_models (training_id, sha256, code, model) VALUES ($1, 's', 'c', 'm')", training
    )
    return training


async def _ask(office: Office, text: str, **parse: Any) -> UUID:
    async with office.store.transaction() as tx:
        number = await tx.fetchval("SELECT count(*) FROM contacts")
        contact = await contacts.add_contact(tx, "web", f"citizen-{number}", "en")
        await tx.execute("UPDATE contacts SET name = 'Lucía Fernández' WHERE id = $1", contact.id)
        conversation = await conversations.add_conversation(tx, contact, "en")
        content = {"button": "x"} if parse.pop("tapped", False) else {}
        new = messages.NewRow("contact", text, "en", content=content)
        message = await messages.add_message(tx, conversation, new)
        kept = {"decided": "sure", "parts": [], "moments": ["said"], "candidates": [], **parse}
        await turns.add_turn(
            tx, message.id, conversation.id, 0, "answered", intent="rats", confidence=0.9, parse=kept
        )
        await tx.execute("UPDATE turns SET created_at = $2 WHERE message_id = $1", message.id, office.clock())
    return message.id


async def test_the_last_questions_are_given_masked_and_marks_stay(office: Office) -> None:
    pool, comparisons = office.store.pool, Comparisons(office.store, office.clock)
    collecting = ComparedQuestions(office.store, office.clock)
    plain = await _ask(office, "rats in the cellar")
    named = await _ask(office, "I am Lucía, call 555 010 9988 about rats")
    await _ask(office, "Rats", tapped=True)
    await _ask(office, "how much?", decided="follow_up")
    every, these, shown = await comparisons.touched(office.ada, "rats")
    assert (every, these, len(shown)) == (2, 2, 2) and "9988" not in str(shown)
    assert await comparisons.touched(await office.somebody("agent"), "rats") == (0, 0, [])
    training = await _model(office)
    with pytest.raises(MovedOn):
        await comparisons.run(office.ada, training + 1)
    id = await comparisons.run(office.ada, training)
    with pytest.raises(MovedOn):
        await comparisons.run(office.ben, training)
    await collecting.collect()
    rows = await pool.fetch("SELECT message_id, text, old, moments FROM compared_questions")
    given = {row["message_id"]: row["text"] for row in rows}
    assert set(given) == {plain, named}
    assert given[plain] == "rats in the cellar"
    assert "Lucía" not in given[named] and "9988" not in given[named]
    assert all(row["old"] is None and row["moments"] == ["said"] for row in rows)
    await pool.execute("UPDATE compared_questions SET old = $1, new = $2, text = ''", OLD, NEW)
    await pool.execute("UPDATE comparisons SET state = 'done', questions = 2")
    found, groups = await comparisons.get(office.ada, id)
    assert (found.different, found.undecided, found.state) == (2, 2, "done")
    assert [(one.old.intent, one.new.intent, len(one.questions)) for one in groups] == [("rats", "trees", 2)]
    assert {one.message_id: one.keeps for one in groups[0].questions} == {plain: True, named: False}
    await comparisons.mark(office.ada, id, plain, "old")
    await comparisons.mark(office.ben, id, named, "new")
    _, marked = await comparisons.standing(office.ben)
    assert [(one.text, one.accepted, one.refused) for one in marked] == [
        ("rats in the cellar", ["rats"], ["trees"])
    ]
    await comparisons.mark(office.ben, id, plain, "both")
    _, marked = await comparisons.standing(office.ben)
    assert [(one.accepted, one.refused) for one in marked] == [(["rats", "trees"], [])], (
        "the last word counts"
    )
    with pytest.raises(Refused):
        await comparisons.mark(office.ada, id, plain, "perhaps")
    await pool.execute(
        "DELETE FROM contacts WHERE id = (SELECT contact_id FROM messages WHERE id = $1)", plain
    )
    with pytest.raises(NotFound):
        await comparisons.mark(office.ada, id, plain, "old")
    assert (await comparisons.get(office.ada, id))[0].different == 1, "erased with the contact"
    for role in ("agent", "admin", "auditor"):
        with pytest.raises(NotAllowed):
            await comparisons.get(await office.somebody(role), id)
    with pytest.raises(NotAllowed):
        await comparisons.mark(await office.somebody("supervisor"), id, named, "old")


async def test_shadow_mode_takes_questions_as_they_come_until_another_model_is_chosen(office: Office) -> None:
    pool, comparisons = office.store.pool, Comparisons(office.store, office.clock)
    collecting = ComparedQuestions(office.store, office.clock)
    training = await _model(office)
    with pytest.raises(Refused):
        await comparisons.shadow(office.ada, training, 7)
    await _ask(office, "asked before")
    office.clock.shift += timedelta(seconds=1)
    id = await comparisons.shadow(office.ada, training, 100)
    later = await _ask(office, "rats again")
    for _ in range(2):
        office.clock.shift += SETTLED + timedelta(seconds=1)
        await collecting.collect()
    rows = await pool.fetch("SELECT message_id, old FROM compared_questions WHERE comparison_id = $1", id)
    assert [(row["message_id"], row["old"]) for row in rows] == [(later, OLD)], "what the turn made of it"
    trainings = Trainings(office.store, office.ours.seed, office.clock)
    await trainings.use(office.ben, training)
    found, _ = await comparisons.get(office.ada, id)
    assert found.state == "ended" and found.said == "Another model was chosen."
    with pytest.raises(MovedOn):
        await comparisons.end_shadow(office.ada, id)
    acts = await pool.fetch("SELECT action FROM audit ORDER BY id")
    assert [row["action"] for row in acts] == ["models_compared", "model_chosen"]


async def test_editors_judge_answers_that_chance_draws_and_the_public_reads_how_many_were_right(
    office: Office,
) -> None:
    judging = Judging(office.store, office.ours, office.clock)
    asked = [await _ask(office, f"rats, call 555 010 99{number}") for number in range(12)]
    await _ask(office, "how much?", decided="follow_up")
    drawn, judged, correct = await judging.drawn(office.ada)
    assert len(drawn) == 10 and (judged, correct) == (0, 0) and "010" not in drawn[0].text
    again, _, _ = await judging.drawn(office.ben)
    assert [one.message_id for one in again] == [one.message_id for one in drawn], "nobody can choose"
    await judging.judge(office.ada, drawn[0].message_id, correct=True)
    await judging.judge(office.ada, drawn[1].message_id, correct=True)
    await judging.judge(office.ben, drawn[1].message_id, correct=False)
    left, judged, correct = await judging.drawn(office.ada)
    assert (judged, correct) == (2, 1) and drawn[0].message_id not in {one.message_id for one in left}
    with pytest.raises(NotFound):
        await judging.judge(office.ada, uuid4(), correct=True)
    with pytest.raises(NotAllowed):
        await judging.judge(await office.somebody("supervisor"), asked[0], correct=True)
    report = await PublicReports(office.store, office.ours, office.clock).get()
    (english,) = report.figures
    assert (english.language, english.judged, english.correct) == ("en", 2, 1)


def test_a_mark_says_what_is_right_and_what_is_wrong() -> None:
    assert judged("new", "rats", "trees") == (["trees"], ["rats"])
    assert judged("neither", "rats", "trees") == ([], ["rats", "trees"])
    # Both offer choices and answer nothing: the question is not answered by either, and that is right.
    assert judged("old", "nlu_fallback", "nlu_fallback") == (["nlu_fallback"], [])
