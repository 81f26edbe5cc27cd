"""The request book as a small town's only system: crews, filters, the map, the closure's photo, and CSV out and in."""

import csv
import html
import io
import re
from datetime import timedelta

import aiohttp

from desk.requests.book import RequestBook
from desk.store.georeport import GeoRequest, NewGeoRequest, Search
from tests.support.console import Browser, RunningConsole
from tests.support.photos import jpeg


async def three(console: RunningConsole) -> tuple[RequestBook, list[GeoRequest]]:
    book = RequestBook(console.store, console.clock)
    until = console.clock() + timedelta(minutes=5)
    news = (
        NewGeoRequest(
            "pothole", "=cmd|' /C calc'!A0", "12 Harbour Street", latitude=41.051, longitude=-73.545
        ),
        NewGeoRequest("pothole", "Second", latitude=41.05101, longitude=-73.54501),
        NewGeoRequest("street_light", "Dark", "3 Mill Lane", latitude=41.06, longitude=-73.53),
    )
    return book, [await book.create(one, until) for one in news]


def shown(text: str, requests: list[GeoRequest]) -> list[int]:
    return [number for number, one in enumerate(requests) if f'id="r-{one.reference}"' in text]


async def test_a_request_is_given_to_a_crew_and_found_by_it(console: RunningConsole) -> None:
    book, (first, second, third) = await three(console)
    every = [first, second, third]
    carla, ana = await console.signed_in("Carla Rossi", "supervisor"), await console.signed_in()
    assert (await ana.post(f"/console/requests/{first.reference}/crew", data={"crew": "x"})).status == 403
    saved = await carla.post(f"/console/requests/{first.reference}/crew", data={"crew": "  Roads   North "})
    assert (
        saved.status == 200 and "The crew is saved" in saved.visible and "Crew: Roads North" in saved.visible
    )
    await carla.post(f"/console/requests/{third.reference}/crew", data={"crew": "roads NORTH"})
    assert await book.crews() == ["Roads North"], "one crew, however it is written"
    (now,) = await book.find([first.reference])
    assert (now.crew, now.status, now.updated_at) == ("Roads North", "open", first.updated_at)
    # The list stays as it was filtered, and what was chosen in its filters is not what is saved.
    kept = await carla.get("/console/requests?status=open&crew=Roads+North")
    listed = re.search(r'name="list" value="([^"]*)"', kept.text)
    assert listed and shown(kept.text, every) == [0, 2]
    form = {"list": html.unescape(listed[1]), "status": "closed", "notes": "Done."}
    left = await carla.post(f"/console/requests/{third.reference}/status", data=form)
    assert shown(left.text, every) == [0] and (await book.find([third.reference]))[0].status == "closed"
    await carla.post(f"/console/requests/{third.reference}/status", data={**form, "status": "open"})
    again = await carla.post(f"/console/requests/{second.reference}/crew", data={"crew": "Lamps"})
    assert shown(again.text, every) == [0, 1, 2], "a list without filters stays whole"
    await carla.post(f"/console/requests/{second.reference}/crew", data={"crew": ""})
    long = await carla.post(f"/console/requests/{first.reference}/crew", data={"crew": "x" * 81})
    assert long.status == 422 and "longer than 80" in long.visible

    for filters, found in (
        ({"crew": "Roads North"}, [0, 2]),
        ({"crew": "-"}, [1]),
        ({"service": "pothole"}, [0, 1]),
        ({"service": "pothole", "crew": "Roads North", "words": "harbour"}, [0]),
        ({"since": "2000-01-01", "until": "2000-01-02"}, []),
        ({"since": "2000-01-01"}, [0, 1, 2]),
        ({"late": "yes"}, []),
        ({"area": "41.059000,-73.540000,41.061000,-73.520000"}, [2]),
        ({"service": "zebra", "since": "never", "area": "1,2", "status": "maybe"}, [0, 1, 2]),
    ):
        page = await carla.post("/console/requests/search", data=filters)
        assert page.status == 200 and shown(page.text, every) == found, filters
    console.clock.shift += timedelta(minutes=6)
    page = await carla.get("/console/requests?late=yes")
    assert shown(page.text, every) == [0, 1, 2] and "Late" in page.visible


async def test_the_map_shows_the_boundary_and_what_is_near_each_other_as_one(console: RunningConsole) -> None:
    _, every = await three(console)
    page = await (await console.signed_in()).get("/console/requests")
    assert 'class="map-boundary"' in page.text and page.text.count('class="map-mark"') == 2
    assert 'aria-label="2 requests here: show only these"' in page.text
    assert f'href="#r-{every[2].reference}"' in page.text
    area = page.text.split("area=")[1].split('"')[0]
    nearer = await (await console.signed_in()).get(f"/console/requests?area={area}")
    assert shown(nearer.text, every) == [0, 1] and "Show the whole map" in nearer.visible


async def test_a_closure_s_photo_stays_when_only_its_note_is_changed(console: RunningConsole) -> None:
    book, (first, *_) = await three(console)
    carla = await console.signed_in("Carla Rossi", "supervisor")
    path = f"/console/requests/{first.reference}/status"
    fields = {"status": "closed", "notes": "Filled", "list": "?service=pothole"}
    form = aiohttp.FormData({"csrf": carla.csrf, **fields})
    form.add_field("photo", jpeg(), filename="done.jpg", content_type="image/jpeg")
    async with carla.http.post(console.base + path, data=form, headers={"accept": "text/html"}) as answer:
        assert answer.status == 200 and "service=pothole" in str(answer.url), "the filters stay"
        assert "Photo of the finished work" in await answer.text()
    (closed,) = await book.find([first.reference])
    assert closed.status_media and closed.status_media.startswith("media:")
    await carla.post(path, data={"status": "closed", "notes": "Filled with asphalt"})
    (noted,) = await book.find([first.reference])
    assert (noted.status_media, noted.status_notes) == (closed.status_media, "Filled with asphalt")
    await carla.post(path, data={"status": "open", "notes": ""})
    (again,) = await book.find([first.reference])
    assert again.status_media is None


