"""Question: what a citizen's event says to the bot: words, or a payload. Pure but for the look at the button."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from desk.model import Contact, Conversation
from desk.store import buttons
from desk.store.pool import Executor

BOT_TEXT = 2_000  # what the bot reads of a message; the log keeps it whole


@dataclass(frozen=True, slots=True)
class Question:
    """`text` and `content` are what the log keeps; kind, words, intent and entities are what the bot gets.

    `gone` is true for a button that leads nowhere any more and has no words of its own.
    """

    text: str
    content: Mapping[str, object] = field(default_factory=dict)
    kind: Literal["text", "payload"] = "text"
    intent: str | None = None
    entities: Mapping[str, object] = field(default_factory=dict)
    gone: bool = False

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
        )
    return Question(text, content)


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
    if known.conversation_id != conversation.id:
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
    return content
