"""Question: what a citizen's event says to the bot: words, or a payload. Pure but for the look at the button."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from channels.base import Capabilities
from desk.model import WORDS, Contact, Conversation
from desk.store.dialogue import buttons, messages
from desk.store.inbound import events
from desk.store.pool import Executor
from desk.turns.choice import choose, shown_as_numbers

BOT_TEXT = 2_000  # what the bot reads of a message; the log keeps it whole


@dataclass(frozen=True, slots=True)
class Question:
    """`text` and `content` are what the log keeps; kind, words, intent and entities are what the bot gets.

    `gone` is true for a button that leads nowhere any more and has no words of its own; `lost` is how many photos
    could not be fetched or read, `over_quota` whether one of them was refused because there were too many.
    """

    text: str
    content: Mapping[str, object] = field(default_factory=dict)
    kind: Literal["text", "payload"] = "text"
    intent: str | None = None
    entities: Mapping[str, object] = field(default_factory=dict)
    gone: bool = False
    lost: int = 0
    over_quota: bool = False
    edited: bool = False  # what an earlier message was changed to: seen, but the answer to no question
    unfinished: bool = False  # one photo of an album whose others wait behind it: the last one asks for all

    @property
    def photo_notice(self) -> str | None:
        """Which text tells the contact that a photo was not kept."""
        if not self.lost:
            return None
        return "photo_quota" if self.over_quota else "photo_unread"

    @property
    def words(self) -> str | None:
        """What the bot reads."""
        return self.text[:BOT_TEXT] if self.kind == "text" else None

    @property
    def cut(self) -> bool:
        """Whether the bot sees only a part of it."""
        return self.kind == "text" and len(self.text) > BOT_TEXT


async def read_question(
    executor: Executor, contact: Contact, conversation: Conversation, inbound: Mapping[str, Any]
) -> Question:
    """From an Inbound (as JSON) to a Question."""
    text = str(inbound.get("text") or "").strip()
    content = _content(contact, inbound)
    if inbound.get("edits"):
        return Question(text, {**content, "edited": True}, edited=True)
    if inbound.get("button"):
        return await _button(executor, contact, conversation, str(inbound["button"]), text, content)
    if location := inbound.get("location"):
        entities = {name: location.get(name) for name in ("latitude", "longitude", "label")}
        return Question(text, content, "payload", "share_location", entities)
    if files := inbound.get("media"):
        entities = {"media": [one["id"] for one in files]}
        return Question(
            text,
            content,
            "payload",
            "share_photo",
            {**entities, "caption": text[:BOT_TEXT]} if text else entities,
            lost=int(inbound.get("lost") or 0),
            over_quota=bool(inbound.get("over_quota")),
        )
    return Question(
        text, content, lost=int(inbound.get("lost") or 0), over_quota=bool(inbound.get("over_quota"))
    )


async def read_album(
    executor: Executor, contact: Contact, conversation: Conversation, question: Question, event_id: int
) -> Question:
    """Photos that were sent together are one thing said, even where the provider sends each by itself."""
    thread = question.content.get("thread")
    album = thread.get("album") if isinstance(thread, Mapping) else None
    if not album or question.intent != "share_photo":
        return question
    if await events.album_goes_on(executor, contact.id, event_id, str(album)):
        return replace(question, unfinished=True)
    before = await messages.album(executor, conversation.id, str(album))
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
    """The button that a citizen names by its number or title, right after it was offered as numbered text."""
    if (
        capabilities is None
        or question.kind != "text"
        or not question.text
        or question.lost
        or question.edited
    ):
        return question
    offered = await buttons.just_offered(executor, contact.id, conversation.id, event_id)
    if not offered or not shown_as_numbers(capabilities, len(offered)):
        return question
    place = choose(question.text, [title for _, title in offered])
    known = None if place is None else await buttons.find(executor, contact.id, offered[place][0])
    if known is None or place is None:
        return question
    content = {**question.content, "button": offered[place][0], "chosen": known.offer.title}
    if known.offer.intent == WORDS:
        return Question(question.text, content)
    return Question(question.text, content, "payload", known.offer.intent, known.offer.entities)


def read_plainly(contact: Contact, inbound: Mapping[str, Any]) -> Question:
    """The words alone: for an event that broke everybody who looked at more of it. Pure."""
    text = inbound.get("text")
    owner, _, client_id = str(inbound.get("external_id", "")).partition(":")
    content = {"client_id": client_id} if client_id and owner == str(contact.id) else {}
    return Question(text[:BOT_TEXT].strip() if isinstance(text, str) else "", content)


async def _button(
    executor: Executor,
    contact: Contact,
    conversation: Conversation,
    button_id: str,
    text: str,
    content: Mapping[str, object],
) -> Question:
    known = await buttons.find(executor, contact.id, button_id)
    if known is None:
        # Never offered to this citizen: its id means nothing, its words (some providers send them) are words.
        return Question(text, content, gone=not text)
    if known.conversation_id != conversation.id or known.offer.intent == WORDS:
        return Question(known.offer.title, {**content, "button": button_id})
    offer = known.offer
    return Question(offer.title, {**content, "button": button_id}, "payload", offer.intent, offer.entities)


def _content(contact: Contact, inbound: Mapping[str, Any]) -> dict[str, object]:
    content: dict[str, object] = {}
    owner, _, client_id = str(inbound.get("external_id", "")).partition(":")
    if client_id and owner == str(contact.id):
        content["client_id"] = client_id
    if inbound.get("media"):
        content["attachments"] = [
            {"id": one["id"], "content_type": one.get("content_type") or "image/jpeg"}
            for one in inbound["media"]
        ]
    if inbound.get("location"):
        content["location"] = dict(inbound["location"])
    if inbound.get("lost"):
        content["lost"] = inbound["lost"]
    if inbound.get("thread"):
        content["thread"] = dict(inbound["thread"])
    return content
