"""From a file to what citizens get: versions, review by two people, publishing in every process, conflicts and files."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
import yaml

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer, read_answer
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.drafts import SavedMeanwhile
from desk.knowledge.publishing.exchange import answer_as_yaml, list_answer_files
from desk.knowledge.publishing.published import PublishedAnswers, answer_of, body_of
from desk.knowledge.publishing.review import MovedOn
from desk.model import NotAllowed, NotFound, Reply, Role
from desk.store.knowledge import answers
from tests.support.answers_office import CONTENT, ID, OLD, Office


async def test_a_published_text_is_given_in_another_process_and_a_draft_is_not(office: Office) -> None:
    other, stop = PublishedAnswers(office.theirs), asyncio.Event()
    await other.read(office.store.pool)
    before = office.said(office.theirs)
    version = await office.write(OLD)
    await other.read(office.store.pool)
    assert office.said(office.theirs) == before, "a draft"
    await office.review.submit(office.ada, ID, version)
    await office.review.approve(office.ben, ID, version)
    running = asyncio.create_task(other.run(office.store, stop))
    await office.review.publish(office.ada, ID, version)
    assert OLD in office.said(office.ours)
    while OLD not in office.said(office.theirs):
        await asyncio.sleep(0)
    stop.set()
    await running
    today = office.clock().date()
    source = office.theirs.compose(Reply(answer=ID), "en", today=today).source
    assert source is not None and (source.answer, source.version) == (ID, 2)
    lines = await office.store.pool.fetch(
        "SELECT action, detail FROM audit WHERE action LIKE 'answer_%' ORDER BY id"
    )
    assert [row["action"] for row in lines] == [
        "answer_saved", "answer_submitted", "answer_approved", "answer_published",
    ]  # fmt: skip
    assert all(row["detail"] == {"answer": ID, "version": "2"} for row in lines)


async def test_two_people_release_an_answer_unless_its_area_needs_only_one(office: Office) -> None:
    version = await office.write(OLD)
    with pytest.raises(MovedOn, match="approve"):
        await office.review.publish(office.ada, ID, version)
    with pytest.raises(MovedOn):
        await office.review.approve(office.ben, ID, version)
    await office.review.submit(office.ada, ID, version)
    with pytest.raises(MovedOn, match="somebody else"):
        await office.review.approve(office.ada, ID, version)
    with pytest.raises(AnswerRefused):
        await office.review.send_back(office.ben, ID, version, "  ")
    await office.review.send_back(office.ben, ID, version, "Which traps?")
    assert (await answers.list_states(office.store.pool, ID))[0].why == "Which traps?"
    await office.review.submit(office.ada, ID, version)
    await office.review.approve(office.ben, ID, version)
    later = await office.write("Another text after the approval.")
    with pytest.raises(MovedOn):
        await office.review.publish(office.ben, ID, later)
    dora = await office.somebody("admin")
    with pytest.raises(NotAllowed):
        await office.stopping.set_area(office.ada, "environment", two_people=False)
    with pytest.raises(NotFound):
        await office.stopping.set_area(dora, "no area", two_people=False)
    await office.stopping.set_area(dora, "environment", two_people=False)
    await office.review.publish(office.ada, ID, later)
    assert "Another text" in office.said(office.ours)


async def test_others_neither_write_nor_publish(office: Office) -> None:
    version = await office.write(OLD)
    kept = await office.drafts.get(office.ada, ID)
    roles: tuple[Role, ...] = ("agent", "supervisor", "admin", "auditor")
    for role in roles:
        one = await office.somebody(role)
        for act in (
            office.drafts.save(one, ID, kept.body, version),
            office.drafts.restore(one, ID, 1, version),
            office.drafts.settle(one, ID, version, take_file=True),
            office.review.submit(one, ID, version),
            office.review.approve(one, ID, version),
            office.review.publish(one, ID, version),
            office.review.withdraw(one, ID, 1, "why"),
        ):
            with pytest.raises(NotAllowed):
                await act
    assert (await office.drafts.get(office.ada, ID)).state == "draft"


async def test_what_is_wrong_is_said_and_keeps_a_draft_from_review(office: Office) -> None:
    kept = await office.drafts.get(office.ada, ID)
    nothing = {**kept.body, "texts": {**kept.body["texts"], "es": {"title": "", "text": ""}}}
    with pytest.raises(AnswerRefused):
        await office.drafts.save(office.ada, ID, nothing, kept.newest)
    assert (await office.drafts.get(office.ada, ID)).newest == kept.newest
    version = await office.write("A sentence that goes on " + "and on " * 30 + "until nobody can follow it.")
    with pytest.raises(AnswerRefused) as refused:
        await office.review.submit(office.ada, ID, version)
    assert any("words" in one for one in refused.value.problems)
    assert (await office.drafts.get(office.ada, ID)).state == "draft"


async def test_of_two_editors_the_second_is_told_and_nobodys_words_are_lost(office: Office) -> None:
    kept = await office.drafts.get(office.ada, ID)

    def changed(text: str) -> dict[str, Any]:
        texts = {**kept.body["texts"], "en": {**kept.body["texts"]["en"], "text": text, "parts": {}}}
        return {**kept.body, "texts": texts}

    results = await asyncio.gather(
        office.drafts.save(office.ada, ID, changed("Ada's."), kept.newest),
        office.drafts.save(office.ben, ID, changed("Ben's."), kept.newest),
        return_exceptions=True,
    )
    told = [one for one in results if isinstance(one, SavedMeanwhile)]
    assert len(told) == 1 and results.count(None) == 1
    assert told[0].newest.body["texts"]["en"]["text"] in ("Ada's.", "Ben's.")
    assert len(await answers.list_versions(office.store.pool, ID)) == kept.newest + 1


async def test_a_withdrawn_answer_says_where_to_look_and_any_version_comes_back(office: Office) -> None:
    first = office.said(office.ours)
    version = await office.publish(OLD)
    with pytest.raises(AnswerRefused):
        await office.review.withdraw(office.ben, ID, version, "")
    await office.review.withdraw(office.ben, ID, version, "The law changed.")
    said = office.said(office.ours)
    assert OLD not in said and "https://" in said and not office.ours.is_given(ID, office.clock().date())
    assert [
        one.intent for one in office.ours.compose(Reply(answer=ID), "es", today=office.clock().date()).buttons
    ] == ["talk_to_person"]
    with pytest.raises(MovedOn):
        await office.review.withdraw(office.ben, ID, version, "Again.")
    await office.drafts.restore(office.ada, ID, 1, version)
    with pytest.raises(NotFound):
        await office.drafts.restore(office.ada, ID, 99, version + 1)
    await office.review.submit(office.ada, ID, version + 1)
    await office.review.approve(office.ben, ID, version + 1)
    await office.review.publish(office.ben, ID, version + 1)
    assert office.said(office.ours) == first
    assert [one.state for one in await answers.list_states(office.store.pool, ID)][:4] == [
        "published", "approved", "in_review", "draft",
    ]  # fmt: skip


async def test_what_nobody_changed_follows_its_file_and_a_conflict_is_shown(
    office: Office, tmp_path: Path
) -> None:
    def filed(text: str) -> dict[str, Answer]:
        written = yaml.safe_load((CONTENT / "answers" / f"{ID}.yml").read_text())
        written["en"] |= {"text": text, "parts": {}}
        folder = tmp_path / "answers"
        folder.mkdir(exist_ok=True)
        (folder / f"{ID}.yml").write_text(yaml.safe_dump(written, allow_unicode=True))
        return {ID: read_answer(folder / f"{ID}.yml", office.city.complete)}

    assert await office.seed(filed("First edit of the file."), tmp_path) == []
    reads = PublishedAnswers(office.ours)
    await reads.read(office.store.pool)
    assert "First edit" in office.said(office.ours)
    version = await office.publish("From the console.")
    assert await office.seed(filed("First edit of the file."), tmp_path) == []
    assert await office.seed(filed("Second edit of the file."), tmp_path) == [ID]
    await reads.read(office.store.pool)
    assert "From the console." in office.said(office.ours), "nothing is overwritten"
    assert (await office.drafts.get(office.ada, ID)).in_conflict
    await office.drafts.settle(office.ada, ID, version, take_file=True)
    kept = await office.drafts.get(office.ada, ID)
    assert not kept.in_conflict and kept.state == "draft" and kept.published == version
    assert kept.body["texts"]["en"]["text"] == "Second edit of the file."
    # A withdrawn answer is not published again because its file changed.
    await office.review.withdraw(office.ben, ID, version, "Wrong.")
    assert await office.seed(filed("Third edit of the file."), tmp_path) == [ID]
    assert (await office.drafts.get(office.ada, ID)).published is None


async def test_files_come_back_byte_for_byte_and_a_changed_one_means_the_same(
    office: Office, tmp_path: Path
) -> None:
    before = {path.stem: path.read_bytes() for path in (CONTENT / "answers").glob("*.yml")}
    assert {id: text.encode() for id, text in (await list_answer_files(office.store.pool)).items()} == before
    await office.publish(f"{OLD}\n\nYou need:\n- A trap: 'big'.\n- #2, yes.")
    files = await list_answer_files(office.store.pool)
    assert {id for id, text in files.items() if text.encode() != before[id]} == {ID}
    (tmp_path / f"{ID}.yml").write_text(files[ID], encoding="utf-8")
    kept = await office.drafts.get(office.ada, ID)
    assert body_of(read_answer(tmp_path / f"{ID}.yml", office.city.complete)) == kept.body


def test_every_answer_can_be_written_as_a_file_and_read_again(
    city: City, catalog: Catalog, tmp_path: Path
) -> None:
    for id, answer in catalog.seed.items():
        path = tmp_path / f"{id}.yml"
        path.write_text(answer_as_yaml(answer), encoding="utf-8")
        assert read_answer(path, city.complete) == answer == answer_of(id, body_of(answer))
        assert yaml.safe_load(io.StringIO(path.read_text()))["reviewed_on"] == answer.reviewed_on


async def test_an_answer_that_this_release_cannot_read_stays_as_it_was(office: Office) -> None:
    before = office.said(office.theirs)
    await office.store.pool.execute(
        """INSERT INTO answer_versions (answer_id, version, body, at) VALUES ($1, 2, '{"of": "tomorrow"}', now())""",
        ID,
    )
    await office.store.pool.execute("UPDATE answers SET published = 2, newest = 2 WHERE id = $1", ID)
    await PublishedAnswers(office.theirs).read(office.store.pool)
    assert office.said(office.theirs) == before
