"""An answer as the widget, WhatsApp and SMS would show it. Pure: the channels' own code renders the messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from channels.kit.gsm7 import segments
from channels.messages import Button, Outbound
from channels.sms.channel import texts_of
from channels.whatsapp.channel import parts_of
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer
from desk.model import Composed, Reply


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message: its text, what can be tapped, and a word about it for the editor."""

    text: str
    choices: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """One language. `channels`: by name, the messages."""

    language: str
    channels: Mapping[str, Sequence[Bubble]]


def previews(draft: Answer, catalog: Catalog, languages: Sequence[str], today: date) -> list[Preview]:
    """One for each of these languages that the answer has."""
    tried = catalog.with_drafts(draft)
    found = []
    for language in (one for one in languages if one in draft.texts):
        composed = tried.compose(Reply(answer=draft.id), language, today=today)
        titles = [one.title for one in composed.buttons]
        channels = {
            "Widget": [Bubble(composed.text, titles)],
            "WhatsApp": _whatsapp(composed, language),
            "SMS": [Bubble(text, (), _cost(text)) for text in texts_of(composed.text, titles)],
        }
        found.append(Preview(language, channels))
    return found


def _whatsapp(composed: Composed, language: str) -> list[Bubble]:
    buttons = tuple(Button(f"b{place}", one.title) for place, one in enumerate(composed.buttons))
    return [_bubble(part) for part in parts_of(Outbound("preview", "1", composed.text, language, buttons))]


def _bubble(part: Mapping[str, Any]) -> Bubble:
    if part["type"] == "text":
        return Bubble(str(part["text"]["body"]))
    shown, action = part["interactive"], part["interactive"]["action"]
    if shown["type"] == "button":
        return Bubble(shown["body"]["text"], [one["reply"]["title"] for one in action["buttons"]])
    rows = [row["title"] for section in action["sections"] for row in section["rows"]]
    return Bubble(shown["body"]["text"], rows, f'A list behind the button "{action["button"]}"')


def _cost(text: str) -> str:
    count = segments(text)
    return f"Sent and billed as {count} SMS"
