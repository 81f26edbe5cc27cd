"""A county's answers are taken in, followed, overridden one by one, and withdrawn with it; what was tampered with is not."""

import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer

from city import City
from city.model import SharedSetConfig
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import ContentError, parse_untrusted
from desk.knowledge.pages.fetching import PageFetcher
from desk.knowledge.publishing.exchange import list_answer_files, list_own_files
from desk.knowledge.publishing.published import PublishedAnswers
from desk.knowledge.sharing.reading import SetReader, list_of
from desk.knowledge.sharing.taking import SharedAnswers
from desk.model import Reply
from desk.store.knowledge import shared
from desk.store.pool import Store
from tests.support.answers_office import ID, Office, open_office

COUNTY = "Linden County"
NEW = "county_tax"
ASKED = (
    "what is the county tax",
    "county tax rate",
    "how much county tax",
    "do I pay county tax",
    "tax of the county",
)


def county_answer(text: str, **more: Any) -> dict[str, Any]:
    said = {one: {"title": "County tax", "text": text} for one in ("en", "es", "fr")}
    examples = {one: [f"{asked} {one}" for asked in ASKED] for one in said}
    head = {"owner": "County", "area": "money", "source": "https://www.county.example/tax"}
    days = {"reviewed_on": "2026-01-05", "review_by": "2099-01-05"}
    return {**head, **days, "examples": examples, **more, **said}


class County:
    """The county's folder, and the worker that reads it."""

    def __init__(self, office: Office, folder: Path, **config: Any) -> None:
        self.office, self.folder = office, folder
        self.config = SharedSetConfig(name=COUNTY, **(config or {"folder": str(folder)}))
        city = msgspec.structs.replace(office.city, shared_answers=(self.config,))
        self.fetcher = PageFetcher(city.website, ["127.0.0.1"], sleep=self._sleep)
        self.taking = SharedAnswers(office.store, city, office.ours, SetReader(self.fetcher), office.clock)
        self.version = 0

    async def _sleep(self, seconds: float) -> None:
        """The pause between two requests."""

    def write(self, bodies: dict[str, dict[str, Any]], version: int | None = None) -> None:
        """The next version of the set."""
        self.version = version or self.version + 1
        files = {id: yaml.safe_dump({"id": id, **body}, allow_unicode=True) for id, body in bodies.items()}
        (self.folder / "answers").mkdir(parents=True, exist_ok=True)
        for id, text in files.items():
            (self.folder / "answers" / f"{id}.yml").write_text(text, encoding="utf-8")
        (self.folder / "set.json").write_text(list_of(self.version, files), encoding="utf-8")

    async def take(self) -> list[str]:
        """Read it, and renew the catalogue; returns what could not be taken in."""
        await self.taking.take(self.config)
        await PublishedAnswers(self.office.ours).read(self.office.store.pool)
        return list((await shared.list_sets(self.office.store.pool))[COUNTY].problems)

    def said(self) -> str:
        today = self.office.clock().date()
        return self.office.ours.compose(Reply(answer=NEW), "en", today=today).text

    async def differs(self, id: str = NEW) -> bool:
        kept = await self.office.drafts.get(self.office.ada, id)
        return (await shared.list_shared(self.office.store.pool))[id].differs(kept.body)


@pytest.fixture
async def office(store: Store, city: City, catalog: Catalog) -> Office:
    return await open_office(store, city, catalog)


@pytest.fixture
def county(office: Office, tmp_path: Path) -> County:
    return County(office, tmp_path / "county")


async def override(office: Office, text: str) -> int:
    """Ada's words instead of the county's, approved and published."""
    kept = await office.drafts.get(office.ada, NEW)
    texts = {**kept.body["texts"], "en": {"title": "County tax", "text": text}}
    await office.drafts.save(office.ada, NEW, {**kept.body, "texts": texts}, kept.newest)
    return await release(office)


async def release(office: Office) -> int:
    version = (await office.drafts.get(office.ada, NEW)).newest
    await office.review.submit(office.ada, NEW, version)
    await office.review.approve(office.ben, NEW, version)
    await office.review.publish(office.ben, NEW, version)
    return version


async def test_an_answer_is_followed_until_it_is_overridden_and_then_compared(
    office: Office, county: County
) -> None:
    own = await list_own_files(office.store.pool)
    county.write({NEW: county_answer("The tax is 1 percent.\n\nPay by June.")})
    assert await county.take() == [] and "1 percent" in county.said()
    assert NEW in await list_answer_files(office.store.pool), "the assistant learns it"
    assert await list_own_files(office.store.pool) == own, "it is the county's to export"
    county.write({NEW: county_answer("The tax is 2 percent.\n\nPay by June.")})
    await county.take()
    assert "2 percent" in county.said() and not await county.differs()
    version = await override(office, "The tax is 2 percent.\n\nPay by June, at our town hall.")
    exported = await list_own_files(office.store.pool)
    assert "town hall" in exported.pop(NEW) and exported == own
    county.write({NEW: county_answer("The tax is 3 percent.\n\nPay by June.")})
    await county.take()
    assert "town hall" in county.said() and "2 percent" in county.said(), "nothing is overwritten"
    assert await county.differs()
    await office.drafts.settle_shared(office.ada, NEW, version, "merge")
    merged = await office.drafts.get(office.ada, NEW)
    assert merged.state == "draft" and not await county.differs()
    assert merged.body["texts"]["en"]["text"] == "The tax is 3 percent.\n\nPay by June, at our town hall."
    await release(office)
    county.write({NEW: county_answer("The tax is 4 percent.")})
    await county.take()
    await office.drafts.settle_shared(office.ada, NEW, merged.newest, "ours")
    assert not await county.differs() and "3 percent" in county.said()
    county.write({NEW: county_answer("The tax is 5 percent.")})
    await county.take()
    await office.drafts.settle_shared(office.ada, NEW, merged.newest, "theirs")
    await release(office)
    county.write({NEW: county_answer("The tax is 6 percent.")})
    await county.take()
    assert "6 percent" in county.said(), "what was taken back from the county is followed again"


