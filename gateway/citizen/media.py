"""Photos and PDFs over HTTP: the citizen's upload, the citizen's own view, and a signed link for back ends."""

import asyncio
import hmac
import os
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from desk.media.documents import DOWNLOADED, PDF
from desk.media.files import Stored
from desk.media.links import sign_media
from desk.media.photos import BadPhoto, too_large
from desk.media.quotas import of_contact
from desk.model import Contact, Media
from desk.store import media as media_rows
from gateway.citizen.contract import MediaView
from gateway.citizen.views import builtins_of
from gateway.deps import Deps, bearer
from gateway.headers import client_address
from gateway.problems import Problem

PHOTO_BYTES = 10_485_760
UPLOAD_SECONDS = 120
# A refused upload is still read to its end, within reason: a browser shows our response only once it has sent
# everything.
DRAIN_BYTES = 64 * 1_048_576
DRAIN_SECONDS = 30
SHOWN_AT_ONCE = 65_536  # bytes per chunk, so that a slow reader does not make us hold a whole photo in memory

_STATUS = {
    "not_a_photo": 415,
    "photo_kind": 415,
    "photo_too_large": 413,
    "photo_too_many_pixels": 413,
    "photo_damaged": 422,
    "document_damaged": 422,
    "document_unsafe": 415,
    "not_scanned": 503,
    "photo_empty": 422,
    "photo_busy": 503,
    "photo_quota": 429,
    "no_room": 507,
}

# Photos are served as images only: should one ever contain markup after all, no browser will run it.
HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "content-disposition": "inline",
    "cache-control": "private, max-age=86400, immutable",
}

NEITHER = (
    "This file is not a photo we can show, and no PDF. Send a JPEG, PNG, WebP, HEIC or GIF picture, or a PDF."
)


def media_blueprint(deps: Deps) -> Blueprint:
    """POST and GET /chat/v1/media, GET /media."""
    blueprint = Blueprint("media")

    @blueprint.post("/chat/v1/media", stream=True)
    async def upload(request: Request) -> HTTPResponse:
        try:
            return await _upload(deps, request)
        except Exception:
            await _drain(request)
            raise

    @blueprint.get("/chat/v1/media/<media_id:uuid>")
    async def own(request: Request, media_id: UUID) -> None:
        await deps.limits.check("read", address=client_address(request))
        contact = await bearer(deps, request)
        await deps.limits.check("read", session=str(contact.id))
        await show_photo(
            deps, request, await media_rows.get_of_contact(deps.store.pool, contact.id, media_id)
        )

    @blueprint.get("/media/<media_id:uuid>")
    async def signed(request: Request, media_id: UUID) -> None:
        if not link_holds(
            deps.settings.secret,
            media_id,
            str(request.args.get("expires", "")),
            str(request.args.get("signature", "")),
            deps.clock(),
        ):
            raise Problem(403, "link_over", "This link is wrong or has expired. Ask the city for a new one.")
        await show_photo(deps, request, await media_rows.get_file(deps.store.pool, media_id))

    return blueprint


async def show_photo(deps: Deps, request: Request, media: Media | None) -> None:
    """Respond with the photo, read from disk only as fast as the client takes it. Raises Problem 404 if there
    is none."""
    file = await asyncio.to_thread(deps.media.open, media.file_name) if media else None
    if media is None or file is None:
        raise Problem(404, "not_found", "There is no such photo.")
    with file:
        headers = {
            **HEADERS,
            **({"content-disposition": DOWNLOADED} if media.content_type == PDF else {}),
            "content-length": str(os.fstat(file.fileno()).st_size),
        }
        response = await request.respond(content_type=media.content_type, headers=headers)
        while data := await asyncio.to_thread(file.read, SHOWN_AT_ONCE):
            await response.send(data)
        await response.eof()


def link_holds(secret: str, media_id: UUID, expires: str, signature: str, now: datetime) -> bool:
    """Whether the link was signed by us and has not expired."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12 and signature.isascii()):
        return False
    right = hmac.compare_digest(sign_media(secret, media_id, int(expires)), signature)
    return right and int(expires) >= now.timestamp()


async def keep_photo(
    deps: Deps, request: Request, contact: Contact, chunks: AsyncIterator[bytes], announced: int = 0
) -> Media:
    """Take a citizen's photo in, within the limits of its contact and address. Raises Problem."""
    address = client_address(request)
    await deps.limits.check("photo", session=str(contact.id), address=address)
    network = deps.photo_quotas.of_address(address)
    senders = (of_contact(contact.id), network)
    try:
        if announced > PHOTO_BYTES:
            raise too_large(PHOTO_BYTES)
        await deps.photo_quotas.check(senders)
        async with asyncio.timeout(UPLOAD_SECONDS):
            stored = await deps.media.keep_photo(chunks, PHOTO_BYTES, who=network, documents=True)
        row = await _record(deps, contact.id, senders, stored)
    except BadPhoto as error:
        raise refused_photo(error) from None
    except TimeoutError:
        raise Problem(
            408, "too_slow", "The photo took too long to arrive. Nothing was kept. Try again."
        ) from None
    deps.metrics.photos.inc()
    return row


def refused_photo(error: BadPhoto) -> Problem:
    """The answer for a photo that is not kept."""
    sentence = NEITHER if error.code == "not_a_photo" else str(error)
    return Problem(_STATUS.get(error.code, 422), error.code, sentence, retry_after=error.retry_after)


async def _upload(deps: Deps, request: Request) -> HTTPResponse:
    contact = await bearer(deps, request)
    announced: str = request.headers.getone("content-length", "")
    size = int(announced) if announced.isdigit() else 0
    row = await keep_photo(deps, request, contact, _body(request), size)
    return json(builtins_of(MediaView(str(row.id), row.content_type)), status=201)


async def _record(deps: Deps, contact_id: UUID, senders: Sequence[str], stored: Stored) -> Media:
    try:
        async with deps.store.transaction() as transaction:
            await deps.photo_quotas.charge(transaction, senders, stored.size)
            return await media_rows.add_file(
                transaction, contact_id, stored.file_name, stored.content_type, stored.size, stored.sha256
            )
    except BaseException:
        await deps.media.remove(stored.file_name)
        raise


async def _body(request: Request) -> AsyncIterator[bytes]:
    stream: Any = request.stream
    while data := await stream.read():
        yield data


async def _drain(request: Request) -> None:
    stream: Any = request.stream
    left = DRAIN_BYTES
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            while left > 0 and stream.request_body and (data := await stream.read()):
                left -= len(data)
    except Exception:
        return  # the original refusal is the one that counts
