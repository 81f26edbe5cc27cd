"""Whether the problem has already been reported: open requests of the same kind nearby, and the citizen's own.

Before a report is filed, they are shown with their distance, age and photo. "Me too" follows one of them, and new information
about a problem that the citizen reported before is added to that report. An unresponsive back end does not delay a report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from actions.context import Context
from actions.filed.reports import FiledReport, now_of, own_reports
from actions.languages import WORDS
from actions.phrases import Phrases, day_in_words
from actions.report.answers.choices import is_unknown, position
from actions.report.draft import Draft, written
from actions.report.step import Step
from actions.say import Button, Reply
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import begins_with_no, fold, is_no, is_yes, plain_words
from backends.base import BackendError, NearbyRequest
from backends.geocoding.base import Geocoder
from city.coordinates import metres_between

MOST = 3
NEW = "new"
OWN_WITHIN = 30.0  # metres, where the service has no radius of its own
_SHORT = 8  # words of an answer
_SAME = tuple(plain_words(said) for words in WORDS.values() for said in words.same)
_DIFFERENT = tuple(plain_words(said) for words in WORDS.values() for said in words.different)


async def located(location: Mapping[str, Any], geocoder: Geocoder) -> dict[str, Any]:
    """The location with the point of its address, if it has none and the geocoder knows one."""
    if location.get("latitude") is not None or not location.get("address"):
        return dict(location)
    try:
        point = await geocoder.find(str(location["address"]))
    except BackendError:
        point = None
    if point is None:
        return dict(location)
    return {**location, "latitude": point.latitude, "longitude": point.longitude}


async def named_pin(draft: Draft, geocoder: Geocoder) -> Draft:
    """The draft whose shared position has an address, if the geocoder knows one: it is confirmed as an address."""
    pin = draft.pin
    if not pin or pin.get("address") or pin.get("asked"):
        return draft
    try:
        address = await geocoder.address_at(pin["latitude"], pin["longitude"])
    except BackendError:
        address = None
    return replace(draft, pin={**pin, **({"address": address} if address else {"asked": True})})


async def with_same(draft: Draft, turn: DialogueTurn, context: Context) -> Draft:
    """The draft with what is reported near its place; unchanged if that was looked up before."""
    if draft.service is None or draft.location is None or draft.pin or draft.confirm:
        return draft
    key = f"{draft.service}|{written(draft.location) or ''}"
    if draft.same and draft.same.get("key") == key:
        return draft
    place = await located(draft.location, context.geocoder)
    own = _own(draft.service, place, own_reports(turn), context.services)
    if own is not None:
        return replace(draft, same={"key": key, "found": [{"own": own.id}]})
    if place.get("latitude") is None:
        return replace(draft, same={"key": key, "found": []})
    backend, near = await context.services.nearby(draft.service, place)
    mine = {one.reference for one in own_reports(turn)}
    others = [one for one in near if one.reference not in mine][:MOST]
    return replace(draft, same={"key": key, "found": [_kept(one, backend) for one in others]})


def ask_same(draft: Draft, turn: DialogueTurn, services: Services, phrases: Phrases) -> Reply:
    """The question whether it is one of these."""
    found = _found(draft)
    if own := _own_of(found, turn):
        at = day_in_words(own.at.date(), turn.language)
        told = {"report": own.named(services, turn.language), "date": at}
        return Reply("utter_ask_report_same_own", variables=told)
    lines = [_line(one, turn, phrases) for one in found]
    buttons = tuple(
        Button(
            "choose_option",
            {"option": one["reference"]},
            title=phrases.say("same_this", turn.language, metres=one["metres"], reference=one["reference"]),
        )
        for one in found
    )
    service = services.name(draft.service or "", turn.language)
    variables = {"service": service, "nearby": "\n".join(f"- {line}" for line in lines)}
    return Reply("utter_ask_report_same", variables=variables, buttons=buttons)


def apply_same(turn: DialogueTurn, draft: Draft) -> Step | None:
    """The draft after the answer; None if the message is no answer to this question."""
    found = _found(draft)
    option = turn.entity("option")
    if option is not None:
        chosen = [one for one in found if one.get("reference") == str(option)]
        return _is(draft, chosen[0]) if chosen else Step(draft)
    said = plain_words(turn.text)
    if len(said.split()) > _SHORT or turn.asks or turn.intent == "stop":
        return None
    if _says(said, _DIFFERENT) or turn.intent in ("deny", "skip") or is_no(turn.text):
        return _new(draft)
    if turn.typed and (begins_with_no(turn.text) or is_unknown(turn.text)):
        return _new(draft)
    place = position(turn.text, len(found)) if turn.typed and len(found) > 1 else None
    if place is not None:
        return _is(draft, found[place])
    agrees = turn.intent == "affirm" or is_yes(turn.text) or is_yes(said.partition(" ")[0])
    if agrees or _says(said, _SAME):
        return _is(draft, found[0]) if len(found) == 1 else Step(draft)
    return None


def chosen_of(draft: Draft) -> Mapping[str, Any]:
    """What the citizen said that the report is about: {reference, backend} or {own: id}."""
    answer = (draft.same or {}).get("answer")
    return answer if isinstance(answer, Mapping) else {}


def _new(draft: Draft) -> Step:
    return Step(replace(draft, same={**(draft.same or {}), "answer": NEW}))


def _is(draft: Draft, chosen: Mapping[str, Any]) -> Step:
    return Step(replace(draft, same={**(draft.same or {}), "answer": dict(chosen)}, confirm="same"))


def _found(draft: Draft) -> Sequence[Mapping[str, Any]]:
    return list((draft.same or {}).get("found") or ())


def _own_of(found: Sequence[Mapping[str, Any]], turn: DialogueTurn) -> FiledReport | None:
    ids = {one.get("own") for one in found}
    return next((one for one in own_reports(turn) if one.id in ids), None)


def _own(
    service: str, place: Mapping[str, Any], reports: Sequence[FiledReport], services: Services
) -> FiledReport | None:
    """The citizen's own open report of this kind at the same place, the newest one."""
    radius = max(OWN_WITHIN, float(services.same_within(service)))
    address = fold(str(place.get("address") or ""))
    for one in reports:
        if one.service != service or not one.open:
            continue
        if one.latitude is not None and one.longitude is not None and place.get("latitude") is not None:
            if metres_between(place["latitude"], place["longitude"], one.latitude, one.longitude) <= radius:
                return one
        elif fold(one.address or "") == address:
            return one
    return None


def _kept(one: NearbyRequest, backend: str) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "backend": backend,
        "metres": max(10, round(one.metres / 10) * 10),
        "at": one.requested_at.isoformat() if one.requested_at else None,
        "photo": one.photo,
    }


def _line(one: Mapping[str, Any], turn: DialogueTurn, phrases: Phrases) -> str:
    line = phrases.say("same_line", turn.language, reference=one["reference"], metres=one["metres"])
    if one.get("at"):
        days = max(0, (now_of(turn) - datetime.fromisoformat(str(one["at"]))).days)
        age = "same_today" if days == 0 else "same_yesterday" if days == 1 else "same_days"
        line = f"{line}, {phrases.say(age, turn.language, days=days)}"
    if one.get("photo"):
        line = f"{line}. {phrases.say('same_photo', turn.language, photo=one['photo'])}"
    return line


def _says(said: str, phrases: Sequence[str]) -> bool:
    return any(f" {phrase} " in f" {said} " for phrase in phrases)
