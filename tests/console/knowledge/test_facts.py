"""Editors keep facts in the console: what they write stays, and what publishing changes is shown first."""

import html
import re
from pathlib import Path

import pytest

from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.exchange import seed_answers
from desk.knowledge.publishing.fact_exchange import seed_facts
from tests.support.console import Answer, RunningConsole

PAGE = "/console/facts/certificate_fee"
HOURS = {
    "kind": "text", "name": "depot_hours", "title": "Hours of the depot", "owner": "Roads", "source": "https://x.example/depot",
    "since-0": "2026-01-01", "text-0-en": "Monday, 9 to 12", "text-0-es": "lunes, de 9 a 12", "text-0-fr": "lundi, de 9 h à 12 h",
}  # fmt: skip


@pytest.fixture
async def desk(console: RunningConsole, catalog: Catalog) -> RunningConsole:
    await seed_facts(console.store, Path("content"), catalog.seed_facts, console.clock())
    await seed_answers(console.store, Path("content"), catalog.seed, console.clock())
    return console


def form_of(page: Answer) -> dict[str, str]:
    form = page.text.partition('<form method="post" action="/console/facts/certificate_fee" ')[2].partition(
        "</form>"
    )[0]
    found = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in re.findall(r"<input ([^>]*)>", form)]
    return {one["name"]: html.unescape(one.get("value", "")) for one in found if one["name"] != "csrf"}


async def test_a_fee_is_changed_in_one_place_for_three_answers(
    desk: RunningConsole, catalog: Catalog
) -> None:
    ed, mia = await desk.signed_in("Ed", "editor"), await desk.signed_in("Mia", "editor")
    listed = await ed.get("/console/facts")
    assert "Fee for a copy of a certificate" in listed.visible and "$18" in listed.visible
    assert "in 3 answers" in listed.visible
    assert "{phone} 555-0100 in" in listed.visible and "call 555-0100" not in listed.visible
    assert "and call {phone} if nothing happens" in listed.visible, "every sentence that a change would touch"
    form = form_of(await ed.get(PAGE))
    unchanged = await ed.post(PAGE, data=form)
    assert unchanged.status == 200 and "Version 1: Published" in unchanged.visible
    saved = await ed.post(PAGE, data={**form, "since-1": "2026-02-01", "value-1": "21"})
    assert "Version 2: Draft" in saved.visible and "3 answers say something else" in saved.visible
    assert (
        "Chaque copie coûte 21 dollars." in saved.visible and "Somebody else has to publish" in saved.visible
    )
    late = await mia.post(PAGE, data={**form, "value-0": "22"})
    assert late.status == 409 and 'value="22"' in late.text and "Saved meanwhile" in late.visible
    own = await ed.post(f"{PAGE}/publish", data={"version": "2"})
    assert own.status == 409 and "somebody else has to publish" in own.visible
    done = await mia.post(f"{PAGE}/publish", data={"version": "2"})
    assert "Version 2: Published" in done.visible and "Birth certificate" in done.visible
    assert catalog.named_facts["certificate_fee"].values[-1].value == "21"
    offered = await (await desk.signed_in()).get("/console/answers/find?q=birth+certificate&language=es")
    assert "21 d" in offered.text


async def test_new_opening_hours_in_every_language_and_what_is_wrong_with_them(desk: RunningConsole) -> None:
    ed = await desk.signed_in("Ed", "editor")
    assert "Words in each language" in (await ed.get("/console/facts/new")).visible
    page = await ed.get("/console/facts/new?kind=text")
    assert 'name="text-0-fr"' in page.text
    no_day = await ed.post("/console/facts", data={**HOURS, "since-0": "soon"})
    assert no_day.status == 422 and "2026-12-31" in no_day.visible and "lunes, de 9 a 12" in no_day.text
    missing = await ed.post("/console/facts", data={**HOURS, "text-0-fr": ""})
    assert (
        missing.status == 422 and "missing in fr" in missing.visible and 'value="depot_hours"' in missing.text
    )
    kept = await ed.post("/console/facts", data=HOURS)
    assert kept.status == 200 and "No answer uses this fact." in kept.visible
    assert "Publish version 1" in kept.visible and "English and Spanish" not in kept.visible
    other = await ed.post(
        "/console/facts/depot_hours", data={**HOURS, "version": "1", "text-0-es": "lunes, de 9 a 13"}
    )
    assert "From 2026-01-01: English and Spanish differ in 12, 13" in other.visible
    again = await ed.post("/console/facts", data=HOURS)
    assert again.status == 422 and "already" in again.visible


async def test_an_answer_that_names_no_fact_is_told_and_the_known_ones_are_listed(
    desk: RunningConsole,
) -> None:
    ed = await desk.signed_in("Ed", "editor")
    page = await ed.get("/console/answers/rats")
    assert "{certificate_fee}" in page.visible and "{office_hours}" in page.visible
    said = await ed.post("/console/answers/rats/check", data={"text-en": "It costs {rat_fee}."})
    assert said.status == 200
