"""The parts of WhatsApp's webhooks that we read. Everything else in them may change freely."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from city.coordinates import Latitude, Longitude

Seconds = int | float | str | None
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Context(msgspec.Struct):
    """What a message answers, or a product page that it was sent from."""

    id: _Id | None = None


class Profile(msgspec.Struct):
    name: str = ""


class Contact(msgspec.Struct):
    profile: Profile = msgspec.field(default_factory=Profile)
    wa_id: str | None = None
    user_id: str | None = None


def person_of(user_id: str | None, phone: str | None, contacts: Sequence[Contact]) -> Contact:
    """Whose message this is, of the people that a webhook names; an empty contact if that is not certain."""
    for one in contacts:
        if (user_id and one.user_id == user_id) or (phone and one.wa_id == phone):
            return one
    # With two or more we would be guessing, and a wrong guess merges two strangers.
    return contacts[0] if len(contacts) == 1 else Contact()


class Head(msgspec.Struct):
    """The fields of every message. At least one of `from` and `from_user_id` is set."""

    id: _Id | None = None
    type: str = ""
    timestamp: Seconds = None
    phone: str | None = msgspec.field(default=None, name="from")
    from_user_id: str | None = None
    group_id: str | None = None
    context: Context | None = None


class Echo(msgspec.Struct):
    """The fields of what staff wrote in the Business app. Meta leaves `to` out for people with a user name."""

    id: _Id | None = None
    type: str = ""
    timestamp: Seconds = None
    to: str | None = None
    to_user_id: str | None = None
    group_id: str | None = None
    context: Context | None = None


class Words(msgspec.Struct):
    body: str = ""


class Point(msgspec.Struct):
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    name: str = ""
    address: str = ""


class File(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] | None = None
    mime_type: str = ""
    caption: str = ""
    filename: str | None = None


class Choice(msgspec.Struct):
    id: str = ""
    title: str = ""


class FormAnswer(msgspec.Struct):
    """What a citizen filled into a form or an address message."""

    body: str = ""
    response_json: str = ""


class Interactive(msgspec.Struct):
    button_reply: Choice | None = None
    list_reply: Choice | None = None
    nfm_reply: FormAnswer | None = None


class TemplateButton(msgspec.Struct):
    payload: str = ""
    text: str = ""


class System(msgspec.Struct):
    type: str = ""
    body: str = ""
    wa_id: str | None = None
    user_id: str | None = None
    previous_user_id: str | None = None


class Edited(msgspec.Struct):
    text: Words | None = None
    image: File | None = None
    document: File | None = None
    video: File | None = None


class Edit(msgspec.Struct):
    message: Edited = msgspec.field(default_factory=Edited)
    original_message_id: _Id | None = None


class Revoke(msgspec.Struct):
    original_message_id: _Id | None = None


class CardName(msgspec.Struct):
    formatted_name: str = ""
    first_name: str = ""
    last_name: str = ""


class Phone(msgspec.Struct):
    phone: str = ""
    wa_id: str = ""


class Email(msgspec.Struct):
    email: str = ""


class Business(msgspec.Struct):
    company: str = ""


class Card(msgspec.Struct):
    """The card of a person or business that a citizen shares."""

    name: CardName = msgspec.field(default_factory=CardName)
    org: Business = msgspec.field(default_factory=Business)
    phones: list[Phone] = []
    emails: list[Email] = []


class Order(msgspec.Struct):
    text: str = ""


class Body(msgspec.Struct):
    edit: Edit | None = None
    revoke: Revoke | None = None
    contacts: list[Card] = []
    order: Order | None = None
    text: Words | None = None
    location: Point | None = None
    image: File | None = None
    document: File | None = None
    audio: File | None = None
    video: File | None = None
    interactive: Interactive | None = None
    button: TemplateButton | None = None
    system: System | None = None


class Fault(msgspec.Struct):
    code: int = 0


class Status(msgspec.Struct):
    id: _Id
    status: str
    timestamp: Seconds = None
    recipient_id: str | None = None
    recipient_user_id: str | None = None
    biz_opaque_callback_data: str | None = None
    errors: list[Fault] = []


class Metadata(msgspec.Struct):
    phone_number_id: str = ""


class Value(msgspec.Struct):
    metadata: Metadata = msgspec.field(default_factory=Metadata)
    contacts: list[Contact] = []
    messages: list[msgspec.Raw] = []
    statuses: list[msgspec.Raw] = []
    errors: list[msgspec.Raw] = []
    message_echoes: list[msgspec.Raw] = []


class Change(msgspec.Struct):
    field: str = ""
    value: msgspec.Raw = msgspec.Raw(b"null")


class Entry(msgspec.Struct):
    changes: list[msgspec.Raw] = []


class Envelope(msgspec.Struct):
    object: Literal["whatsapp_business_account"]
    entry: list[msgspec.Raw]
