"""PDFs of citizens: kept as they are, known by their content, given out as a download to their owner only."""

from pathlib import Path
from uuid import uuid4

import aiohttp

from desk.store.pool import Store
from tests.support.clamav import EICAR, clamd
from tests.support.gateway import Citizen, RunningGateway, running_gateway
from tests.support.page_browser import Browser

PDF = (
    b"%PDF-1.7\n1 0 obj\n<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>\nendobj\n"
    + b"x" * 4_000
    + b"\n%%EOF\n"
)


async def test_a_pdf_is_a_download_and_nothing_else(gateway: RunningGateway, citizen: Citizen) -> None:
    status, whole = await citizen.upload(PDF, "image/png")
    assert status == 201 and whole["content_type"] == "application/pdf", "the content says what it is"
    upload, half = uuid4(), len(PDF) // 2
    assert (await citizen.part(upload, 0, len(PDF), PDF[:half]))[0] == 200
    status, parts = await citizen.part(upload, half, len(PDF), PDF[half:])
    assert status == 201 and parts["content_type"] == "application/pdf"
    for media in (whole["media"], parts["media"]):
        url = f"{gateway.base}/chat/v1/media/{media}"
        async with gateway.http.get(url, headers=citizen.headers) as answer:
            assert await answer.read() == PDF
            assert answer.headers["content-disposition"] == 'attachment; filename="document.pdf"'
            assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert answer.headers["x-content-type-options"] == "nosniff"
    (row,) = await gateway.store.pool.fetch("SELECT DISTINCT file_name LIKE '%.pdf' AS pdf, size FROM media")
    assert row["pdf"] and row["size"] == len(PDF)
    other = await gateway.citizen()
    assert (await other.get(f"/chat/v1/media/{whole['media']}"))[0] == 404

    assert (await citizen.post(media=[whole["media"]], text="My letter"))[0] == 202


async def test_what_only_looks_like_a_pdf_is_refused(gateway: RunningGateway, citizen: Citizen) -> None:
    for data, expected, words in (
        (PDF[:3_000], 422, "not complete"),
        (b"x" + PDF, 415, "no PDF"),
        (b"%PDF-" + b"x" * 10_500_000 + b"%%EOF", 413, "larger than 10 MB"),
    ):
        status, body = await citizen.upload(data, "application/pdf")
        assert status == expected and words in body["error"]["message"], body
    assert not [path for path in gateway.media_dir.rglob("*") if path.is_file()]


async def test_the_page_without_scripts_takes_one_too(gateway: RunningGateway) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        browser = Browser(gateway, http)
        page = await browser.open("/chat")
        assert 'accept="image/*,application/pdf"' in page and "Add a photo or a PDF" in page
        form = aiohttp.FormData({**browser.hidden()})
        form.add_field("photo", PDF, filename="letter.pdf", content_type="application/pdf")
        async with http.post(f"{gateway.base}/chat/photo", data=form) as answer:
            assert answer.status == 200
        contact = await gateway.store.pool.fetchval("SELECT id FROM contacts")
        media = str(await gateway.store.pool.fetchval("SELECT id FROM media"))
        content = {"attachments": [{"id": media, "content_type": "application/pdf"}]}
        await gateway.say(contact, "", "contact", content=content)
        assert "PDF document (download)" in await browser.open("/chat")
        async with http.get(f"{gateway.base}/chat/photos/{media}") as answer:
            assert answer.headers["content-disposition"].startswith("attachment")


async def test_a_pdf_that_the_scanner_refuses_is_not_kept(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    """Sent whole and in parts; a scanner that is away keeps nothing either, and says that a later try may do."""
    infected = PDF + EICAR + b"\n%%EOF\n"
    async with (
        clamd() as daemon,
        running_gateway(
            pg_url, redis_url, tmp_path, store=store, CIVICDESK_CLAMD=f"127.0.0.1:{daemon.port}"
        ) as gateway,
    ):
        citizen = await gateway.citizen()
        assert (await citizen.upload(PDF))[0] == 201
        for status, body in (
            await citizen.upload(infected),
            await citizen.part(uuid4(), 0, len(infected), infected),
        ):
            assert (status, body["error"]["code"]) == (415, "document_unsafe")
            assert "virus scanner" in body["error"]["message"]
        daemon.answer = b""
        status, body = await citizen.upload(PDF)
        assert (status, body["error"]["code"]) == (503, "not_scanned")
        assert await store.pool.fetchval("SELECT count(*) FROM media") == 1
