"""Answers that a county shares: where they come from is shown, and what differs is kept, taken or merged."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from city import City
from city.model import SharedSetConfig
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.exchange import seed_answers
from desk.store.knowledge import answers, shared
from desk.store.knowledge.shared import SharedAnswer
from desk.store.pool import Store
from tests.support.answer_forms import form_of
from tests.support.console import RunningConsole, running_console

PAGE, COUNTY = "/console/answers/rats", "Linden <County>"


@pytest.fixture
async def desk(
    store: Store, redis_url: str, city: City, catalog: Catalog, tmp_path: Path
) -> AsyncIterator[RunningConsole]:
    """Of a city that takes in what its county shares, as a worker left it after the set was read."""
    config = SharedSetConfig(name=COUNTY, address="https://county.example/answers/")
    ours = msgspec.structs.replace(city, shared_answers=(config,))
    async with running_console(store, redis_url, ours, catalog, tmp_path) as console:
        await seed_answers(store, Path("content"), catalog.seed, console.clock())
        async with store.transaction() as transaction:
            kept = await answers.get_kept(transaction, "rats")
            assert kept is not None
            problems = ["trees: French: a sentence has 30 words."]
            await shared.set_read(transaction, COUNTY, 4, "", console.clock(), problems)
            await shared.set_shared(transaction, SharedAnswer("rats", COUNTY, 4, "-", kept.body, kept.body))
        yield console


async def change(desk: RunningConsole, title: str) -> None:
    """The county's next version of the title."""
    said = (await shared.list_shared(desk.store.pool))["rats"]
    assert said.body is not None
    texts = {**said.body["texts"], "en": {**said.body["texts"]["en"], "title": title}}
    body = {**said.body, "texts": texts}
    async with desk.store.transaction() as transaction:
        await shared.set_shared(transaction, SharedAnswer("rats", COUNTY, 5, "-", body, said.base))


async def test_where_an_answer_comes_from_and_what_differs_is_shown(desk: RunningConsole) -> None:
    ed, ana = await desk.signed_in("Ed", "editor"), await desk.signed_in()
    page = await ed.get(PAGE)
    assert f"Shared by {COUNTY} ." in page.visible and "says something else" not in page.visible
    owner = form_of(page) | {"owner": "Our own pest control"}
    assert f"Own words instead of those shared by {COUNTY} ." in (await ed.post(PAGE, data=owner)).visible
    await change(desk, "Rats and mice")
    page = await ed.get(PAGE)
    assert f"{COUNTY} says something else" in page.visible and "<bdi>Rats and mice</bdi>" in page.text
    assert "Make a draft with both changes" in page.visible
    assert "Make a draft with both changes" not in (await ana.get(PAGE)).visible
    listed = await ed.get("/console/answers?state=differs&origin=own")
    assert f"{COUNTY} says something else" in listed.visible
    assert "/console/answers/rats" not in (await ed.get(f"/console/answers?origin={COUNTY}")).text
    sets = await ed.get("/console/answers/shared")
    assert "Version 4" in sets.visible and "a sentence has 30 words" in sets.visible
    assert "These say something else than here 1" in sets.visible
    late = await ed.post(f"{PAGE}/settle", data={"version": "1", "take": "merge"})
    assert late.status == 409
    merged = await ed.post(f"{PAGE}/settle", data={"version": "2", "take": "merge"})
    form = form_of(merged)
    assert (form["title-en"], form["owner"]) == ("Rats and mice", "Our own pest control")
    assert (
        f"Merged with {COUNTY}, version 5." in merged.visible and "says something else" not in merged.visible
    )
    await change(desk, "Rodents")
    kept = await ed.post(f"{PAGE}/settle", data={"version": "3", "take": "mine"})
    assert "Rodents" not in kept.visible and "Version 3: Draft" in kept.visible
    await change(desk, "Mice")
    taken = form_of(await ed.post(f"{PAGE}/settle", data={"version": "3", "take": "theirs"}))
    assert taken["title-en"] == "Mice" and taken["owner"] != "Our own pest control"
