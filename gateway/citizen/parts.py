"""POST /chat/v1/media/{id}: a photo in parts. Each is stored before the response, so a broken connection costs at most one part.

A photo may take as long as the connection needs: only a part has a time limit.
"""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from desk.media.decoder import BUSY_SECONDS
from desk.media.files import ARRIVING
from desk.media.photos import SENTENCES, BadPhoto, too_large
from desk.media.quotas import of_contact
from desk.media.waiting_line import Busy, Slots
from desk.model import Contact, Media
from desk.store import media as media_rows
from desk.store.inbound import uploads
from gateway.citizen.contract import MediaView, PartView
from gateway.citizen.media import PHOTO_BYTES, refused_photo
from gateway.citizen.views import builtins_of
from gateway.deps import Deps, bearer
from gateway.headers import client_address
from gateway.problems import Problem

PART_BYTES = 262_144
MOST_OPEN = 10
"""Uploads of one contact that are not complete: two messages' photos."""
MOST_PARTS = 1_000
"""Of one photo: bytes sent one by one would cost a row each."""


def parts_blueprint(deps: Deps) -> Blueprint:
    """The one endpoint."""
    blueprint = Blueprint("parts")
    opening = Slots(ARRIVING, 1)  # each photo is opened once at a time, however often its last part is sent

    @blueprint.post("/chat/v1/media/<media_id:uuid>", ctx_body_bytes=PART_BYTES, name="part")
    async def part(request: Request, media_id: UUID) -> HTTPResponse:
        upload_id = media_id  # one name for the address, which a photo has too
        contact = await bearer(deps, request)
        await deps.limits.check("part", session=str(contact.id), address=client_address(request))
        offset, size = _number(request, "offset"), _number(request, "size")
        try:
            if not 0 < size <= PHOTO_BYTES:
                raise too_large(PHOTO_BYTES)
            upload = await _begun(deps, request, contact, upload_id, size)
            upload = await _added(deps, contact, upload_id, (offset, size), request.body or b"")
            if upload.media_id is None and upload.received < size:
                return json(builtins_of(PartView(upload.received)))
            with opening.slot(f"{contact.id} {upload_id}"):
                media = await _complete(deps, request, contact, upload_id, upload)
        except Busy:
            raise Problem(503, "photo_busy", SENTENCES["photo_busy"], retry_after=BUSY_SECONDS) from None
        except BadPhoto as error:
            raise refused_photo(error) from None
        return json(builtins_of(MediaView(str(media.id), media.content_type)), status=201)

    return blueprint


async def _begun(
    deps: Deps, request: Request, contact: Contact, upload_id: UUID, size: int
) -> uploads.Upload:
    async with deps.store.transaction() as transaction:
        known = await uploads.get_locked(transaction, contact.id, upload_id)
        if known is not None:
            return known
        address = client_address(request)
        await deps.limits.check("photo", session=str(contact.id), address=address)
        if await uploads.count_open(transaction, contact.id) >= MOST_OPEN:
            raise Problem(429, "photo_busy", SENTENCES["photo_busy"], retry_after=60)
        if not await asyncio.to_thread(deps.media.takes_more):
            raise BadPhoto("no_room")
        senders = (of_contact(contact.id), deps.photo_quotas.of_address(address))
        await deps.photo_quotas.check(senders)
        if await uploads.add_upload(transaction, contact.id, upload_id, size):
            await deps.photo_quotas.charge(transaction, senders, size)
        return uploads.Upload(size, 0, None)


async def _added(
    deps: Deps, contact: Contact, upload_id: UUID, at: tuple[int, int], data: bytes
) -> uploads.Upload:
    """The upload after this part. A part that begins elsewhere than where the last one ended is not stored: the answer
    says where to go on."""
    offset, size = at
    async with deps.store.transaction() as transaction:
        known = await uploads.get_locked(transaction, contact.id, upload_id)
        if known is None or known.size != size:
            raise Problem(422, "upload_changed", "This photo is not the one that was begun. Choose it again.")
        if known.media_id is not None or known.received != offset or not data:
            return known
        if offset + len(data) > size:
            raise Problem(422, "upload_changed", "This photo is not the one that was begun. Choose it again.")
        if len(data) < min(size - offset, size // MOST_PARTS):
            raise Problem(
                422, "part_too_small", "This photo arrives in too many small parts. Choose it again."
            )
        await uploads.add_part(transaction, contact.id, upload_id, offset, data)
        return uploads.Upload(size, offset + len(data), None)


class _GoneError(Exception):
    """Another request made a photo of the parts while they were read, or found that they are none."""


async def _complete(
    deps: Deps, request: Request, contact: Contact, upload_id: UUID, upload: uploads.Upload
) -> Media:
    """Make it a photo of the contact. Two requests may do so at once; one of them counts."""
    network = deps.photo_quotas.of_address(client_address(request))
    stored = None
    try:
        if upload.media_id is None:
            parts = _parts(deps, contact, upload_id, upload.size)
            stored = await deps.media.keep_photo(parts, PHOTO_BYTES, who=network, documents=True)
    except _GoneError:
        pass
    except BadPhoto as error:
        if error.retry_after is None and error.code != "no_room":
            # Deleted, not just emptied: sending it again counts again.
            await uploads.delete_upload(deps.store.pool, contact.id, upload_id)
        raise
    async with deps.store.transaction() as transaction:
        known = await uploads.get_locked(transaction, contact.id, upload_id)
        done = known and known.media_id
        row = await media_rows.get_of_contact(transaction, contact.id, done) if done else None
        if row is None and stored is not None:
            row = await media_rows.add_file(
                transaction, contact.id, stored.file_name, stored.content_type, stored.size, stored.sha256
            )
            await uploads.mark_complete(transaction, contact.id, upload_id, row.id)
            deps.metrics.photos.inc()
            stored = None
    if stored is not None:
        await deps.media.remove(stored.file_name)
    if row is None:
        raise Problem(422, "upload_changed", "This photo is no longer here. Choose it again.")
    return row


async def _parts(deps: Deps, contact: Contact, upload_id: UUID, size: int) -> AsyncIterator[bytes]:
    """One part in memory at a time: many photos may be completed at once. Raises _GoneError."""
    start = 0
    while start < size:
        part = await uploads.get_part(deps.store.pool, contact.id, upload_id, start)
        if part is None:
            raise _GoneError
        yield part
        start += len(part)


def _number(request: Request, name: str) -> int:
    given = str(request.args.get(name) or "")
    if not (given.isascii() and given.isdigit()) or len(given) > 9:
        raise Problem(400, "unreadable", f"'{name}' must be a number of bytes.")
    return int(given)
