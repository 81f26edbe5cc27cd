"""Other GeoReport clients: photos in the form, their own attributes, keys in the URL."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

import aiohttp
import pytest
from defusedxml.ElementTree import fromstring

from desk.media.decoder import PhotoDecoder
from desk.media.files import MediaFiles
from desk.media.links import media_links, sign_media
from desk.requests.book import RequestBook
from desk.store import media
from desk.store.pool import Store
from gateway.georeport.photos import ReportPhotos
from tests.gateway.georeport.calls import FORM, get, post
from tests.gateway.georeport.serving import KEY, our_server
from tests.support.clock import Clock
from tests.support.photos import jpeg, jpeg_with_place, png

SECRET = "a-secret-of-the-tests"


@pytest.fixture
async def decoder() -> AsyncIterator[PhotoDecoder]:
    decoder = PhotoDecoder()
    yield decoder
    await decoder.close()


@pytest.fixture
async def keeps(
    store: Store, clock: Clock, decoder: PhotoDecoder, tmp_path: Path
) -> AsyncIterator[tuple[str, MediaFiles]]:
    """A server that keeps photos."""
    files = MediaFiles(tmp_path, decoder)
    photos = ReportPhotos(store, files, media_links("https://desk.example", SECRET, clock))
    async with our_server(store, clock, photos=photos, address=lambda _: "192.0.2.1") as base:
        yield base, files


def multipart(*photos: tuple[str, bytes, str], fields: dict[str, str] | None = None) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, data, kind in photos[:1]:
        form.add_field(name, io.BytesIO(data), filename="a.jpg", content_type=kind)
    for name, value in (FORM if fields is None else fields).items():
        form.add_field(name, value)
    for name, data, kind in photos[1:]:
        form.add_field(name, io.BytesIO(data), filename="b.jpg", content_type=kind)
    return form


async def create(
    http: aiohttp.ClientSession, base: str, form: aiohttp.FormData, status: int = 200
) -> dict[str, Any]:
    async with http.post(f"{base}/requests.json", data=form) as response:
        body = await response.json()
        assert response.status == status, body
        found: dict[str, Any] = body[0]
        return found


@pytest.mark.parametrize("name", ["media", "media[]", "photo", "media_url"])
async def test_photos_in_the_form_are_kept_and_linked(
    http: aiohttp.ClientSession, keeps: tuple[str, MediaFiles], store: Store, name: str
) -> None:
    base, files = keeps
    form = multipart((name, jpeg_with_place(), "image/jpg"), (name, png(), "application/octet-stream"))
    created = await create(http, base, form)
    assert created["service_notice"] is None
    (row,) = await get(http, f"{base}/requests/{created['service_request_id']}.json")
    link = urlsplit(row["media_url"])
    asked = parse_qs(link.query)
    media_id = UUID(link.path.rpartition("/")[2])
    assert asked["signature"] == [sign_media(SECRET, media_id, int(asked["expires"][0]))]
    kept = await media.get_file(store.pool, media_id)
    assert kept and kept.contact_id is None
    data = await files.read(kept.file_name)
    assert data and b"GPS" not in data and b"Exif" not in data
    rows = await store.pool.fetch("SELECT attached_at FROM media")
    assert len(rows) == 2 and all(one["attached_at"] for one in rows), "they do not expire"


async def test_a_file_that_is_no_photo_costs_no_report(
    http: aiohttp.ClientSession, keeps: tuple[str, MediaFiles]
) -> None:
    base, _ = keeps
    created = await create(
        http, base, multipart(("media", b"", "image/jpeg"), ("media", b"%PDF-1.7", "image/jpeg"))
    )
    assert created["service_request_id"] and "2 files could not be kept" in created["service_notice"]
    (row,) = await get(http, f"{base}/requests/{created['service_request_id']}.json")
    assert row["media_url"] is None


async def test_the_sixth_photo_costs_no_report(
    http: aiohttp.ClientSession, keeps: tuple[str, MediaFiles], store: Store
) -> None:
    base, _ = keeps
    created = await create(http, base, multipart(*[("media", jpeg(), "image/jpeg")] * 6))
    assert created["service_request_id"] and "The last 1 of the files" in created["service_notice"]
    assert await store.pool.fetchval("SELECT count(*) FROM media WHERE attached_at IS NOT NULL") == 5


@pytest.mark.parametrize("name", ["attribute[a][b]", "attribute[]", "attribute[", "attribute[a:b.c]"])
async def test_an_attribute_with_an_odd_name_costs_no_report(
    http: aiohttp.ClientSession, base: str, store: Store, name: str
) -> None:
    created = await create(http, base, multipart(fields=FORM | {name: "7"}))
    assert "does not ask for" in created["service_notice"]
    kept = await store.pool.fetchval("SELECT attributes FROM georeport_requests")
    assert ["7"] in kept.values() and kept["size"] == ["large"]


async def test_the_same_report_twice_keeps_its_first_photos(
    http: aiohttp.ClientSession, keeps: tuple[str, MediaFiles], store: Store
) -> None:
    base, _ = keeps
    fields = FORM | {"account_id": "a-1"}
    first = await create(http, base, multipart(("media", jpeg(), "image/jpeg"), fields=fields))
    again = await create(http, base, multipart(("media", jpeg(), "image/jpeg"), fields=fields))
    assert first["service_request_id"] == again["service_request_id"]
    assert await store.pool.fetchval("SELECT count(*) FROM media WHERE attached_at IS NOT NULL") == 1


async def test_photos_without_a_key_are_not_kept(
    http: aiohttp.ClientSession, keeps: tuple[str, MediaFiles], store: Store
) -> None:
    base, files = keeps
    await create(http, base, multipart(("media", jpeg(), "image/jpeg"), fields=FORM | {"api_key": "x"}), 403)
    assert await store.pool.fetchval("SELECT count(*) FROM media") == 0
    batches = await asyncio.to_thread(lambda: list(files.stored()))
    assert not any(batches)


@pytest.mark.parametrize(
    "make",
    [
        lambda: multipart(*[("media", jpeg(), "image/jpeg")] * 21),
        lambda: multipart(("media", b"\xff\xd8" + b"0" * 11_000_000, "image/jpeg")),
    ],
    ids=["twenty-one", "eleven megabytes"],
)
async def test_too_many_or_too_large_photos_are_refused_in_words(
    http: aiohttp.ClientSession, keeps: tuple[str, MediaFiles], make: Callable[[], aiohttp.FormData]
) -> None:
    async with http.post(f"{keeps[0]}/requests.xml", data=make()) as response:
        root = fromstring(await response.text(), forbid_dtd=True)
        assert response.status in (400, 413) and root.tag == "errors"
        assert "at most 5 photos" in (root.findtext("error/description") or "").replace("and 5", "at most 5")


async def test_a_form_that_breaks_off_is_refused_as_georeport_refuses(
    http: aiohttp.ClientSession, keeps: tuple[str, MediaFiles]
) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    body = b'--x\r\nContent-Disposition: form-data; name="api_key"\r\n\r\n'
    async with http.post(f"{keeps[0]}/requests.xml", data=body, headers=headers) as response:
        assert response.status == 400 and fromstring(await response.text(), forbid_dtd=True).tag == "errors"


async def test_attributes_of_another_system_are_noted_and_kept(
    http: aiohttp.ClientSession, base: str, store: Store
) -> None:
    fields: dict[str, Any] = {"attribute[uprn]": "100", "attribute[easting][]": "1"}
    (created,) = await post(http, base, **fields)
    assert "uprn, easting" in created["service_notice"]
    kept = await store.pool.fetchval("SELECT attributes FROM georeport_requests")
    assert kept == {"uprn": ["100"], "easting": ["1"], "size": ["large"]}


async def test_a_key_may_be_a_parameter_of_what_is_read(
    http: aiohttp.ClientSession, base: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (created,) = await post(http, base)
    for address in (f"{base}/requests/{created['service_request_id']}.json", f"{base}/requests.json"):
        (row,) = await get(http, address, key="", api_key=KEY)
        assert row["description"] == "A hole"
        (row,) = await get(http, address, key="", api_key=KEY + "x")
        assert row["description"] is None
    printed = capsys.readouterr()
    assert KEY not in printed.out + printed.err


async def test_a_key_may_come_in_the_header_of_a_create(http: aiohttp.ClientSession, base: str) -> None:
    headers = {"X-Api-Key": KEY}
    form = {name: value for name, value in FORM.items() if name != "api_key"}
    async with http.post(f"{base}/requests.json", data=form, headers=headers) as response:
        assert response.status == 200


async def test_a_city_may_show_everybody_the_places_and_nothing_else(
    http: aiohttp.ClientSession, store: Store, clock: Clock, book: RequestBook
) -> None:
    async with our_server(store, clock, public_places=True) as base:
        (created,) = await post(http, base, media_url="https://x.example/1.jpg")
        for address in (f"{base}/requests/{created['service_request_id']}.json", f"{base}/requests.json"):
            (row,) = await get(http, address, key="")
            assert (row["lat"], row["long"], row["address"]) == (40.71, -74.01, "8 Elm Street")
            assert row["description"] is None and row["media_url"] is None
            (row,) = await get(http, address)
            assert row["description"] == "A hole" and row["media_url"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "inquiries.xml", 404),
        ("POST", "inquiries.xml", 404),
        ("GET", "nothing", 404),
        ("GET", "requests/1/2/3.xml", 404),
        ("GET", "tokens.xml", 404),
        ("PUT", "requests.xml", 405),
        ("DELETE", "requests/SR-1.xml", 405),
        ("POST", "services.xml", 405),
        ("GET", "requests/x", 404),
    ],
)
async def test_every_refusal_is_one_of_georeport(
    http: aiohttp.ClientSession, base: str, method: str, path: str, status: int
) -> None:
    async with http.request(method, f"{base}/{path}") as response:
        body = await response.text()
        assert response.status == status, body
        assert response.headers["Content-Type"].startswith("text/xml")
        root = fromstring(body, forbid_dtd=True)
    assert root.tag == "errors" and root.findtext("error/code") == str(status)
    assert root.findtext("error/description")


async def test_refusals_are_json_where_json_was_asked_for(http: aiohttp.ClientSession, base: str) -> None:
    async with http.get(f"{base}/inquiries.json") as response:
        (refused,) = await response.json()
    assert refused["code"] == 404 and refused["description"]


async def test_a_form_in_latin_1_is_read_and_one_in_another_charset_is_refused(
    http: aiohttp.ClientSession, base: str, book: RequestBook
) -> None:
    body = urlencode(
        FORM | {"description": "Caño roto, €5", "address_string": "8 Calle España"}, encoding="cp1252"
    )
    kind = "application/x-www-form-urlencoded"
    for charset, status in (
        ("ISO-8859-1", 200), ("windows-1252", 200), ("utf-16", 400), ("punycode", 400), ("utf-8", 400), ("", 200)
    ):  # fmt: skip
        headers = {"content-type": f"{kind}; charset={charset}" if charset else kind}
        async with http.post(f"{base}/requests.json", data=body.encode(), headers=headers) as response:
            assert response.status == status, await response.text()
            (answer,) = await response.json()
        if status == 200:
            (row,) = await book.find([answer["service_request_id"]])
            assert (row.description, row.address) == ("Caño roto, €5", "8 Calle España")
        else:
            assert "ISO-8859-1" in answer["description"]
