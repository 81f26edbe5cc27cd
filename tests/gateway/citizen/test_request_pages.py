"""The public page of a request: status for everybody with the number, in the city's languages, and nobody's words."""

from datetime import timedelta

from desk.outside import own_pages
from desk.requests.book import RequestBook
from desk.store.georeport import NewGeoRequest
from tests.support.gateway import CITY, RunningGateway

WORDS = NewGeoRequest(
    "pothole", "My secret words", "12 Harbour Street", latitude=41.05, longitude=-73.54,
    attributes={"size": ["large"]}, media_urls=("https://photos.example/mine.jpg",),
    reporter={"email": "ana@example.org", "first_name": "Ana"},
)  # fmt: skip


async def opened(gateway: RunningGateway, path: str, **headers: str) -> tuple[int, str]:
    async with gateway.http.get(gateway.base + path, headers={"accept": "text/html"} | headers) as answer:
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        return answer.status, await answer.text()


async def test_everybody_with_the_number_sees_the_status_and_nobody_s_words(gateway: RunningGateway) -> None:
    book = RequestBook(gateway.store, gateway.clock)
    kept = await book.create(WORDS, gateway.clock() + timedelta(days=1))
    await book.set_crew(kept.reference, "Roads North")
    path = f"/requests/{kept.reference}"
    status, page = await opened(gateway, path)
    assert status == 200 and "Open: the city is working on it." in page and "Pothole or damaged road" in page
    for secret in ("secret", "Harbour", "41.05", "mine.jpg", "ana@", "Ana", "large", "Roads North"):
        assert secret not in page, secret

    gateway.clock.shift += timedelta(days=3)
    _, page = await opened(gateway, path + "?language=fr")
    assert "Cela prend plus de temps que prévu" in page and 'lang="fr"' in page and "Nid-de-poule" in page
    await book.set_status(kept.reference, "closed", "Filled <b>today</b>", "https://photos.example/done.jpg")
    _, page = await opened(gateway, path, **{"accept-language": "es"})
    assert "Cerrado." in page and "Filled &lt;b&gt;today&lt;/b&gt;" in page
    assert 'href="https://photos.example/done.jpg"' in page and "Tarda" not in page
    # As people write a number.
    status, _ = await opened(gateway, path.lower().replace("sr-", "sr"))
    assert status == 200


async def test_a_number_that_nobody_has_is_said_so(gateway: RunningGateway) -> None:
    for number in ("SR-0000-0000", "%3Cscript%3E", "x" * 500, "%00"):
        status, page = await opened(gateway, f"/requests/{number}")
        assert status == 404 and "There is no report with this number here" in page and "<script" not in page


def test_only_our_own_book_has_such_pages() -> None:
    page = own_pages("https://desk.example/", CITY.backends)
    assert page("requests", "SR-1", "fr") == "https://desk.example/requests/SR-1?language=fr"
    assert page("county", "SR-1", "fr") is None