async def table(browser: Browser, text: str | bytes, apply: bool = False) -> tuple[int, str]:
    form = aiohttp.FormData({"csrf": browser.csrf}, default_to_multipart=True)
    if apply:
        form.add_field("text", text)
    else:
        data = text if isinstance(text, bytes) else text.encode()
        form.add_field("table", io.BytesIO(data), filename="table.csv", content_type="text/csv")
    path = "/console/requests/import" + ("/apply" if apply else "")
    async with browser.http.post(browser.base + path, data=form, headers={"accept": "text/html"}) as answer:
        return answer.status, await answer.text()


async def test_a_table_goes_out_and_comes_in_after_a_dry_run(console: RunningConsole) -> None:
    book, (first, second, third) = await three(console)
    carla = await console.signed_in("Carla Rossi", "supervisor")
    await carla.post(f"/console/requests/{third.reference}/crew", data={"crew": "Lamps"})
    out = await carla.post("/console/requests/export", data={"status": "open"})
    rows = list(csv.DictReader(io.StringIO(out.text.removeprefix("\ufeff"))))
    assert out.status == 200 and [one["number"] for one in rows] == [
        one.reference for one in (await book.search(Search()))
    ]
    by_number = {one["number"]: one for one in rows}
    assert by_number[first.reference]["description"] == "'=cmd|' /C calc'!A0", "no formula"
    assert by_number[third.reference]["crew"] == "Lamps"

    status, page = await table(carla, out.text)
    assert status == 200 and "0 to change, 0 new, 3 as they are, 0 wrong" in page, (
        "what comes back changes nothing"
    )

    by_number[first.reference] |= {"status": "closed", "note": "Filled"}
    by_number[third.reference] |= {"crew": ""}
    new = {
        "service": "pothole",
        "address": "8 Elm Street",
        "description": "From the old book",
        "crew": "lamps",
    }
    changed = io.StringIO()
    writer = csv.DictWriter(changed, fieldnames=list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows([*by_number.values(), new])
    status, page = await table(carla, changed.getvalue())
    assert status == 200 and "2 to change, 1 new, 1 as they are, 0 wrong" in page
    assert "Import 3 lines" in page and "<bdi>open</bdi> → <bdi>closed</bdi>" in page
    assert (await book.find([first.reference]))[0].status == "open", "a dry run changes nothing"

    console.clock.shift += timedelta(minutes=1)
    for _ in range(2):
        status, page = await table(carla, changed.getvalue(), apply=True)
    assert status == 422 and "changed after this table was made" in page, "the second time it is out of date"
    (closed, lamp) = await book.find([first.reference, third.reference])
    assert (closed.status, closed.status_notes, lamp.crew) == ("closed", "Filled", None)
    added = [one for one in await book.search(Search()) if one.description == "From the old book"]
    assert len(added) == 1 and added[0].crew == "Lamps" and added[0].expected_at
    assert {"requests_csv", "requests_taken", "request_status"} <= set(await console.audited())
    assert second.reference in by_number


async def test_wrong_lines_are_named_and_nothing_is_taken_in(console: RunningConsole) -> None:
    book, (first, *_) = await three(console)
    carla = await console.signed_in("Carla Rossi", "supervisor")
    text = "\n".join(
        (
            "number,service,status,note,address,latitude,longitude,answer:size",
            f"{first.reference},,closed,ok,,,,",
            "SR-0000-0000,,closed,,,,,",
            f"{first.reference.lower()},,open,,,,,",
            ",zebra,,,,,,",
            ",pothole,,,,,,",
            ",pothole,closed,,8 Elm Street,,,",
            ",pothole,,,8 Elm Street,91,0,",
            ",pothole,,,8 Elm Street,,,enormous",
            f"{first.reference},,,,,,,,",
        )
    )
    status, page = await table(carla, text)
    assert status == 200 and "8 wrong" in page and "Import" not in page.split("<h2")[1]
    for words in (
        "There is no request SR-0000-0000", "stands in an earlier line too", "There is no service zebra",
        "needs an address, or latitude", "A new request is open", "no position in degrees", "answer:size: Choose from the list",
    ):  # fmt: skip
        assert words in page, words
    assert "Line 3" in page
    status, page = await table(carla, text, apply=True)
    assert status == 422 and "Nothing was changed" in page
    assert (await book.find([first.reference]))[0].status == "open"
    for wrong, words in (
        ("", "Choose a CSV file first"),
        ("name;street\nx;y", "an unknown column: name"),
        ("status\nopen", "needs the column number"),
        ("number,number\n1,2", "one name twice"),
        ("number\n", "no lines below its header"),
        ('number,note\n"x', "not valid CSV"),
        ("number\n" + "1\n" * 2001, "more than 2,000 lines"),
        (b"number,note\n\xff\xfe\x00,\xe9", "There is no request"),
        (b"number\n" + b"1" * 1_100_000, "larger than 1 MB"),
    ):
        status, page = await table(carla, wrong)
        assert words in page and status in (200, 413, 422), words
