"""What the public may read at once, and how often."""

from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from desk.requests.book import RequestBook
from desk.store.georeport import NewGeoRequest, Search
from desk.store.pool import Store
from gateway.georeport import server
from gateway.limits import RATES
from tests.gateway.georeport.serving import KEY
from tests.support.clock import Clock
from tests.support.gateway import running_gateway


async def answer(http: aiohttp.ClientSession, url: str, **headers: str) -> tuple[int, str, str]:
    async with http.get(url, headers=headers) as response:
        return response.status, await response.text(), response.headers.get("retry-after", "")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("service_request_id=" + ",".join(f"SR-{n:04d}-0000" for n in range(201)), "at most 200 numbers"),
        ("service_code=" + ",".join(f"c{n}" for n in range(101)), "at most 100 codes"),
        ("page=52", "Pages end after 50,000"),
        ("page=999999&page_size=1000", "Pages end after 50,000"),
    ],
)
async def test_a_question_that_is_too_large_is_refused(
    http: aiohttp.ClientSession, base: str, query: str, says: str
) -> None:
    status, body, _ = await answer(http, f"{base}/requests.json?{query}")
    assert status == 400 and says in body


async def test_a_public_list_leaves_what_citizens_gave_in_the_database(
    store: Store, clock: Clock, book: RequestBook
) -> None:
    await book.create(NewGeoRequest("pothole", "words " * 500, "1 Mill Street", latitude=1.0, longitude=2.0))
    (whole,) = await book.search(Search())
    (public,) = await book.search(Search(given="nothing"))
    assert whole.description and whole.address and whole.latitude == 1.0
    assert (public.description, public.address, public.latitude, public.media_urls) == ("", None, None, [])
    assert public.reference == whole.reference and public.requested_at == whole.requested_at
    assert await book.find([whole.reference], given="nothing") == [public]


async def test_an_answer_has_a_most_of_bytes(
    http: aiohttp.ClientSession, base: str, book: RequestBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MAX_ANSWER", 20_000)
    for number in range(10):
        await book.create(NewGeoRequest("pothole", f"{number} " + "x" * 3_900))
    status, body, _ = await answer(http, f"{base}/requests.json", **{"x-api-key": KEY})
    assert status == 400 and "page_size" in body
    status, body, _ = await answer(http, f"{base}/requests.json?page_size=3", **{"x-api-key": KEY})
    assert status == 200 and len(body) < 20_000
    assert (await answer(http, f"{base}/requests.json"))[0] == 200, "without what citizens gave it is small"


async def test_who_has_no_key_reads_so_often_and_no_more(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    burst = int(RATES["georeport-by-address"].burst * 0.1)
    async with running_gateway(
        pg_url, redis_url, tmp_path, store=store, CIVICDESK_RATE_SCALE="0.1", CIVICDESK_OPEN311_KEY=KEY,
        CIVICDESK_TRUSTED_PROXIES="1",
    ) as gateway:  # fmt: skip
        url, mine = f"{gateway.base}/open311/v2/requests", {"x-forwarded-for": "192.0.2.1"}
        answers = [await answer(gateway.http, f"{url}.json", **mine) for _ in range(burst + 3)]
        assert [status for status, _, _ in answers[:burst]] == [200] * burst
        status, body, retry_after = answers[-1]
        assert status == 429 and int(retry_after) >= 1 and '"code": 429' in body
        assert (await answer(gateway.http, f"{url}/SR-0000-0000.xml", **mine))[0] == 429
        assert (await answer(gateway.http, f"{url}.json", **mine, **{"x-api-key": KEY}))[0] == 200
        assert (await answer(gateway.http, f"{url}.json", **{"x-forwarded-for": "192.0.2.2"}))[0] == 200
        assert (await answer(gateway.http, f"{gateway.base}/open311/v2/services.json", **mine))[0] == 200


async def test_a_create_sent_twice_is_written_twice(store: Store, book: RequestBook, clock: Clock) -> None:
    """The first may have been cancelled while it waited for a standby: only a write waits for it again."""
    new = NewGeoRequest("pothole", same_as="one")
    first = await book.create(new)
    before = await store.pool.fetchval("SELECT xmin::text FROM georeport_requests")
    clock.now += timedelta(hours=1)
    assert await book.create(new) == first
    assert await store.pool.fetchval("SELECT xmin::text FROM georeport_requests") != before
