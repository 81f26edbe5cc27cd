"""Photos over HTTP: the citizen's upload, the citizen's own view, and a signed link for back ends."""

import asyncio
import hmac
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json, raw

from desk.media.files import too_large
from desk.media.links import sign_media
from desk.media.photos import BadPhoto
from desk.model import Media
from desk.store import media as media_rows
from gateway.deps import Deps, bearer
from gateway.headers import client_address
from gateway.problems import Problem

PHOTO_BYTES = 10_485_760
UPLOAD_SECONDS = 120
# A refused upload is read to its end, within reason: a browser shows our sentence only once it has sent everything.
DRAIN_BYTES = 64 * 1_048_576
DRAIN_SECONDS = 30

_STATUS = {
    "not_a_photo": 415,
    "photo_too_large": 413,
    "photo_damaged": 422,
    "photo_empty": 422,
    "no_room": 507,
}

# A photo is a photo: should one ever hold markup after all, no browser will run it.
HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "content-disposition": "inline",
    "cache-control": "private, max-age=86400, immutable",
}


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
    async def own(request: Request, media_id: UUID) -> HTTPResponse:
        contact = await bearer(deps, request)
        await deps.limits.check("read", session=str(contact.id))
        return await _show(deps, await media_rows.get_of_contact(deps.store.pool, contact.id, media_id))

    @blueprint.get("/media/<media_id:uuid>")
    async def signed(request: Request, media_id: UUID) -> HTTPResponse:
        if not link_holds(
            deps.settings.secret,
            media_id,
            str(request.args.get("expires", "")),
            str(request.args.get("signature", "")),
            deps.clock(),
        ):
            raise Problem(403, "link_over", "This link is wrong or has expired. Ask the city for a new one.")
        return await _show(deps, await media_rows.get_file(deps.store.pool, media_id))

    return blueprint


def link_holds(secret: str, media_id: UUID, expires: str, signature: str, now: datetime) -> bool:
    """Whether the link is ours and not over."""
    if not (expires.isascii() and expires.isdigit() and len(expires) <= 12 and signature.isascii()):
        return False
    right = hmac.compare_digest(sign_media(secret, media_id, int(expires)), signature)
    return right and int(expires) >= now.timestamp()


async def _upload(deps: Deps, request: Request) -> HTTPResponse:
    contact = await bearer(deps, request)
    await deps.limits.check("photo", session=str(contact.id), address=client_address(request))
    announced: str = request.headers.getone("content-length", "")
    try:
        if announced.isdigit() and int(announced) > PHOTO_BYTES:
            raise too_large(PHOTO_BYTES)
        async with asyncio.timeout(UPLOAD_SECONDS):
            stored = await deps.media.keep_photo(_body(request), PHOTO_BYTES)
    except BadPhoto as error:
        raise Problem(_STATUS.get(error.code, 422), error.code, str(error)) from None
    except TimeoutError:
        raise Problem(
            408, "too_slow", "The photo took too long to arrive. Nothing was kept. Try again."
        ) from None
    try:
        row = await media_rows.add_file(
            deps.store.pool, contact.id, stored.file_name, stored.content_type, stored.size, stored.sha256
        )
    except BaseException:
        await deps.media.remove(stored.file_name)
        raise
    deps.metrics.photos.inc()
    return json({"media": str(row.id), "content_type": row.content_type}, status=201)


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
        return  # the first refusal is the one that counts


async def _show(deps: Deps, media: Media | None) -> HTTPResponse:
    data = await deps.media.read(media.file_name) if media else None
    if media is None or data is None:
        raise Problem(404, "not_found", "There is no such photo.")
    return raw(data, content_type=media.content_type, headers=HEADERS)
