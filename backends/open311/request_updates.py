"""`servicerequestupdates`: the extension by which requests are changed and their updates listed.

    POST servicerequestupdates   api_key, service_request_id, update_id, status, updated_datetime, description, media_url
    GET  servicerequestupdates   start_date, end_date

mySociety published it (https://www.mysociety.org/2013/02/20/open311-extended/); open311-adapter and FixMyStreet use it. The
status of an update is in capitals in a POST.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from backends.base import Capabilities, Change, RequestChange, RequestStatus, RequestUpdate
from backends.open311.find import CLOCK_SKEW
from backends.open311.lists import Get
from backends.open311.read import prose, rows, text
from backends.open311.status import UNCHANGED, StatusWords, folded_word
from backends.open311.text import description_with_marker, folded, has_marker
from backends.open311.time import MAX_WINDOW, read_time, write_time

UPDATES = "servicerequestupdates"
CURRENT = "current"
"""In place of a word: the status that the request has now goes with the change."""
PERHAPS_ADDED = (
    "The back end did not answer, so it may have this already. Look there before you add it by hand."
)
_WRAPPERS = ("service_request_updates", "service_request_update", "request_update", "updates", "update")
_SAID: Mapping[Change, str] = {
    "complement": "Photos from the person who reported it.",
    "withdraw": "Withdrawn by the person who reported it.",
    "reopen": "The person who reported it says that it is not solved.",
}
"""The description is required: what it says if the citizen wrote nothing."""
_OURS = "[civicdesk "


def update_fields(
    reference: str, change: RequestChange, kind: Change, word: str, now: datetime
) -> list[tuple[str, str]]:
    """The form of a POST, without key and jurisdiction. `word` is the status that goes with this kind of change."""
    said = change.text or _SAID[kind]
    return [
        ("service_request_id", reference),
        ("update_id", change.id),
        ("status", word),
        ("updated_datetime", write_time(now)),
        ("description", description_with_marker(said, change.id)),
        *(("media_url", url) for url in change.media_urls),
    ]


async def word_now(word: str, status: Callable[[], Awaitable[RequestStatus]]) -> str:
    """The status word of a POST. In place of CURRENT the request's own, so that a comment does not change it to "open" while
    a crew is at work; "In progress" is IN_PROGRESS."""
    if word != CURRENT:
        return word
    return "_".join((await status()).raw_status.upper().replace("_", " ").split())


def with_updates(before: Capabilities, updates_as: Mapping[Change, str]) -> Capabilities:
    """What a back end supports that takes these changes: a POST that is repeated may be added twice."""
    if not updates_as:
        return before
    return replace(
        before,
        repeatable=False,
        complement="complement" in updates_as,
        withdraw="withdraw" in updates_as,
        reopen="reopen" in updates_as,
    )


class UpdateLists:
    """Reads the list of one endpoint through `get`; without it there is none."""

    def __init__(
        self, get: Get | None, zone: tzinfo, words: StatusWords, clock: Callable[[], datetime]
    ) -> None:
        self._get = get
        self._zone = zone
        self._words = words
        self._clock = clock

    async def has(self, reference: str, change: RequestChange) -> bool:
        """Whether it has a change that was sent before. Raises BackendError."""
        if self._get is None or change.since is None:
            return False
        window = dates_of(change.since - CLOCK_SKEW, self._clock() + CLOCK_SKEW)
        return is_listed(await self._get(UPDATES, window), reference, change)

    async def listed(self, since: datetime, now: datetime) -> list[RequestUpdate]:
        """What the back end changed. Raises BackendError."""
        if self._get is None:
            return []
        document = await self._get(UPDATES, dates_of(max(since, now - MAX_WINDOW), now))
        return read_updates_of(document, self._zone, self._words)


def dates_of(start: datetime, end: datetime) -> list[tuple[str, str]]:
    """The query of a GET."""
    return [("start_date", write_time(start)), ("end_date", write_time(end))]


def is_listed(document: object, reference: str, change: RequestChange) -> bool:
    """Whether a list has this change of ours, under our id or with the marker in its text."""
    for row in rows(document, _WRAPPERS):
        number = text(row, "service_request_id")
        if number is None or folded(number) != folded(reference):
            continue
        if text(row, "update_id") == change.id or has_marker(text(row, "description") or "", change.id):
            return True
    return False


def read_updates_of(document: object, zone: tzinfo, words: StatusWords) -> list[RequestUpdate]:
    """The last update of each request that the back end itself made; ours come back in some lists, and are no news."""
    found: dict[str, RequestUpdate] = {}
    for row in rows(document, _WRAPPERS):
        reference, at = text(row, "service_request_id"), read_time(text(row, "updated_datetime"), zone)
        raw = text(row, "status") or ""
        if reference is None or at is None or _OURS in (text(row, "description") or ""):
            continue
        status, understood = words.read(raw)
        photo = text(row, "media_url")
        update = RequestUpdate(
            reference,
            RequestStatus(
                reference=reference,
                status=status,
                raw_status=raw[:100] or "open",
                notes=prose(row, "description"),
                updated_at=at,
                understood=understood,
                photo=photo if photo and photo.startswith("https://") and photo.isprintable() else None,
                not_ours=words.is_not_ours(raw),
                stage=words.stage(raw),
                unchanged=folded_word(raw) in ("", UNCHANGED),
            ),
            at,
        )
        if reference not in found or at >= found[reference].updated_at:
            found[reference] = update
    return list(found.values())
