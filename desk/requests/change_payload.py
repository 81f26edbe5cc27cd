"""What a recorded change (JSON) does to a request: before it is sent, and in words afterwards. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime

from backends.geocoding.base import Point

MediaUrl = Callable[[str], str]
"""Maps a media id to a public, signed URL."""

DESCRIPTION = 4000  # characters that a back end takes
PHOTOS = 10


def corrected_address(change: Mapping[str, object]) -> str | None:
    """The place that a change corrects to; None if it does not."""
    fixes = change.get("fixes")
    return str(fixes.get("address") or "") or None if isinstance(fixes, Mapping) else None


def place_fields(address: str, at: Point | None) -> dict[str, object]:
    """The fields of a payload for a corrected address. The point of the former one goes, even if the new one has none."""
    return {
        "address": address,
        "latitude": at.latitude if at else None,
        "longitude": at.longitude if at else None,
    }


def rewritten(
    payload: Mapping[str, object], change: Mapping[str, object], at: Point | None = None
) -> dict[str, object]:
    """The payload of a request that is not sent yet, with the change in it. `at` is where a corrected address is."""
    changed = dict(payload)
    fixes = change.get("fixes")
    fixes = fixes if isinstance(fixes, Mapping) else {}
    if address := corrected_address(change):
        changed.update(place_fields(address, at))
    if description := fixes.get("description"):
        changed["description"] = str(description)[:DESCRIPTION]
    elif not address and (text := str(change.get("text") or "")):
        before = str(payload.get("description") or "")
        changed["description"] = "\n".join(one for one in (before, text) if one)[:DESCRIPTION]
    media = [*_list(payload.get("media")), *_list(change.get("media"))]
    changed["media"] = list(dict.fromkeys(media))[:PHOTOS]
    return changed


def sent_text(change: Mapping[str, object], now: datetime) -> str:
    """What is added to a request that is filed, with its day. "" if there are only photos."""
    text = str(change.get("text") or "").strip()
    return f"[{now.date().isoformat()}] {text}" if text else ""


def filed_again(
    payload: Mapping[str, object], reference: str | None, change: Mapping[str, object]
) -> dict[str, object]:
    """The report once more: first the number of the closed one and what the citizen says now."""
    said = str(change.get("text") or "").strip()
    first = f"Filed again: {reference or 'an earlier request'} was closed. The citizen says that it is not solved."
    lines = [one for one in (first, said, str(payload.get("description") or "")) if one]
    media = [*_list(change.get("media")), *_list(payload.get("media"))]
    return {
        **payload,
        "description": "\n".join(lines)[:DESCRIPTION],
        "media": list(dict.fromkeys(media))[:PHOTOS],
    }


def _list(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []
