"""The parts of Messenger's and Instagram's webhooks that we read. Everything else may change freely."""

from typing import Annotated

import msgspec

from city.coordinates import Latitude, Longitude

_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
_App = int | str | None
_Milliseconds = int | float | str | None


class Party(msgspec.Struct):
    id: _Id


class Coordinates(msgspec.Struct):
    lat: Latitude
    long: Longitude


class Payload(msgspec.Struct):
    url: str | None = None
    coordinates: Coordinates | None = None
    sticker_id: int | None = None
    title: str = ""


class Attachment(msgspec.Struct):
    """`title` and `url` of a shared link are beside the payload or in it."""

    type: str = ""
    payload: Payload | None = None
    title: str = ""
    url: str | None = None


class QuickReply(msgspec.Struct):
    payload: str = ""


class ReplyTo(msgspec.Struct):
    mid: _Id | None = None
    story: msgspec.Raw = msgspec.Raw()


class Message(msgspec.Struct):
    mid: _Id | None = None
    text: str = ""
    is_echo: bool = False
    is_deleted: bool = False
    app_id: _App = None
    metadata: str = ""
    quick_reply: QuickReply | None = None
    reply_to: ReplyTo | None = None
    sticker_id: int | None = None
    attachments: list[Attachment] = []


class Edit(msgspec.Struct):
    mid: _Id
    text: str = ""
    num_edit: int | str = 0  # Meta's example has a string here


class Postback(msgspec.Struct):
    mid: _Id | None = None
    title: str = ""
    payload: str = ""


class Delivery(msgspec.Struct):
    mids: list[_Id] = []


class Read(msgspec.Struct):
    mid: _Id | None = None


class Control(msgspec.Struct):
    new_owner_app_id: _App = None
    previous_owner_app_id: _App = None


class Event(msgspec.Struct):
    sender: Party
    recipient: Party | None = None
    timestamp: _Milliseconds = None
    message: Message | None = None
    message_edit: Edit | None = None
    postback: Postback | None = None
    delivery: Delivery | None = None
    read: Read | None = None
    pass_thread_control: Control | None = None
    take_thread_control: Control | None = None


class Change(msgspec.Struct):
    field: str = ""
    value: msgspec.Raw = msgspec.Raw(b"null")


class Entry(msgspec.Struct):
    id: _Id
    messaging: list[msgspec.Raw] = []
    standby: list[msgspec.Raw] = []
    changes: list[Change] = []


class Envelope(msgspec.Struct):
    object: str
    entry: list[msgspec.Raw]
