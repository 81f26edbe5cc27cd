"""Turns a citizen's event into a question for the bot: text or a payload. Pure except for database reads. One long file on purpose:
what the bot may read of an event is decided in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from channels.base import Capabilities
from desk.knowledge.words import language_name
from desk.media.received import FOR_REPORT, KEPT, kept_as, with_kinds, without_documents
from desk.model import WORDS, Contact, Conversation, Event, Message, ReceivedMessage
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import buttons, messages, quotes
from desk.store.inbound import events
from desk.store.leases import Token
from desk.store.pool import Executor
from desk.turns.choice import choose, names_title, number_counts, shown_as_numbers

CHANGE_LANGUAGE = "change_language"
BOT_TEXT = 2_000  # characters of a message that the bot reads; the log keeps all of it


_NOTICES: Mapping[str, str] = {
    **{
        "photo": "photo_unread",
        "more_photos": "unshown_more_photos",
        "video": "unshown_video",
        "audio": "unshown_audio",
    },
    **{"document": "unshown_document", "contact": "unshown_contact", "sticker": "unshown_sticker"},
    **{
        "poll": "unshown_poll",
        "story": "unshown_post",
        "post": "unshown_post",
        "calendar": "unshown_calendar",
    },
    **{
        "gift": "unshown_gift",
        "payment": "unshown_gift",
        "order": "unshown_order",
        "signed": "unshown_signed",
    },
    **{KEPT: "document_kept", FOR_REPORT: "document_for_report"},
}
"""By kind: what its author is told. Any other kind is "unsupported"."""


@dataclass(frozen=True, slots=True)
class Question:
    """`text` and `content` are stored in the log; `kind`, `words`, `intent` and `entities` go to the bot.

    `gone` is true for a button that is no longer valid and came without text; `lost` is the number of photos
    that could not be fetched or read, `over_quota` whether one was refused because there were too many.
    """

    text: str
    content: Mapping[str, object] = field(default_factory=dict)
    kind: Literal["text", "payload"] = "text"
    intent: str | None = None
    entities: Mapping[str, object] = field(default_factory=dict)
    gone: bool = False
    lost: int = 0
    over_quota: bool = False
    unshown: tuple[str, ...] = ()  # the kinds of what the message brings and we cannot show
    stops: bool = False  # words that end all messages from us
    edited: bool = False  # the new text of an earlier message: logged, but not treated as a question
    masked: bool = False  # a card number was taken out of the text
    offered: tuple[str, ...] = ()  # titles of the buttons right before it, of which it names none
    unfinished: bool = (
        False  # a photo of an album that is not complete yet: the last photo represents the album
    )

    @property
    def note(self) -> str | None:
        """What could not be read, described for an agent."""
        note = self.content.get("note")
        return note if isinstance(note, str) else None

    @property
    def notices(self) -> list[str]:
        """The names of the texts that tell the contact what was not stored or cannot be shown."""
        card = ["card_masked"] if self.masked else []
        photo = ["photo_quota" if self.over_quota else "photo_unread"] if self.lost else []
        return list(
            dict.fromkeys([*card, *photo, *(_NOTICES.get(kind, "unsupported") for kind in self.unshown)])
        )

    @property
    def is_photo(self) -> bool:
        """Whether it is a photo; its text is the caption."""
        return self.intent == "share_photo"

    @property
    def words(self) -> str | None:
        """The text that the bot reads, or None for a payload."""
        return self.text[:BOT_TEXT] if self.kind == "text" else None

    @property
    def language(self) -> str | None:
        """The code of the language that this message switches to, by a menu or a button."""
        wanted = self.entities.get("language") if self.intent == CHANGE_LANGUAGE else None
        return wanted if isinstance(wanted, str) else None

    @property
    def only_masked(self) -> bool:
        """Whether nothing is left to read beside what was masked."""
        return self.masked and self.kind == "text" and not any(one.isalnum() for one in self.text)

    @property
    def cut(self) -> bool:
        """Whether the bot reads only a part of the text."""
        return self.kind == "text" and len(self.text) > BOT_TEXT


async def read_question(
    executor: Executor, contact: Contact, conversation: Conversation, received: ReceivedMessage
) -> Question:
    """The question that the received message asks."""
    text = (received.text or "").strip()
    received = await with_kinds(executor, contact, received)
    content = {**_content(contact, received), **await read_quoting(executor, contact, received)}
    photos = without_documents(received)
    question = await _question(executor, contact, conversation, photos, text, content)
    if photos != received:
        kept = await kept_as(executor, conversation)
        flag = {"for_report": True} if kept == FOR_REPORT else {}
        question = replace(question, content={**question.content, **flag}, unshown=(*question.unshown, kept))
    return replace(question, masked=received.masked)


async def _question(
    executor: Executor,
    contact: Contact,
    conversation: Conversation,
    received: ReceivedMessage,
    text: str,
    content: Mapping[str, object],
) -> Question:
    if received.stops:
        return Question(text, content, stops=True)
    if received.edits:
        return Question(text, {**content, "edited": True}, edited=True)
    if received.chosen_language:
        name = language_name(received.chosen_language, received.chosen_language)
        chosen = {"language": received.chosen_language}
        return Question(name[:1].upper() + name[1:], content, "payload", CHANGE_LANGUAGE, chosen)
    if received.button:
        return await _button(executor, contact, conversation, received.button, text, content)
    if received.location:
        return Question(text, content, "payload", "share_location", asdict(received.location))
    if received.media:
        entities = {"media": [one.id for one in received.media]}
        return Question(
            text,
            content,
            "payload",
            "share_photo",
            {**entities, "caption": text[:BOT_TEXT]} if text else entities,
            lost=received.lost or 0,
            over_quota=received.over_quota,
            unshown=tuple(one.kind for one in received.unshown),
        )
    return Question(
        text,
        content,
        lost=received.lost or 0,
        over_quota=received.over_quota,
        unshown=tuple(one.kind for one in received.unshown),
    )


async def read_quoting(executor: Executor, contact: Contact, received: ReceivedMessage) -> dict[str, object]:
    """What the message answers, or the earlier version that it changes: {"quotes": message id}, "" for one that is not
    in the log."""
    ref = received.ref if received.edits else received.quotes
    if not ref:
        return {}
    found = await quotes.get_by_ref(executor, contact.id, sanitize_text(ref))
    return {"quotes": str(found) if found else ""}


async def read_album(
    executor: Executor, contact: Contact, conversation: Conversation, question: Question, event_id: int
) -> Question:
    """Combine the photos of an album into one question, even if the provider sends each one separately."""
    thread = question.content.get("thread")
    album = thread.get("album") if isinstance(thread, Mapping) else None
    if not album or question.intent != "share_photo":
        return question
    if await events.is_album_continued(executor, contact.id, event_id, str(album)):
        return replace(question, unfinished=True)
    before = await messages.list_album(executor, conversation.id, str(album))
    own = [str(one) for one in _list(question.entities.get("media"))]
    files = [file for _, others in before for file in others if file not in own] + own
    caption = " ".join(text for text in [*(text for text, _ in before), question.text] if text)
    entities: dict[str, object] = {"media": files}
    if caption:
        entities["caption"] = caption[:BOT_TEXT]
    return replace(question, entities=entities)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


async def read_choice(
    executor: Executor,
    contact: Contact,
    conversation: Conversation,
    question: Question,
    event_id: int,
    capabilities: Capabilities | None,
) -> Question:
    """Replace text that names a button by its title or number, right after buttons were offered."""
    if (
        capabilities is None
        or question.kind != "text"
        or not question.text
        or question.lost
        or question.unshown
        or question.edited
    ):
        return question
    lists = await buttons.list_offered(executor, contact.id, conversation.id, event_id)
    offered, place = _chosen(question.text, lists)
    if place is None:
        return replace(question, offered=tuple(title for _, title in (lists[0] if lists else ())))
    if "button" in question.content and question.content["button"] not in dict(offered):
        return question  # a tap identifies its button, even if others have the same title
    known = await buttons.get_button(executor, contact.id, offered[place][0])
    if known is None:
        return question
    if not names_title(question.text, offered[place][1]):
        intents = await buttons.list_intents(executor, [key for key, _ in offered])
        if not number_counts(known.offer.intent, intents, shown_as_numbers(capabilities, len(offered))):
            return question
    content = {**question.content, "button": offered[place][0], "chosen": known.offer.title}
    if known.offer.intent == WORDS:
        return Question(question.text, content)
    return Question(question.text, content, "payload", known.offer.intent, known.offer.entities)


def _chosen(
    text: str, lists: Sequence[Sequence[tuple[str, str]]]
) -> tuple[Sequence[tuple[str, str]], int | None]:
    """The list that the text chooses from, and the place in it. A number is one of the newest list; of an earlier one only the
    words count, because its numbers are no longer the last that were shown."""
    for age, offered in enumerate(lists):
        place = choose(text, [title for _, title in offered])
        if place is not None and (age == 0 or names_title(text, offered[place][1])):
            return offered, place
    return (), None


def read_plainly(contact: Contact, received: ReceivedMessage) -> Question:
    """Only the text: for an event that killed every worker that read more of it. Pure."""
    return Question((received.text or "")[:BOT_TEXT].strip(), _client_id(contact, received))


async def _button(
    executor: Executor,
    contact: Contact,
    conversation: Conversation,
    button_id: str,
    text: str,
    content: Mapping[str, object],
) -> Question:
    known = await buttons.get_button(executor, contact.id, button_id)
    if known is None:
        # Never offered to this citizen: ignore the id, and treat its title (if the provider sent one) as
        # text.
        return Question(text, content, gone=not text)
    if known.conversation_id != conversation.id or known.offer.intent == WORDS:
        return Question(known.offer.title, {**content, "button": button_id})
    offer = known.offer
    return Question(offer.title, {**content, "button": button_id}, "payload", offer.intent, offer.entities)


def _content(contact: Contact, received: ReceivedMessage) -> dict[str, object]:
    content: dict[str, object] = _client_id(contact, received)
    if received.media:
        content["attachments"] = [
            {"id": one.id, "content_type": one.content_type or "image/jpeg"} for one in received.media
        ]
    if received.location:
        content["location"] = asdict(received.location)
    if received.lost:
        content["lost"] = received.lost
    if received.note:
        content["note"] = received.note
    if received.unshown:
        content["unshown"] = [asdict(one) for one in received.unshown]
    if received.thread:
        content["thread"] = dict(received.thread)
    return content


def _client_id(contact: Contact, received: ReceivedMessage) -> dict[str, object]:
    """The widget's own id of the message, taken from the external id of a known contact's message."""
    owner, _, client_id = received.external_id.partition(":")
    return {"client_id": client_id} if client_id and owner == str(contact.id) else {}


@dataclass(frozen=True, slots=True)
class Started:
    """A turn in progress: its message is in the log, and `token` is the token of the lease on its contact."""

    event: Event
    message: Message
    contact: Contact
    conversation: Conversation
    question: Question
    token: Token
