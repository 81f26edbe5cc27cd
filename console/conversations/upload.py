"""Reads the reply form, which may contain a photo. Only a signed-in agent's request is read at all."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from sanic import Request

from console.guard import PageError
from desk.conversations.reply_extras import AgentPhoto
from desk.media.files import MediaFiles
from desk.media.photos import TO_SEND
from desk.media.quotas import PhotoQuotas, of_agent
from forms.body import discard
from forms.errors import BodyRefused
from forms.form import Form, FormFile
from forms.reader import FormLimits, FormReader
from forms.request import body_stream, content_type, stream_form

PHOTO_BYTES = 10_485_760
WITH_PHOTO = FormLimits(file=PHOTO_BYTES)
SECONDS = 120
# A refused form is still received to its end, within limits: a browser shows our response only after sending
# everything.
DISCARDED_BYTES = 64 * 1_048_576
DISCARDED_SECONDS = 30


async def read_upload(request: Request) -> Form:
    """Read the form from the request's stream. Raises PageError 413 or 408, BodyRefused 400 or 413."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _read(request)
    except TimeoutError:
        raise PageError(
            408, "too_slow", "Too slow", "The photo took too long to arrive. Nothing was sent. Try again."
        ) from None
    except BodyRefused as error:
        await discard(body_stream(request), DISCARDED_BYTES, DISCARDED_SECONDS)
        photo = content_type(request).lower().startswith("multipart/form-data")
        if error.status != 413 or not photo:
            raise
        raise PageError(
            413,
            "photo_too_large",
            "This is too large",
            f"The photo is larger than {PHOTO_BYTES // 1_048_576} MB. Nothing was sent. Choose a smaller one.",
        ) from None


async def _read(request: Request) -> Form:
    reader = FormReader(content_type(request), WITH_PHOTO)
    return await stream_form(request, reader, WITH_PHOTO.body)


def chosen(form: Form) -> FormFile | None:
    """The photo in the form, if one was chosen."""
    return form.files.get("photo")


async def taken_photo(
    form: Form, files: MediaFiles, quotas: PhotoQuotas, agent_id: UUID
) -> AgentPhoto | None:
    """The photo in the form, checked and re-encoded like a citizen's, and small enough for every provider.
    None if none was chosen. Raises BadPhoto. The caller must remove the file if the reply is not sent."""
    photo = chosen(form)
    if photo is None:
        return None
    agent = of_agent(agent_id)
    await quotas.check([agent])
    stored = await files.keep_photo(_content(photo), PHOTO_BYTES, who=agent, fit=TO_SEND)
    await quotas.charge_now([agent], stored.size)
    return AgentPhoto(stored, form.get("alt").replace("\x00", "")[:300])


async def _content(photo: FormFile) -> AsyncIterator[bytes]:
    for chunk in photo.chunks:
        yield chunk
