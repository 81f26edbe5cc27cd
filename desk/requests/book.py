"""The request book: service requests stored by the desk, for cities without another back end."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from secrets import choice, token_urlsafe

from desk.model import Clock, NotFound, Refused
from desk.runtime.cards import mask_cards
from desk.store import georeport, georeport_changes
from desk.store.georeport import GeoChange, GeoRequest, Given, Near, NearRequest, NewGeoRequest, Search
from desk.store.georeport_changes import GeoUpdate
from desk.store.pool import Store

# Crockford's alphabet: no I, L, O or U, so that a reference can be read out on the telephone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MAX_NOTES = 4000
MAX_DESCRIPTION = 20_000  # characters, with everything that was added later
MAX_PHOTOS = 30
MAX_CREW = 80
WITHDRAWN = "Withdrawn by the person who reported it."
_ALIKE = str.maketrans("OIL", "011")


_MARKER = re.compile(r"\n?\[civicdesk [0-9a-f-]{36}\]")


def without_marker(description: str) -> str:
    """A description without the line by which our own client finds a request again (backends/open311/write.py)."""
    return _MARKER.sub("", description)


def new_reference() -> str:
    """SR-XXXX-XXXX: 39 random bits, so that nobody can find another person's request by counting."""
    return f"SR-{_group()}-{_group()}"


def _group() -> str:
    """Four characters with at least one digit: letters alone would spell a word sooner or later."""
    while True:
        group = "".join(choice(ALPHABET) for _ in range(4))
        if not group.isalpha():
            return group


def without_cards(new: NewGeoRequest) -> NewGeoRequest:
    """The request with card numbers masked in whatever a citizen wrote."""
    return replace(
        new,
        description=mask_cards(new.description),
        address=new.address and mask_cards(new.address),
        attributes={code: [mask_cards(value) for value in values] for code, values in new.attributes.items()},
    )


def tidy_reference(written: str) -> str:
    """Normalise a reference as a person typed it: "sr 4kq2 o1ab" becomes SR-4KQ2-01AB."""
    letters = "".join(c for c in written.upper() if c.isascii() and c.isalnum())
    if len(letters) != 10 or not letters.startswith("SR"):
        return written
    letters = letters[2:].translate(_ALIKE)
    return f"SR-{letters[:4]}-{letters[4:]}"


class RequestBook:
    """Creates, finds and updates the requests in georeport_requests."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def create(self, new: NewGeoRequest, expected: datetime | None = None) -> GeoRequest:
        """Store a request, with the time until when it is expected; a request that is sent twice is stored once."""
        new = without_cards(new)
        now = self._clock()
        while True:
            kept = await georeport.add_request(
                self._store.pool, new_reference(), token_urlsafe(18), new, now, expected
            )
            if kept is None and new.same_as is not None:
                kept = await georeport.mark_repeated(self._store.pool, new.same_as)
            if kept is not None:
                return kept
            # The random reference was already taken (once in 10^12): generate another.

    async def find(self, references: Sequence[str], *, given: Given = "all") -> list[GeoRequest]:
        """The requests with these references, as people type them; unknown ones are left out. `given` as in
        Search."""
        return await georeport.list_by_references(
            self._store.pool, [tidy_reference(one) for one in references], given=given
        )

    async def of_token(self, token: str) -> GeoRequest | None:
        """The request with this token."""
        return await georeport.get_by_token(self._store.pool, token)

    async def search(self, what: Search) -> list[GeoRequest]:
        """The matching requests, newest first."""
        return await georeport.list_requests(self._store.pool, what)

    async def near(self, what: Search, near: Near) -> list[NearRequest]:
        """Open requests of the search's service around a point, the nearest first."""
        return await georeport.list_near(self._store.pool, what, near)

    async def withdraw(self, reference: str, change: GeoChange) -> GeoRequest:
        """Close a request because its reporter withdraws it; the same change again has no further effect.
        Raises NotFound, Refused."""
        before = await self._changeable(reference, change)
        await georeport_changes.withdraw(self._store.pool, before.reference, change, WITHDRAWN, self._clock())
        return before

    async def reopen(self, reference: str, change: GeoChange) -> GeoRequest:
        """Open a closed request again because its reporter says that it is not solved; the same change again has no
        further effect. Raises NotFound, Refused."""
        before = await self._changeable(reference, change)
        await georeport_changes.reopen(self._store.pool, before.reference, change, self._clock())
        return before

    async def complement(self, reference: str, change: GeoChange) -> GeoRequest:
        """Add the reporter's text and photos, and correct the place; the same change again has no further effect. Raises
        NotFound, Refused."""
        masked = change.address and mask_cards(change.address)
        change = replace(change, text=mask_cards(change.text), address=masked)
        before = await self._changeable(reference, change)
        await georeport_changes.complement(self._store.pool, before.reference, change, self._clock())
        return before

    async def updates(self, since: datetime, until: datetime, limit: int, *, given: Given) -> list[GeoUpdate]:
        """What requests went through between two times, oldest first. `given` as in Search."""
        return await georeport_changes.list_updates(self._store.pool, since, until, limit, given=given)

    async def _changeable(self, reference: str, change: GeoChange) -> GeoRequest:
        found = await self.find([reference])
        if not found:
            raise NotFound("There is no request with this number. Check it and try again.")
        (before,) = found
        if (
            len(before.description) + len(change.text) > MAX_DESCRIPTION
            or len(before.media_urls) + len(change.media_urls) > MAX_PHOTOS
        ):
            raise Refused(
                "too_much", "Too much has been added to this request, so nothing more can be added."
            )
        return before

    async def set_status(
        self, reference: str, status: str, notes: str | None = None, media: str | None = None
    ) -> GeoRequest:
        """For staff: open or close a request; `notes` and the photo `media` are public. Raises NotFound, Refused."""
        if status not in ("open", "closed"):
            raise Refused("status", "A request is either open or closed. Choose one of the two.")
        notes = (notes or "").replace("\x00", "").strip() or None
        if notes and len(notes) > MAX_NOTES:
            raise Refused(
                "too_long",
                f"The note is longer than {MAX_NOTES} characters. Shorten it; nothing was changed.",
            )
        changed = await georeport.set_status(
            self._store.pool, tidy_reference(reference), status, notes, self._clock(), media
        )
        if changed is None:
            raise NotFound("There is no request with this number. Check it and try again.")
        return changed

    async def set_crew(self, reference: str, crew: str) -> GeoRequest:
        """For staff: give a request to a crew; an empty name takes it from any. A crew that has requests already keeps its
        spelling. Raises NotFound, Refused."""
        name = tidy_crew(crew, await self.crews())
        changed = await georeport.set_crew(self._store.pool, tidy_reference(reference), name)
        if changed is None:
            raise NotFound("There is no request with this number. Check it and try again.")
        return changed

    async def crews(self) -> list[str]:
        """The crews that have requests."""
        return await georeport.list_crews(self._store.pool)


def tidy_crew(written: str, known: Sequence[str]) -> str | None:
    """The crew's name as it is written elsewhere, None for no name. Raises Refused."""
    name = " ".join(written.replace("\x00", "").split())
    if len(name) > MAX_CREW:
        raise Refused(
            "too_long", f"The crew's name is longer than {MAX_CREW} characters. Nothing was changed."
        )
    return next((one for one in known if one.casefold() == name.casefold()), name) or None
