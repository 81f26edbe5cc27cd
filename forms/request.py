"""The gateway's request class: it enforces each route's body limit and disables Sanic's own form parser."""

from typing import Any, NoReturn, cast

from sanic import Request

from forms.body import BodyStream, chunks, read_body
from forms.errors import BodyRefused, too_large
from forms.form import Form
from forms.memory import BodyMemory
from forms.reader import PLAIN, FormLimits, FormReader, parse_form

DEFAULT_BODY = PLAIN.body
"""Bytes, for every route that does not say otherwise with `ctx_body_bytes`."""


class BoundedRequest(Request):
    """Pass as `Sanic(request_class=BoundedRequest)`, with a BodyMemory as `app.ctx.body_memory` and, as `app.ctx.body_sender`, a
    function that names the client whose share of it a request's body takes. A route declares its limit as
    `ctx_body_bytes=…`; a route with `stream=True` reads its body itself, with `forms.body`."""

    async def receive_body(self) -> None:
        """Called by Sanic before a handler that does not stream. Raises BodyRefused."""
        limit = getattr(self.route.ctx, "body_bytes", DEFAULT_BODY) if self.route else DEFAULT_BODY
        memory: BodyMemory | None = getattr(self.app.ctx, "body_memory", None)
        if memory is None:
            self.body = await read_body(body_stream(self), limit)
            return
        with memory.share(self.app.ctx.body_sender(self)) as grow:
            self.body = await read_body(body_stream(self), limit, grow=grow)

    @property
    def form(self) -> NoReturn:
        """Disabled: it decodes with charsets that the client chooses."""
        raise RuntimeError("read forms with forms.request.read_form")

    @property
    def files(self) -> NoReturn:
        """Disabled, for the same reason."""
        raise RuntimeError("read files with forms.reader.FormReader")

    @property
    def json(self) -> NoReturn:
        """Disabled: bodies are decoded into typed structs with msgspec."""
        raise RuntimeError("decode request.body with msgspec")

    def get_form(self, keep_blank_values: bool = False) -> NoReturn:
        """Disabled, like `form`."""
        raise RuntimeError("read forms with forms.request.read_form")


def read_form(request: Request, limits: FormLimits = PLAIN) -> Form:
    """Parse the form in a request whose body has been received. Raises BodyRefused 400 or 413."""
    return parse_form(content_type(request), request.body, limits)


def refuse_unread_body(request: Request) -> None:
    """Raise BodyRefused 400 if a request that should have no body (GET, HEAD) has one: no handler would read
    it, and Sanic logs an error for each."""
    stream: Any = request.stream
    if (
        request.method in ("GET", "HEAD")
        and stream is not None
        and (stream.request_body == "chunked" or stream.request_bytes_left)
    ):
        raise BodyRefused(400, "bad_request", "This address takes no body. Nothing was changed.")


def content_type(request: Request) -> str:
    """The Content-Type header, or an empty string."""
    return cast(str, request.headers.getone("content-type", ""))


async def stream_form(request: Any, reader: FormReader, most: int) -> Form:
    """The form of a route that streams, of at most `most` bytes. Raises BodyRefused. How long it may take is the caller's."""
    size = 0
    async for data in chunks(body_stream(request)):
        size += len(data)
        if size > most:
            raise too_large()
        reader.feed(data)
    return reader.close()


def body_stream(request: Any) -> BodyStream:
    """The request's body as a stream."""
    return cast(BodyStream, request.stream)
