"""The city's own web chat. The message log is the delivery, so sending only wakes up the readers."""

import uuid
from collections.abc import Sequence
from typing import Annotated, ClassVar

import msgspec

from channels.base import (
    Capabilities,
    Inbound,
    Location,
    MalformedPayload,
    MediaRef,
    NotAuthentic,
    Outbound,
    Request,
    Sent,
    Setting,
    Webhook,
)
from channels.kit.setup import Publish
from channels.kit.text import clean_text
from city.coordinates import Latitude, Longitude

TEXT_LENGTH = 2_000
PHOTOS_PER_MESSAGE = 5
BODY_BYTES = 32_768  # 2,000 characters written as \uXXXX pairs, twice over

CONTACT_HEADER = "x-civicdesk-contact"
"""Set by the gateway once it has resolved the session token; never copied from a request."""


class MessageRefused(MalformedPayload):
    """A message that we understood but do not accept. `code` is for the widget, the text for a person."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Point(msgspec.Struct, forbid_unknown_fields=True):
    """Degrees."""

    latitude: Latitude
    longitude: Longitude


class Post(msgspec.Struct, forbid_unknown_fields=True):
    """A posted message: exactly one of text, button, location, language and media; media may have a text."""

    client_id: uuid.UUID
    text: str | None = None
    button: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,200}$")] | None = None
    location: Point | None = None
    media: Annotated[list[uuid.UUID], msgspec.Meta(min_length=1)] | None = None
    language: Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2}$")] | None = None


class WebChannel:
    """The web chat. `publish(contact)` tells open windows of that contact to read the log."""

    name: ClassVar[str] = "web"
    capabilities: ClassVar[Capabilities] = Capabilities(
        text_length=TEXT_LENGTH,
        buttons=8,
        images=True,
        images_out=True,
        location=True,
        receipts=False,
        changes=True,
        withdraws=True,
    )
    settings: ClassVar[tuple[Setting, ...]] = ()

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._decoder = msgspec.json.Decoder(Post)

    def verify(self, request: Webhook) -> None:
        """The gateway has already checked the session token; a request without its contact is not authentic.
        """
        if not request.headers.get(CONTACT_HEADER):
            raise NotAuthentic("no session was resolved for this message")

    def parse(self, request: Webhook) -> list[Inbound]:
        """Parse one posted JSON body into one Inbound.

        `external_id` is "<contact>:<client_id>", so one citizen's ids cannot collide with another's. Raises
        MalformedPayload for any other body, MessageRefused for a message that we do not accept.
        """
        contact = request.headers[CONTACT_HEADER]
        if len(request.body) > BODY_BYTES:
            raise MessageRefused("too_long", _TOO_LONG)
        try:
            post = self._decoder.decode(request.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise MalformedPayload(
                "This message could not be read. Nothing was sent. Reload the page and try again."
            ) from None
        text = clean_text(post.text) if post.text is not None else None
        _check(post, text)
        return [
            Inbound(
                external_id=f"{contact}:{post.client_id}",
                contact=contact,
                kind="button" if post.button is not None else "message",
                text=text or None,
                button=post.button,
                location=Location(post.location.latitude, post.location.longitude) if post.location else None,
                media=tuple(MediaRef(str(media), "") for media in dict.fromkeys(post.media or ())),
                chosen_language=post.language,
            )
        ]

    def render(self, message: Outbound) -> list[Request]:
        """The log already holds the message; all that is left is to wake up the contact's windows."""
        return [Request("wake", {"contact": message.contact})]

    def changed(self, contact: str, external_ids: Sequence[str], text: str) -> list[Request]:
        """The log holds the new text; windows that show the old one are told by their stream."""
        return []

    def withdrawn(self, contact: str, external_ids: Sequence[str]) -> list[Request]:
        """The same."""
        return []

    async def send(self, request: Request, key: str) -> Sent:
        """Wake up the contact's windows. A closed window reads the log when it is opened again."""
        await self._publish(str(request.payload["contact"]))
        return Sent()


_TOO_LONG = f"Your message is too long. Shorten it to {TEXT_LENGTH:,} characters and send it again."


def _check(post: Post, text: str | None) -> None:
    kinds = [post.button, post.location, post.media, post.language]
    given = sum(kind is not None for kind in kinds)
    if given > 1 or (given and text and post.media is None):
        raise MalformedPayload("A message is one text, button, location, language or set of photos. Nothing was sent.")
    if not given and not text:
        raise MessageRefused("empty", "Your message is empty. Write something and send it again.")
    if text and len(text) > TEXT_LENGTH:
        raise MessageRefused("too_long", _TOO_LONG)
    if post.media and len(post.media) > PHOTOS_PER_MESSAGE:
        raise MessageRefused(
            "too_many_photos",
            f"A message takes {PHOTOS_PER_MESSAGE} photos at most. Send the others in another message.",
        )
