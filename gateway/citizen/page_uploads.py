"""Reads the photo form of the plain page. Its size and number are bounded, because anybody may send one."""

import asyncio
from collections.abc import AsyncIterator

from sanic import Request

from desk.media.files import MediaFiles
from desk.media.waiting_line import Busy, Slots
from forms.body import discard
from forms.contents import OnDisk
from forms.errors import BodyRefused
from forms.form import Form, FormFile
from forms.reader import FormLimits, FormReader
from forms.request import body_stream, content_type, stream_form
from gateway.citizen.media import DRAIN_BYTES, DRAIN_SECONDS, PHOTO_BYTES, UPLOAD_SECONDS
from gateway.headers import client_address
from gateway.problems import Problem

WITH_PHOTO = FormLimits(file=PHOTO_BYTES)
AT_ONCE, AT_ONCE_OF_ONE = 8, 2
"""Forms under way: each is kept on the disk until its token is known."""


class PageUploads:
    """Built once for the pages."""

    def __init__(self, files: MediaFiles) -> None:
        self._files = files
        self._slots = Slots(AT_ONCE, AT_ONCE_OF_ONE)

    async def read(self, request: Request) -> Form:
        """The form with its photo. Raises Problem 408, 413 or 503, BodyRefused 400 or 507."""
        try:
            with self._slots.slot(client_address(request)):
                async with asyncio.timeout(UPLOAD_SECONDS):
                    return await self._read(request)
        except Busy:
            await discard(body_stream(request), DRAIN_BYTES, DRAIN_SECONDS)
            raise Problem(
                503, "photo_busy", "Too many photos are arriving. Nothing was sent. Try again.", retry_after=5
            ) from None
        except TimeoutError:
            raise Problem(
                408, "too_slow", "The photo took too long to arrive. Nothing was sent. Try again."
            ) from None
        except BodyRefused as error:
            await discard(body_stream(request), DRAIN_BYTES, DRAIN_SECONDS)
            if error.status != 413:
                raise
            raise Problem(
                413,
                "photo_too_large",
                f"The photo is larger than {PHOTO_BYTES // 1_048_576} MB. Nothing was sent. Choose a smaller one.",
            ) from None

    async def _read(self, request: Request) -> Form:
        reader = FormReader(content_type(request), WITH_PHOTO, keep=lambda: OnDisk(self._files.arriving()))
        return await stream_form(request, reader, WITH_PHOTO.body)


async def content_of(photo: FormFile) -> AsyncIterator[bytes]:
    """The photo's bytes, as they arrived."""
    for chunk in photo.chunks:
        yield chunk
