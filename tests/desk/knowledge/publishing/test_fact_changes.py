"""A named fact from its file to what citizens read: drafts, what they touch, publishing, conflicts with the file, and files."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from desk.knowledge.named_facts import load_facts
from desk.knowledge.publishing.checking import AnswerRefused
from desk.knowledge.publishing.fact_changes import FactChanges, FactSavedMeanwhile
from desk.knowledge.publishing.fact_exchange import fact_as_yaml, list_fact_files, seed_facts
from desk.knowledge.publishing.fact_uses import written_out
from desk.knowledge.publishing.published import PublishedAnswers, body_of_fact, fact_of
from desk.knowledge.publishing.review import MovedOn
from desk.model import NotAllowed, Reply
from desk.store.knowledge import facts
from tests.support.answers_office import CONTENT, Office

NAME = "certificate_fee"
COST = Reply(answer="birth_certificate", part="cost")


@pytest.fixture
async def changes(office: Office) -> FactChanges:
    await seed_facts(office.store, CONTENT, office.ours.seed_facts, office.clock())
    published = PublishedAnswers(office.ours)
    return FactChanges(office.store, office.city, office.ours, office.clock, published)


async def write(changes: FactChanges, office: Office, *values: dict[str, Any]) -> int:
    kept, _ = await changes.get(office.ada, NAME)
    await changes.save(office.ada, NAME, {**kept.body, "values": list(values)}, kept.newest)
    return kept.newest + 1


def said(office: Office, language: str = "en") -> str:
    today = office.clock().astimezone(office.city.zone).date()
    return office.theirs.compose(COST, language, today=today).text


async def test_a_change_shows_every_sentence_that_it_touches_and_then_holds_everywhere(
    changes: FactChanges, office: Office
) -> None:
    version = await write(changes, office, {"from": "2026-01-01", "value": "20.50"})
    other = PublishedAnswers(office.theirs)
    await other.read(office.store.pool)
    assert said(office) == "Each copy costs $18.", "a draft"
    kept, _ = await changes.get(office.ada, NAME)
    _, touched = changes.touched(kept)
    assert [one.answer.id for one in touched] == [
        "birth_certificate", "death_certificate", "marriage_certificate",
    ]  # fmt: skip
    lines = [(line.language, line.before, line.after) for line in touched[0].lines]
    assert ("en", "Each copy costs $18.", "Each copy costs $20.50.") in lines
    assert ("fr", "Chaque copie coûte 18 dollars.", "Chaque copie coûte 20,50 dollars.") in lines
    assert {language for language, _, _ in lines} == {"en", "es", "fr"}
    with pytest.raises(MovedOn, match="somebody else"):
        await changes.publish(office.ada, NAME, version)
    await changes.publish(office.ben, NAME, version)
    await other.read(office.store.pool)
    assert (
        said(office) == "Each copy costs $20.50." and said(office, "es") == "Cada copia cuesta 20,50 dólares."
    )
    rows = await office.store.pool.fetch("SELECT action FROM audit WHERE action LIKE 'fact_%' ORDER BY id")
    assert [row["action"] for row in rows] == ["fact_saved", "fact_published"]


async def test_answers_that_write_a_fact_out_are_named_because_a_change_does_not_reach_them(
    office: Office,
) -> None:
    fee = office.ours.seed_facts[NAME]
    twenty = replace(fee, values=(replace(fee.values[0], value="20"),))
    today = office.clock().astimezone(office.city.zone).date()
    found = {one.answer.id: one.lines for one in written_out(office.ours, twenty, ("en", "es"), today)}
    assert ("en", "A licence costs $20 a year, or $10 if the dog is neutered.") in found["pet_licence"]
    assert {language for language, _ in found["pet_licence"]} == {"en", "es"}
    assert "parking_fine" not in found, "$25 is not $20"
    bare = replace(twenty, written={})
    assert not written_out(office.ours, bare, ("en",), today), "a bare 20 may be a number of days"


async def test_a_fee_of_next_year_is_shown_with_its_day(changes: FactChanges, office: Office) -> None:
    old = {"from": "2026-01-01", "value": "18"}
    await write(changes, office, old, {"from": "2099-01-01", "value": "20"})
    kept, _ = await changes.get(office.ada, NAME)
    day, touched = changes.touched(kept)
    assert day == date(2099, 1, 1) and touched[0].lines[0].after
    await write(changes, office, {**old, "until": "2099-06-30"})
    kept, _ = await changes.get(office.ada, NAME)
    day, touched = changes.touched(kept)
    assert day == date(2099, 7, 1) and touched[0].lines[0].after is None


async def test_of_two_who_save_the_second_is_told_and_agents_may_not(
    changes: FactChanges, office: Office
) -> None:
    kept, _ = await changes.get(office.ada, NAME)
    version = await write(changes, office, {"from": "2026-01-01", "value": "19"})
    with pytest.raises(FactSavedMeanwhile):
        await changes.save(office.ben, NAME, kept.body, kept.newest)
    agent = await office.somebody("agent")
    for act in (
        changes.add(agent, {**kept.body, "name": "new_fee"}),
        changes.save(agent, NAME, kept.body, version),
        changes.publish(agent, NAME, version),
        changes.settle(agent, NAME, version, take_file=True),
    ):
        with pytest.raises(NotAllowed):
            await act


async def test_a_new_fact_is_used_once_it_is_published(changes: FactChanges, office: Office) -> None:
    kept, _ = await changes.get(office.ada, NAME)
    with pytest.raises(AnswerRefused, match="another look"):
        await changes.add(office.ada, {**kept.body, "name": "New Fee"})
    with pytest.raises(AnswerRefused):
        await changes.add(office.ada, kept.body)
    await changes.add(office.ada, {**kept.body, "name": "new_fee"})
    assert "new_fee" not in office.ours.named_facts
    assert not await changes.needs_two("new_fee"), "no answer uses it"
    await changes.publish(office.ada, "new_fee", 1)
    assert "new_fee" in office.ours.named_facts


async def test_files_come_back_byte_for_byte_and_a_conflict_is_never_overwritten(
    changes: FactChanges, office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "named_facts"
    folder.mkdir()
    for path in (CONTENT / "named_facts").glob("*.yml"):
        (folder / path.name).write_bytes(path.read_bytes())
    files = await list_fact_files(office.store.pool)
    assert {name: text.encode() for name, text in files.items()} == {
        path.stem: path.read_bytes() for path in folder.glob("*.yml")
    }
    version = await write(changes, office, {"from": "2026-01-01", "value": "19"})
    await changes.publish(office.ben, NAME, version)
    written = (await list_fact_files(office.store.pool))[NAME]
    assert yaml.safe_load(written)["values"] == [{"from": date(2026, 1, 1), "value": "19"}]
    file = folder / f"{NAME}.yml"
    file.write_text(file.read_text(encoding="utf-8").replace('"18"', '"21"'), encoding="utf-8")
    seed = load_facts(folder, office.city.complete)
    assert await seed_facts(office.store, tmp_path, seed, office.clock()) == [NAME]
    kept, _ = await changes.get(office.ada, NAME)
    assert kept.in_conflict and kept.body["values"][0]["value"] == "19"
    await changes.settle(office.ada, NAME, kept.newest, take_file=True)
    kept, _ = await changes.get(office.ada, NAME)
    assert not kept.in_conflict and kept.body["values"][0]["value"] == "21" and kept.published == version


async def test_a_file_that_changed_alone_is_followed(
    changes: FactChanges, office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "named_facts"
    folder.mkdir()
    old = office.ours.seed_facts[NAME]
    fresh = fact_of({**body_of_fact(old), "title": "Another title"})
    (folder / f"{NAME}.yml").write_text(fact_as_yaml(fresh), encoding="utf-8")
    seed = load_facts(folder, office.city.complete)
    assert seed[NAME] == fresh
    assert await seed_facts(office.store, tmp_path, seed, office.clock()) == []
    kept = await facts.get_kept(office.store.pool, NAME)
    assert kept is not None and kept.published == kept.newest == 2 and kept.body["title"] == "Another title"
