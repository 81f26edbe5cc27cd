"""Serves the built web files: index page, widget, console assets. Cached in memory, revalidated by content."""

import asyncio
import gzip
import hashlib
import html
import mimetypes
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from gateway.headers import FILE_CSP
from gateway.preloads import Preloads
from gateway.problems import Problem

KEPT_BYTES = 4 * 1_048_576  # a larger file is read on each request
REVALIDATED = "public, no-cache"
FOR_A_YEAR = "public, max-age=31536000, immutable"
_HASHED = re.compile(r"-[0-9A-Z]{8}\.[a-z0-9]+$")  # as named by esbuild
_SMALL_WHEN_PACKED = re.compile(r"^(text/|application/(javascript|json|manifest)|image/svg)")
_NO_PAGE = re.compile(r"(?<!push-worker)\.(js|css|json)$")  # a worker's own policy limits what it may load
_SHEET = re.compile(rb'<link rel="stylesheet" href="(/[^"]+)"')
_PLACE = re.compile(rb"\{\{\s*([a-z_]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class _File:
    stamp: tuple[object, ...]
    body: bytes
    packed: bytes | None
    smaller: bytes | None  # Brotli, where the build made it
    etag: str
    content_type: str
    sheets: tuple[str, ...] | None = None  # of a page with the chat


class StaticFiles:
    """The files under `folder`; {{name}} in HTML is replaced by `values`, escaped. They are asked for at every
    request: administrators change them."""

    def __init__(self, folder: Path, values: Callable[[], Mapping[str, str]]) -> None:
        self._folder = folder.resolve()
        self._values = values
        self._kept: dict[str, _File] = {}
        self._preloads = Preloads(self._folder)

    async def answer(self, request: Request, path: str) -> HTTPResponse:
        """The file at `path`, or 304, or Problem 404."""
        file = await asyncio.to_thread(self._load, path)
        if file is None:
            raise Problem(
                404, "not_found", "There is nothing at this address. Check it, or start at the home page."
            )
        headers = {
            "etag": file.etag,
            "cache-control": FOR_A_YEAR if _HASHED.search(path) else REVALIDATED,
            "vary": "Accept-Encoding",
        }
        if _NO_PAGE.search(path):
            headers["content-security-policy"] = FILE_CSP
        if path.startswith("widget/") or path == "tokens.css":
            # Other sites of the city embed the widget; it contains nothing private.
            headers["cross-origin-resource-policy"] = "cross-origin"
            headers["access-control-allow-origin"] = "*"
        if file.sheets is not None:
            headers["link"] = self._preloads.link(str(request.args.get("lang", "")), file.sheets)
        if file.etag in re.findall(r'"[^"]*"', request.headers.getone("if-none-match", "")):
            return HTTPResponse(status=304, headers=headers)
        accepted = request.headers.getone("accept-encoding", "")
        packed, encoding = file.packed if "gzip" in accepted else None, "gzip"
        if file.smaller is not None and "br" in [one.strip() for one in accepted.split(",")]:
            packed, encoding = file.smaller, "br"
        if packed is not None:
            headers["content-encoding"] = encoding
        return HTTPResponse(packed or file.body, headers=headers, content_type=file.content_type)

    def _load(self, path: str) -> _File | None:
        # None of our files starts with a dot; one that does may be someone's secret.
        if "\0" in path or any(part.startswith(".") for part in path.split("/")):
            return None
        whole = (self._folder / path).resolve()
        try:
            if not whole.is_relative_to(self._folder) or not whole.is_file():
                return None
            status = whole.stat()
            stamp = (status.st_mtime_ns, status.st_size, *self._values().values())
            kept = self._kept.get(path)
            if kept and kept.stamp == stamp:
                return kept
            file = self._make(whole, stamp)
        except OSError:
            return None
        if len(file.body) <= KEPT_BYTES:
            self._kept[path] = file
        return file

    def _make(self, whole: Path, stamp: tuple[object, ...]) -> _File:
        body = whole.read_bytes()
        content_type = mimetypes.guess_type(whole.name)[0] or "application/octet-stream"
        sheets = None
        if content_type == "text/html":
            values = self._values()
            body = _PLACE.sub(lambda found: html.escape(values.get(found[1].decode(), "")).encode(), body)
            if b"<civicdesk-chat" in body:
                sheets = tuple(sheet.decode() for sheet in _SHEET.findall(body))
        packed = gzip.compress(body, 9, mtime=0) if _SMALL_WHEN_PACKED.match(content_type) else None
        if content_type.startswith("text/") or content_type in ("application/javascript", "application/json"):
            content_type += "; charset=utf-8"
        digest = hashlib.sha256(body).hexdigest()
        gzipped = packed if packed and len(packed) < len(body) else None
        beside = whole.with_name(f"{whole.name}.br")
        if content_type.startswith("text/html"):  # packed with the values that the build knew
            beside = whole.with_name(f"{whole.name}-{digest[:8].upper()}.br")
        fresh = beside.is_file() and beside.stat().st_mtime_ns >= whole.stat().st_mtime_ns
        smaller = beside.read_bytes() if fresh else None
        return _File(stamp, body, gzipped, smaller, f'"{digest[:16]}"', content_type, sheets)


def static_blueprint(files: StaticFiles) -> Blueprint:
    """GET / (the city's page), /assets/… and every other built file under its own path."""
    blueprint = Blueprint("static")

    async def index(request: Request) -> HTTPResponse:
        return await files.answer(request, "index.html")

    async def file(request: Request, path: str) -> HTTPResponse:
        return await files.answer(request, path)

    for name, address, handler in (
        ("index", "/", index),
        ("assets", "/assets/<path:path>", file),
        ("any", "/<path:path>", file),
    ):
        blueprint.add_route(handler, address, methods=["GET", "HEAD"], name=name)
    return blueprint
