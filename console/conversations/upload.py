"""Upload: a form with a photo in it. Read by us and to a cap, as only some addresses may take so much."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sanic import Request
from sanic.request import File

from console.guard import LARGEST_FORM, PageError, too_long
from desk.conversations.reply_extras import AgentPhoto
from desk.media.files import MediaFiles
from desk.media.photos import TO_SEND
from desk.media.quotas import PhotoQuotas, of_agent

PHOTO_BYTES = 10_485_760
FORM_BYTES = PHOTO_BYTES + 65_536
"""A photo, the words beside it and what multipart puts between."""
SECONDS = 120
# A refused form is read to its end, within reason: a browser shows our sentence only once it has sent everything.
DRAIN_BYTES = 64 * 1_048_576


async def read_form(request: Request) -> None:
    """Take the body in, so that `request.form` and `request.files` work. Raises Problem 413 or 408."""
    stream: Any = request.stream
    body, size = bytearray(), 0
    photo = request.headers.getone("content-type", "").lower().startswith("multipart/form-data")
    most = FORM_BYTES if photo else LARGEST_FORM
    try:
        async with asyncio.timeout(SECONDS):
            while size <= DRAIN_BYTES and stream.request_body and (data := await stream.read()):
                size += len(data)
                if size <= most:
                    body += data
    except TimeoutError:
        raise PageError(
            408, "too_slow", "Too slow", "The photo took too long to arrive. Nothing was sent. Try again."
        ) from None
    if size > most and not photo:
        raise too_long()
    if size > most:
        raise PageError(
            413,
            "photo_too_large",
            "This is too large",
            f"The photo is larger than {PHOTO_BYTES // 1_048_576} MB. Nothing was sent. Choose a smaller one.",
        )
    request.body = bytes(body)


def chosen(request: Request) -> File | None:
    """The file of the form; browsers send an empty one where none was chosen."""
    given = request.files.get("photo") if request.files else None
    return given if given is not None and (given.body or given.name) else None


async def taken_photo(
    request: Request, files: MediaFiles, quotas: PhotoQuotas, agent_id: UUID
) -> AgentPhoto | None:
    """The photo of the form, checked and made anew like a citizen's, and small enough for every provider.

    None where none was chosen. Raises BadPhoto. Who sends it in the end, or not, removes it."""
    given = chosen(request)
    if given is None:
        return None
    agent = of_agent(agent_id)
    await quotas.check([agent])
    stored = await files.keep_photo(_whole(given.body), PHOTO_BYTES, who=agent, fit=TO_SEND)
    await quotas.charge_now([agent], stored.size)
    alt = request.form.get("alt", "") if request.form else ""
    return AgentPhoto(stored, str(alt).replace("\x00", "")[:300])


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
