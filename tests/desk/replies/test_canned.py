"""Canned texts: variables, finding, the seed in content/, and macros."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from city import City
from desk.conversations.transfers import Transfers
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import ContentError
from desk.knowledge.lint import WORDS, sentences, words
from desk.model import NotFound, Refused
from desk.replies.canned import checked, fill, matching, values_for
from desk.replies.macros import Macros
from desk.replies.seeds import read_canned, read_macros, read_tags, seed
from desk.replies.tagging import Tagging
from desk.store.people import audit
from desk.store.pool import Store
from desk.store.replies import canned, macros, tags
from desk.store.replies.canned import CannedText
from tests.support.desk import Desk

CONTENT = Path("content")
PASSED_ON = CannedText(
    "passed_on", "With the crew", {"en": "{contact_name}: {reference}, {phone}.", "es": "Sí."}
)


def test_variables_are_filled_once_and_missing_ones_are_named() -> None:
    filled = fill(PASSED_ON, "en", {"contact_name": "{phone}", "phone": "555"})
    assert filled is not None
    assert (filled.text, filled.missing) == ("{phone}: [reference], 555.", ("reference",))
    assert fill(PASSED_ON, "fr", {}) is None


async def test_values_of_a_conversation(desk: Desk, catalog: Catalog) -> None:
    contact, actor = await desk.contact(), await desk.agent("Ana")
    values = values_for(catalog.facts("es"), replace(contact, name="Lucía"), "SR-1", actor)
    assert (values["contact_name"], values["reference"], values["agent_name"]) == ("Lucía", "SR-1", "Ana")
    assert values["office_address"] == desk.city.office_address
    assert "contact_name" not in values_for({}, contact, None, actor)


def test_every_word_or_its_beginning_must_fit_and_titles_come_first() -> None:
    other = CannedText("crew", "Étape", {"en": "With us."})
    retired = replace(other, id="old", active=False)
    texts = [PASSED_ON, other, retired]
    assert [one.id for one in matching(texts, "with", "en")] == ["passed_on", "crew"]
    assert [one.id for one in matching(texts, "eta", "en")] == ["crew"]
    assert [one.id for one in matching(texts, "with nothing", "en")] == []
    assert [one.id for one in matching(texts, "", "es")] == ["passed_on"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CannedText("Bad id", "T", {"en": "x"}), "bad_id"),
        (CannedText("a", " ", {"en": "x"}), "bad_title"),
        (CannedText("a", "T", {"es": "x"}), "no_text"),
        (CannedText("a", "T", {"en": "{password}"}), "bad_variable"),
        (CannedText("a", "T", {"en": "x" * 2001}), "too_long"),
    ],
)
def test_what_a_supervisor_may_not_save(text: CannedText, code: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(text, ("phone",), "en")
    assert refused.value.code == code


def test_the_seed_is_whole_and_plain(catalog: Catalog, city: City) -> None:
    texts, steps = read_canned(CONTENT, catalog, city), read_macros(CONTENT)
    assert {one.canned for one in steps} <= {one.id for one in texts}
    assert {tag for one in steps for tag in one.tags} <= set(read_tags(CONTENT))
    for one in texts:
        for wording in one.texts.values():
            assert all(words(sentence) <= WORDS for sentence in sentences(wording)), wording


def test_a_seed_that_is_wrong_names_its_file(tmp_path: Path, catalog: Catalog, city: City) -> None:
    (tmp_path / "canned").mkdir()
    (tmp_path / "canned/hello.yml").write_text("title: Hello\nen: Hi {nobody}\nes: Hola\nfr: Salut\n")
    with pytest.raises(ContentError, match=r"hello\.yml.*\{nobody\}"):
        read_canned(tmp_path, catalog, city)
    (tmp_path / "canned/hello.yml").write_text("title: Hello\nen: Hi\n")
    with pytest.raises(ContentError, match="'es' is missing"):
        read_canned(tmp_path, catalog, city)
    (tmp_path / "macros").mkdir()
    (tmp_path / "macros/gone.yml").write_text("title: T\nact: explode\n")
    with pytest.raises(ContentError, match=r"gone\.yml"):
        read_macros(tmp_path)


async def test_the_seed_changes_nothing_that_people_changed(desk: Desk, catalog: Catalog) -> None:
    store: Store = desk.worker_store
    await asyncio.gather(*(seed(store, CONTENT, catalog, desk.city) for _ in range(2)))
    agent = await desk.agent()
    (first, *_) = await canned.list_texts(desk.store.pool)
    await canned.set_text(desk.store.pool, replace(first, title="Other", active=False), agent.agent_id)
    await tags.set_tag(desk.store.pool, "spam", active=False)
    await seed(store, CONTENT, catalog, desk.city)
    kept = await canned.get_text(desk.store.pool, first.id)
    assert kept is not None and (kept.title, kept.active) == ("Other", False)
    assert "spam" not in await tags.list_offered(desk.store.pool)


async def test_a_macro_does_everything_or_nothing(desk: Desk, catalog: Catalog) -> None:
    await seed(desk.store, CONTENT, catalog, desk.city)
    contact = await desk.contact()
    waiting, agent = await desk.queued(contact), await desk.agent()
    held = await desk.ownership.claim(agent, waiting.id)
    run = Macros(desk.ownership, Transfers(desk.ownership), Tagging(desk.ownership)).run
    pool = desk.store.pool
    needs = macros.Macro("needs", "T", "request_passed_on", ("press",), "resolve", None)
    before = len(await desk.log(contact))
    with pytest.raises(Refused, match="needs: reference"):
        await run(pool, agent, held, needs, {}, "en", "one")
    assert (await desk.conversation(contact)).state == "assigned" and len(await desk.log(contact)) == before
    assert await tags.list_of_conversation(pool, waiting.id) == []

    (no_answer,) = [one for one in await macros.list_macros(pool) if one.id == "no_answer"]
    await run(pool, agent, held, no_answer, {}, "es", "two")
    assert (await desk.log(contact))[-1].text.startswith("No he sabido de usted")
    assert await tags.list_of_conversation(pool, waiting.id) == ["no answer"]
    lines = [line["action"] for line in await audit.list_of_conversation(pool, waiting.id)]
    assert lines[:3] == ["resolve", "tag", "reply"]


async def test_only_tags_of_the_list_are_given(desk: Desk) -> None:
    waiting, agent = await desk.queued(), await desk.agent()
    do, pool = Tagging(desk.ownership), desk.store.pool
    await tags.set_tag(pool, "press", active=True)
    await do.add(agent, waiting.id, "press")
    await do.add(agent, waiting.id, "press")
    with pytest.raises(NotFound):
        await do.add(agent, waiting.id, "made up")
    await tags.set_tag(pool, "press", active=False)
    assert await tags.list_of_conversation(pool, waiting.id) == ["press"]  # a retired tag stays where it is
    await do.remove(agent, waiting.id, "press")
    assert await tags.list_of_conversation(pool, waiting.id) == []