async def test_what_the_county_withdraws_is_withdrawn_unless_it_was_overridden(
    office: Office, county: County
) -> None:
    other = "county_parks"
    county.write({NEW: county_answer("The tax is 1 percent."), other: county_answer("Parks are open.")})
    (problem,) = await county.take()
    assert problem.startswith(f"{NEW}: The example"), "they have the same examples"
    county.write(
        {NEW: county_answer("The tax is 1 percent."), ID: county_answer("County rats.", examples={})}
    )
    await county.take()
    assert await county.take() == [], "its examples are free once the other answer is withdrawn"
    assert await county.differs(ID), "our own answer of the same name stays, and both are shown"
    assert "County rats." not in office.said(office.ours)
    county.write({ID: county_answer("County rats.", examples={})})
    await county.take()
    assert not office.ours.is_given(NEW, office.clock().date())
    (last, *_) = (await office.drafts.history(office.ada, NEW))[1]
    assert (last.state, last.why) == ("withdrawn", f"{COUNTY} no longer shares it.")
    county.write({})
    await county.take()
    assert office.ours.is_given(ID, office.clock().date()), "ours"


@pytest.fixture
async def site(county: County) -> AsyncIterator[tuple[str, dict[str, bytes], list[str]]]:
    """The folder on a web server, with files instead of its own, and what was asked."""
    instead: dict[str, bytes] = {}
    asked: list[str] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        path = county.folder / request.path.lstrip("/")
        if request.path not in instead and not path.is_file():
            return web.Response(status=404)
        return web.Response(body=instead.get(request.path) or path.read_bytes())

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    async with TestServer(app) as server:
        yield str(server.make_url("")), instead, asked


async def test_a_set_on_the_web_is_verified_and_only_changed_files_are_read(
    office: Office, county: County, site: tuple[str, dict[str, bytes], list[str]]
) -> None:
    address, instead, asked = site
    remote = County(office, county.folder, address=address)
    remote.write({NEW: county_answer("The tax is 1 percent.")})
    assert await remote.take() == [] and "1 percent" in remote.said()
    asked.clear()
    await remote.take()
    assert asked == ["/robots.txt", "/set.json"]
    remote.write({NEW: county_answer("The tax is 2 percent.")})
    instead[f"/answers/{NEW}.yml"] = b"id: county_tax\nen: {title: Free, text: No tax.}\n"
    assert "is not the file of which set.json has the hash" in (await remote.take())[0]
    assert "1 percent" in remote.said()
    instead.clear()
    assert await remote.take() == [] and "2 percent" in remote.said(), (
        "read again, as not everything was taken in"
    )
    for data, told in (
        (list_of(1, {}).encode(), "went back from version 2 to 1"),
        (list_of(2, {}).encode(), "still says that it is version 2"),
        (b"[" * 100_000, "set.json is wrong"),
        (b" " * 200_000, "cannot be read"),
        (json.dumps({"format": "civicdesk-answers/1", "version": 3, "answers": {"../x": "0" * 64}}).encode(), "is wrong"),
    ):  # fmt: skip
        instead["/set.json"] = data
        (problem,) = await remote.take()
        assert told in problem and "2 percent" in remote.said()


async def test_an_answer_that_breaks_our_rules_is_left_out_with_those_that_lead_to_it(county: County) -> None:
    button = {"buttons": [{"key": "tax", "answer": NEW}]}
    led = county_answer("Parks are open.", examples={}, **button)
    for language in ("en", "es", "fr"):
        led[language]["buttons"] = {"tax": "Tax"}
    county.write({NEW: county_answer("The tax is {county_rate}."), ID: led})
    problems = await county.take()
    assert any(one.startswith(f"{NEW}: ") and "{county_rate}" in one for one in problems)
    assert f"{ID}: A button leads to '{NEW}', which was left out." in problems
    assert NEW not in county.office.ours.answers
    county.write({"stops": county_answer("A page of the console has this name.")})
    assert "uses this name" in (await county.take())[0]


@pytest.mark.parametrize(
    "data",
    [
        b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
        b"a: " + b"[" * 50 + b"]" * 50,
        b"[" * 60_000,
        b"a: 2026-99-99\n",
        b"a: \xff\n",
        b"just text",
    ],
)  # fmt: skip
def test_a_file_that_would_grow_or_cannot_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(ContentError):
        parse_untrusted(data, Path("answers/x.yml"))


def test_the_list_has_the_hash_of_every_file() -> None:
    listed = json.loads(list_of(0, {"rats": "Rats.\n"}))
    assert listed["version"] == 1
    assert listed["answers"] == {"rats": hashlib.sha256(b"Rats.\n").hexdigest()}
