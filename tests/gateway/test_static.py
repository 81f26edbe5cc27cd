"""The built files: found by path, revalidated by content, nothing outside the folder."""

import hashlib
import json
import os
from pathlib import Path

import aiohttp
import msgspec
import pytest

from gateway.app import page_values
from tests.support.gateway import CITY, RunningGateway


@pytest.fixture
def web(gateway: RunningGateway, tmp_path: Path) -> Path:
    folder = tmp_path / "web"
    (folder / "widget").mkdir(parents=True)
    (folder / "console").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>{{ city }}</title>{{unknown}}")
    (folder / "chat.html").write_text(
        '<link rel="stylesheet" href="/site.css"><civicdesk-chat emergency="{{ city }}">'
    )
    texts = {"texts": {"en": "en-1.json", "fr": "fr-1.json"}}
    (folder / "widget" / "version.json").write_text(json.dumps(texts))
    (folder / "widget" / "civicdesk.js").write_text("export const x = 1;\n" * 500)
    (folder / "console" / "console.css").write_text("body{}")
    (folder / "chunk-A1B2C3D4.js").write_text("1")
    (folder / "tokens.css").write_text(":root{}")
    (folder / "console/push-worker.js").write_text("// shows notices")
    (folder / "console/manifest.webmanifest").write_text("{}")
    (folder / ".inputs").write_text("secret")
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    return folder


async def test_the_city_page_is_served_at_the_root(gateway: RunningGateway, web: Path) -> None:
    async with gateway.http.get(gateway.base + "/") as answer:
        assert answer.status == 200 and answer.content_type == "text/html"
        assert await answer.text() == "<!doctype html><title>Lindenport</title>"
        assert answer.headers["cache-control"] == "public, no-cache"


async def test_a_page_with_the_chat_names_what_it_needs_in_its_language(
    gateway: RunningGateway, web: Path
) -> None:
    for query, texts in (("", "en"), ("?lang=fr", "fr"), ("?lang=<x>", "en")):
        async with gateway.http.get(f"{gateway.base}/chat.html{query}") as answer:
            assert answer.headers["link"] == (
                "</site.css>; rel=preload; as=style, </widget/civicdesk.js>; rel=modulepreload, "
                f"</widget/i18n/{texts}-1.json>; rel=preload; as=fetch; crossorigin"
            )
    async with gateway.http.get(gateway.base + "/") as answer:
        assert "link" not in answer.headers


async def test_a_page_that_was_packed_is_sent_for_exactly_that_page(
    gateway: RunningGateway, web: Path
) -> None:
    filled = (web / "chat.html").read_text().replace("{{ city }}", CITY.name)
    digest = hashlib.sha256(filled.encode()).hexdigest()[:8].upper()
    (web / f"chat.html-{digest}.br").write_bytes(b"packed")
    (web / "index.html-00000000.br").write_bytes(b"another city's")
    async with aiohttp.ClientSession(auto_decompress=False) as plain:
        for path, encoding in (("/chat.html", "br"), ("/", None)):
            async with plain.get(gateway.base + path, headers={"accept-encoding": "br"}) as answer:
                assert answer.headers.get("content-encoding") == encoding, path


async def test_files_have_the_headers_that_files_need(gateway: RunningGateway, web: Path) -> None:
    for path, document in (
        ("/widget/civicdesk.js", False),
        ("/tokens.css", False),
        ("/chat/chat.css", False),
        ("/console/push-worker.js", True),  # its own policy limits what a worker loads
        ("/chat.html", True),
    ):
        async with gateway.http.get(gateway.base + path) as answer:
            assert ("script-src 'self'" in answer.headers["content-security-policy"]) == document, path
            assert "default-src 'none'" in answer.headers["content-security-policy"], path
            assert ("x-frame-options" in answer.headers) == document, path
            assert answer.headers["x-content-type-options"] == "nosniff", path


def test_a_page_names_the_languages_that_are_offered() -> None:
    assert page_values(CITY)["languages"] == ",".join(CITY.languages)
    fewer = msgspec.structs.replace(CITY, offered=(CITY.languages[1],))
    assert page_values(fewer)["languages"] == CITY.languages[1]


