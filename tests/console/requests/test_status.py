"""Reports whose outcome supervisors decide."""

from desk.requests.book import RequestBook
from desk.store.georeport import NewGeoRequest
from tests.support.console import RunningConsole


async def test_a_supervisor_sets_the_status_that_the_citizen_is_told(console: RunningConsole) -> None:
    book = RequestBook(console.store, console.clock)
    kept = await book.create(NewGeoRequest("pothole", "A hole", "12 Harbour Street"))
    ana, carla = await console.signed_in(), await console.signed_in("Carla Rossi", "supervisor")
    path = f"/console/requests/{kept.reference}/status"
    change = {"status": "closed", "notes": "Filled on Monday."}

    refused = await ana.post(path, data=change)
    assert refused.status == 403 and "Only a supervisor" in refused.visible
    assert "Change the status" not in (await ana.get("/console/requests")).visible
    assert (await book.find([kept.reference]))[0].status == "open"

    done = await carla.post(path, data=change)
    assert done.status == 200 and "The status is saved" in done.visible
    now = (await book.find([kept.reference]))[0]
    assert (now.status, now.status_notes) == ("closed", "Filled on Monday.")
    assert kept.reference in (await ana.get("/console/requests?status=closed")).visible
    assert kept.reference not in (await ana.get("/console/requests?status=open")).visible
    assert "request_status" in await console.audited()


async def test_a_status_that_is_none_is_refused_with_what_was_typed(console: RunningConsole) -> None:
    book = RequestBook(console.store, console.clock)
    kept = await book.create(NewGeoRequest("pothole", "A hole"))
    carla = await console.signed_in("Carla Rossi", "supervisor")
    path = f"/console/requests/{kept.reference}/status"
    refused = await carla.post(path, data={"status": "maybe", "notes": "my long note"})
    assert (
        refused.status == 422
        and "either open or closed" in refused.visible
        and "my long note" in refused.text
    )
    assert (await carla.post("/console/requests/SR-0000-0000/status", data={"status": "open"})).status == 404
    assert (await book.find([kept.reference]))[0].updated_at == kept.updated_at


async def test_a_request_shows_the_answers_what_was_sent_along_and_the_photos(
    console: RunningConsole,
) -> None:
    book = RequestBook(console.store, console.clock)
    await book.create(
        NewGeoRequest(
            "pothole",
            "A hole",
            attributes={"size": ["large"], "uprn": ["100023336956", "<b>2"]},
            media_urls=("https://photos.example/1.jpg", "javascript:alert(1)"),
        )
    )
    page = await (await console.signed_in()).get("/console/requests")
    assert "How big is the hole Larger than a plate" in " ".join(page.visible.split())
    assert "uprn (sent along) 100023336956" in " ".join(page.visible.split())
    assert "<bdi>&lt;b&gt;2</bdi>" in page.text
    assert 'href="https://photos.example/1.jpg"' in page.text and "javascript:" not in page.text
