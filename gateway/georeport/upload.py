"""Reads the form of a create: fields, and photos if a client sends them in the form itself (FixMyStreet, the
Python package `three`, Bloomington's GeoReporter). Its size is bounded before the client is known."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sanic import Request

from desk.media.waiting_line import Busy, Slots
from forms.body import SECONDS, discard
from forms.contents import Contents, InMemory, OnDisk
from forms.errors import BodyRefused
from forms.form import Form, FormFile
from forms.reader import MULTIPART, URLENCODED, FormLimits, FormReader
from forms.request import body_stream, content_type, stream_form
from gateway.georeport.errors import GeoReportErrors, error
from gateway.georeport.form import LIMITS_OF_FORM, clean

PHOTO_BYTES = 10_485_760
PHOTOS = 5
"""The first of the files are kept; more cost the sender a sentence and not the report."""
FILES = 20
WITH_PHOTOS = FormLimits(parts=LIMITS_OF_FORM.parts, file=PHOTO_BYTES, files=FILES)
BODY_BYTES = 25 * 1_048_576
"""All photos together: they are kept on the disk until the form's key is known."""
PHOTO_SECONDS = 120
AT_ONCE, AT_ONCE_OF_ONE = 8, 2
DISCARDED_BYTES, DISCARDED_SECONDS = 64 * 1_048_576, 30


@dataclass(frozen=True, slots=True)
class Create:
    """The fields by name, each with its values in order, and the files. `more` files were sent than are kept."""

    fields: Mapping[str, list[str]]
    files: Sequence[FormFile] = ()
    more: int = 0


class CreateReader:
    """Built once for a server; `read` is called for each create. `arriving` is where files are written as they arrive;
    without it they stay in memory."""

    def __init__(self, arriving: Callable[[], Path] | None = None) -> None:
        self._keep: Callable[[], Contents] = (lambda: OnDisk(arriving())) if arriving else InMemory
        self._slots = Slots(AT_ONCE, AT_ONCE_OF_ONE)

    async def read(self, request: Request, address: str) -> Create:
        """The form. Raises GeoReportErrors."""
        kind = content_type(request).split(";")[0].strip().lower()
        if kind not in (URLENCODED, MULTIPART, ""):
            await discard(body_stream(request), DISCARDED_BYTES, DISCARDED_SECONDS)
            raise error(
                400,
                "The body must be a form in UTF-8 or ISO-8859-1: application/x-www-form-urlencoded, or multipart/form-data with photos.",
            )
        try:
            if kind != MULTIPART:
                written = content_type(request) if kind else URLENCODED
                form = await self._read(request, written, LIMITS_OF_FORM, LIMITS_OF_FORM.body, SECONDS)
            else:
                with self._slots.slot(address):
                    form = await self._read(
                        request, content_type(request), WITH_PHOTOS, BODY_BYTES, PHOTO_SECONDS
                    )
        except Busy:
            await discard(body_stream(request), DISCARDED_BYTES, DISCARDED_SECONDS)
            sentence = "Too many photos are arriving at the moment. Nothing was filed. Try again."
            raise GeoReportErrors([(503, sentence)], retry_after=5.0) from None
        except BodyRefused as refused:
            await discard(body_stream(request), DISCARDED_BYTES, DISCARDED_SECONDS)
            if refused.status == 413:
                raise error(413, _TOO_LARGE) from None
            if refused.status == 507:
                raise GeoReportErrors([(503, _NO_SPACE)], retry_after=60.0) from None
            raise error(400, _UNREADABLE) from None
        except TimeoutError:
            raise error(408, "The form took too long to arrive. Nothing was filed.") from None
        fields = {name: [clean(value) for value in values] for name, values in form.fields.items()}
        files = tuple(form.files.values())
        return Create(fields, files[:PHOTOS], len(files[PHOTOS:]))

    async def _read(self, request: Request, kind: str, limits: FormLimits, most: int, seconds: float) -> Form:
        reader = FormReader(kind, limits, latin=True, keep=self._keep)
        async with asyncio.timeout(seconds):
            return await stream_form(request, reader, most)


_TOO_LARGE = (
    f"This is too large. Nothing was filed. Send at most {PHOTOS} photos of {PHOTO_BYTES // 1_048_576} MB, "
    f"{BODY_BYTES // 1_048_576} MB together."
)
_NO_SPACE = "Photos cannot be taken at the moment. Nothing was filed. Send the request without them."
_UNREADABLE = (
    f"The form cannot be read. Send at most {LIMITS_OF_FORM.parts} fields and {PHOTOS} photos, in UTF-8 "
    "or ISO-8859-1."
)
