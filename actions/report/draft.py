"""An unfinished report. Pure; kept in the slots of the report form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from actions.say import Event, slot
from actions.services import Asked, Services

SERVICE = "draft_service"
WHOSE = "draft_whose"
DESCRIPTION = "draft_description"
LOCATION = "draft_location"
SAME = "draft_same"
QUESTION = "draft_question"
PHOTO = "draft_photo"
CONTACT = "draft_contact"
CONFIRM = "draft_confirm"
CHANGE = "draft_change"
FURTHER = "+"
"""An answer without a value: the citizen wants to be asked the further questions. No back end has such a code of a question."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far; None is not known yet.

    `location` has address, or latitude and longitude (degrees), or {unknown: true} where none is needed.
    `street` is a street still without a number or crossing; `pin` a position, perhaps with an address, that the
    citizen has not confirmed. `answers` are by question code.
    `same` is what is near of the same kind: {key, found, answer} (actions/nearby/same.py).
    `photo` is "done" once asked about, and "whose" while it is asked which report the `spare` photos belong to; else spare
    photos are those of an earlier report, which this one may show too. `contact` is {wish: none|email|phone, value}; a wish without
    a value waits for it. `name` was given for this report; `unit` is a flat or a floor. `was` are a service
    and an address that were withdrawn, until the description is adapted.
    `confirm` is "yes" once the citizen confirmed the summary, or "same" if another report is about the same.
    """

    service: str | None = None
    description: str | None = None
    location: Mapping[str, Any] | None = None
    street: str | None = None
    pin: Mapping[str, Any] | None = None
    same: Mapping[str, Any] | None = None
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    media: tuple[str, ...] = ()
    photo: str | None = None
    spare: tuple[str, ...] = ()
    contact: Mapping[str, Any] | None = None
    name: str | None = None
    unit: str | None = None
    was: Mapping[str, Any] = field(default_factory=dict)
    confirm: str | None = None

    @property
    def begun(self) -> bool:
        """Whether anything is known."""
        return replace(self, was={}) != Draft()


def read_draft(slots: Mapping[str, Any]) -> Draft:
    """The draft in the slots."""
    return draft_of({one.name: slots.get(f"draft_{one.name}") for one in fields(Draft)})


def draft_of(kept: Mapping[str, Any]) -> Draft:
    """The draft of what `as_kept` gave."""
    known: dict[str, Any] = {one.name: kept.get(one.name) for one in fields(Draft)}
    for mapping in ("answers", "was"):
        known[mapping] = known[mapping] or {}
    for photos in ("media", "spare"):
        known[photos] = tuple(known[photos] or ())
    return Draft(**known)


def as_kept(draft: Draft) -> dict[str, Any]:
    """The draft as a slot can hold it: what is known, by field."""
    return {
        one.name: value for one in fields(Draft) if (value := _plain(getattr(draft, one.name))) is not None
    }


def write_draft(draft: Draft) -> list[Event]:
    """The events that keep a draft: one for each field, so that the form always sees that we took the message."""
    return [slot(f"draft_{name.name}", _plain(getattr(draft, name.name))) for name in fields(Draft)]


def forget_draft() -> list[Event]:
    """The events that empty the form."""
    nothing = (QUESTION, WHOSE, CHANGE, "draft_history", "told_details")
    return [*write_draft(Draft()), *(slot(name, None) for name in nothing)]


def wanted(draft: Draft, questions: Sequence[Asked]) -> list[Asked]:
    """Those that are asked: the further ones only if the citizen wants to say more, and none whose condition the
    answers so far do not meet."""
    return [
        asked
        for asked in questions
        if (not asked.further or FURTHER in draft.answers) and _applies(asked, draft)
    ]


def has_further(draft: Draft, questions: Sequence[Asked]) -> bool:
    """Whether there is more that may be told, which was not offered yet."""
    return FURTHER not in draft.answers and any(one.further and _applies(one, draft) for one in questions)


def _applies(asked: Asked, draft: Draft) -> bool:
    return all(set(values) & set(draft.answers.get(code, ())) for code, values in asked.only_if.items())


def next_question(draft: Draft, questions: Sequence[Asked]) -> Asked | None:
    """The first of the service's questions that has no answer yet."""
    return next((asked for asked in wanted(draft, questions) if asked.code not in draft.answers), None)


def next_step(draft: Draft, questions: Sequence[Asked], *, photos: bool) -> str:
    """What to ask next. `photos`: whether the channel can carry them."""
    if draft.photo == "whose" and draft.spare:
        return WHOSE
    if draft.service is None:
        return SERVICE
    if draft.description is None:
        return DESCRIPTION
    if draft.location is None or draft.pin:
        return LOCATION
    if draft.same and draft.same.get("found") and not draft.same.get("answer"):
        return SAME
    if next_question(draft, questions):
        return QUESTION
    if photos and draft.photo is None:
        return PHOTO
    if draft.contact is None or (draft.contact.get("wish") != "none" and not draft.contact.get("value")):
        return CONTACT
    return CONFIRM


def file_request(draft: Draft, name: str | None = None) -> dict[str, Any]:
    """The directive that files a confirmed draft."""
    directive: dict[str, Any] = {
        "type": "file_request",
        "service_code": draft.service,
        "description": draft.description or "",
        "media": list(draft.media),
        "attributes": {code: list(values) for code, values in draft.answers.items() if values},
    }
    for part in ("address", "latitude", "longitude"):
        if draft.location and draft.location.get(part) is not None:
            directive[part] = draft.location[part]
    if draft.unit and directive.get("address"):
        directive["address"] = f"{directive['address']}, {draft.unit}"
    wish = draft.contact.get("wish") if draft.contact else "none"
    if draft.contact and wish in ("email", "phone"):
        directive[wish] = draft.contact["value"]
        if draft.name or name:
            directive["name"] = draft.name or name
    return directive


def written(location: Mapping[str, Any]) -> str | None:
    """A location as people read it: its address, or its coordinates to the metre; None if there is neither."""
    if location.get("address"):
        return str(location["address"])
    if location.get("latitude") is None or location.get("longitude") is None:
        return None
    return f"{float(location['latitude']):.5f}, {float(location['longitude']):.5f}"


def in_short(draft: Draft, services: Services, language: str) -> str:
    """The draft in one line, for the agent who takes over."""
    parts = []
    if draft.service:
        parts.append(f"service: {services.name(draft.service, language)}")
    if draft.description:
        parts.append(f"description: {draft.description[:300]}")
    place = written(draft.location or {}) or draft.street or written(draft.pin or {})
    if place:
        parts.append(f"place: {place}{f', {draft.unit}' if draft.unit else ''}")
    if draft.media:
        parts.append(f"photos: {len(draft.media)}")
    if draft.contact and draft.contact.get("value"):
        parts.append(f"contact: {draft.contact['value']}")
    if draft.name:
        parts.append(f"name: {draft.name}")
    return "; ".join(parts)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value) or None
    return dict(value) or None if isinstance(value, Mapping) else value