async def test_files_have_types_and_both_addresses(gateway: RunningGateway, web: Path) -> None:
    for path, kind in (
        ("/widget/civicdesk.js", "text/javascript"),
        ("/assets/widget/civicdesk.js", "text/javascript"),
        ("/assets/console/console.css", "text/css"),
        ("/assets/console/manifest.webmanifest", "application/manifest+json"),
        (
            "/console/push-worker.js",
            "text/javascript",
        ),  # a service worker's scope is the folder of its address
        ("/tokens.css", "text/css"),
    ):
        async with gateway.http.get(gateway.base + path) as answer:
            assert (answer.status, answer.content_type) == (200, kind), path
        async with gateway.http.head(gateway.base + path) as answer:
            assert answer.status == 200 and int(answer.headers["content-length"]) > 0


async def test_unchanged_is_304_and_changed_is_new(gateway: RunningGateway, web: Path) -> None:
    url = gateway.base + "/widget/civicdesk.js"
    async with gateway.http.get(url) as answer:
        etag = answer.headers["etag"]
        assert answer.headers.get("content-encoding") == "gzip"
        assert answer.headers["access-control-allow-origin"] == "*"
    async with gateway.http.get(url, headers={"if-none-match": f'W/"x", {etag}'}) as answer:
        assert answer.status == 304 and await answer.read() == b""
    (web / "widget" / "civicdesk.js").write_text("export const y = 2;")
    async with gateway.http.get(url, headers={"if-none-match": etag}) as answer:
        assert answer.status == 200 and await answer.text() == "export const y = 2;"


async def test_brotli_from_the_build_is_served_while_it_is_fresh(gateway: RunningGateway, web: Path) -> None:
    script = web / "widget" / "civicdesk.js"
    beside = web / "widget" / "civicdesk.js.br"
    beside.write_bytes(b"packed by the build")
    url, wants = gateway.base + "/widget/civicdesk.js", {"accept-encoding": "gzip, br"}
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        async with http.get(url, headers=wants) as answer:
            assert answer.headers["content-encoding"] == "br"
            assert await answer.read() == b"packed by the build"
        async with http.get(url, headers={"accept-encoding": "gzip"}) as answer:
            assert answer.headers["content-encoding"] == "gzip"
        script.write_text("export const z = 3; // built again" + " " * 200)
        os.utime(beside, ns=(0, 0))
        async with http.get(url, headers=wants) as answer:
            assert answer.headers["content-encoding"] == "gzip"


async def test_names_with_a_hash_are_kept_for_a_year(gateway: RunningGateway, web: Path) -> None:
    async with gateway.http.get(gateway.base + "/chunk-A1B2C3D4.js") as answer:
        assert "immutable" in answer.headers["cache-control"]


async def test_nothing_outside_the_folder_is_served(gateway: RunningGateway, web: Path) -> None:
    from yarl import URL

    for path in (
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/assets/..%2foutside.txt",
        "/assets/%2e%2e%2foutside.txt",
        "//etc/passwd",
        "/assets//etc/passwd",
        "/.inputs",
        "/assets/.inputs",
        "/link.txt",
        "/widget",
        "/index.html%00.css",
        "/no-such-file.js",
    ):
        async with gateway.http.get(URL(gateway.base + path, encoded=True)) as answer:
            body = await answer.text()
            assert answer.status in (400, 404), path
            assert "secret" not in body and "root:" not in body, path


async def test_a_person_gets_a_page_and_a_program_gets_json(gateway: RunningGateway, web: Path) -> None:
    async with gateway.http.get(gateway.base + "/nowhere", headers={"accept": "text/html"}) as answer:
        assert answer.status == 404 and answer.content_type == "text/html"
        page = await answer.text()
        assert "There is nothing at this address." in page and "555-0100" in page
    async with gateway.http.get(gateway.base + "/nowhere") as answer:
        assert (await answer.json())["error"]["code"] == "not_found"


async def test_missing_build_is_a_sentence(gateway: RunningGateway) -> None:
    async with gateway.http.get(gateway.base + "/", headers={"accept": "text/html"}) as answer:
        assert answer.status == 404 and "Traceback" not in await answer.text()
