"""Imports a table of requests: first a preview of what each line would change, then all of them or none."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from uuid import UUID

from backends.geocoding.gazetteer import Gazetteer
from city.coordinates import read_latitude, read_longitude
from city.services import CityService
from city.street_positions import StreetPositions
from desk.model import Clock, Refused
from desk.people import audit
from desk.requests.book import MAX_NOTES, new_reference, tidy_crew, tidy_reference, without_cards
from desk.requests.by_agent import ADDRESS, ANSWER, DESCRIPTION, problem_of
from desk.requests.sheet.columns import Line, read_sheet
from desk.store import georeport
from desk.store.georeport import GeoRequest, NewGeoRequest
from desk.store.pool import Executor, Store


@dataclass(frozen=True, slots=True)
class Planned:
    """The effect of a line. `crew` is that of a new request, and `placed` says that its position was found by its address.
    `changes` are (column, before, after). A line with `errors` does nothing."""

    line: Line
    before: GeoRequest | None = None
    after: GeoRequest | None = None
    new: NewGeoRequest | None = None
    crew: str | None = None
    placed: bool = False
    changes: tuple[tuple[str, str, str], ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """wrong, new, change or same."""
        if self.errors:
            return "wrong"
        return "new" if self.new else "change" if self.changes else "same"


class SheetTaking:
    """`promised`: until when a service deals with a new request. `streets` give addresses without a position theirs."""

    def __init__(
        self,
        store: Store,
        services: Mapping[str, CityService],
        clock: Clock,
        promised: Callable[[CityService, datetime], datetime],
        streets: StreetPositions | None = None,
    ) -> None:
        self._gazetteer = Gazetteer(streets or StreetPositions())
        self._store = store
        self._services = services
        self._clock = clock
        self._promised = promised

    async def plan(self, text: str) -> list[Planned]:
        """What each line of the table would change; nothing is changed. Raises Refused for what is no table."""
        return await self._plan(self._store.pool, text)

    async def take(self, text: str, agent_id: UUID) -> list[Planned]:
        """Change and add what the table says, in one transaction; the same table again adds nothing twice. Raises Refused
        if a line is wrong."""
        async with self._store.transaction() as transaction:
            planned = await self._plan(transaction, text)
            wrong = [one.line.number for one in planned if one.errors]
            if wrong:
                raise Refused("wrong_lines", f"Line {wrong[0]} is wrong. Nothing was changed.")
            now = self._clock()
            digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
            for one in planned:
                if one.new is not None:
                    await self._add(transaction, one, one.new, f"sheet:{digest}:{one.line.number}", now)
                elif one.changes and one.after is not None:
                    await self._change(transaction, one, one.after, now)
                    await audit.record(
                        transaction, agent_id, "request_status", None, now,
                        reference=one.after.reference, status=one.after.status,
                    )  # fmt: skip
            kinds = [one.kind for one in planned]
            await audit.record(
                transaction, agent_id, "requests_taken", None, now,
                new=str(kinds.count("new")), changed=str(kinds.count("change")),
            )  # fmt: skip
        return planned

    async def _add(
        self, transaction: Executor, one: Planned, new: NewGeoRequest, same_as: str, now: datetime
    ) -> None:
        until = self._promised(self._services[new.service_code], now)
        kept = replace(without_cards(new), same_as=same_as)
        added = await georeport.add_request(transaction, new_reference(), token_urlsafe(18), kept, now, until)
        if added is not None and one.crew:
            await georeport.set_crew(transaction, added.reference, one.crew)

    async def _change(self, transaction: Executor, one: Planned, after: GeoRequest, now: datetime) -> None:
        columns = {column for column, _, _ in one.changes}
        if columns - {"crew"}:
            await georeport.set_status(
                transaction, after.reference, after.status, after.status_notes, now, after.status_media
            )
        if "crew" in columns:
            await georeport.set_crew(transaction, after.reference, after.crew)

    async def _plan(self, executor: Executor, text: str) -> list[Planned]:
        lines = read_sheet(text)
        numbers = [tidy_reference(one.get("number")) for one in lines]
        found = await georeport.list_by_references(executor, [one for one in numbers if one])
        known = {one.reference: one for one in found}
        crews = await georeport.list_crews(executor)
        planned, seen = [], set[str]()
        for line, number in zip(lines, numbers, strict=True):
            if not number:
                planned.append(await self._placed(self._new(line, crews)))
            elif number not in known:
                planned.append(Planned(line, errors=(f"There is no request {number}.",)))
            elif number in seen:
                planned.append(Planned(line, errors=(f"{number} stands in an earlier line too.",)))
            else:
                seen.add(number)
                planned.append(_changed(line, known[number], crews))
        return planned

    async def _placed(self, one: Planned) -> Planned:
        """A new request with an address and no position gets the one of its address, if that is known for certain."""
        new = one.new
        if new is None or new.latitude is not None or not new.address:
            return one
        point = await self._gazetteer.find(new.address)
        if point is None:
            return one
        return replace(one, new=replace(new, latitude=point.latitude, longitude=point.longitude), placed=True)

    def _new(self, line: Line, crews: Sequence[str]) -> Planned:
        code = line.get("service")
        service = self._services.get(code)
        if service is None:
            sentence = f"There is no service {code}." if code else "A new request needs a service."
            return Planned(line, errors=(sentence,))
        errors = [
            f"{name} is longer than {limit} characters."
            for name, limit in (("description", DESCRIPTION), ("address", ADDRESS))
            if len(line.get(name)) > limit
        ]
        latitude = read_latitude(line.get("latitude").replace(",", ".")) if line.get("latitude") else None
        longitude = read_longitude(line.get("longitude").replace(",", ".")) if line.get("longitude") else None
        given = [bool(line.get(name)) for name in ("latitude", "longitude")]
        if any(given) and (latitude is None or longitude is None):
            errors.append("latitude and longitude are no position in degrees.")
        if service.needs_location and not line.get("address") and latitude is None:
            errors.append("This service needs an address, or latitude and longitude.")
        crew = None
        try:
            crew = tidy_crew(line.get("crew"), crews)
        except Refused as error:
            errors.append(str(error))
        if line.get("note"):
            errors.append("A note is for requests that exist already; leave it empty in a new one.")
        if line.get("status") not in ("", "open"):
            errors.append("A new request is open.")
        attributes: dict[str, list[str]] = {}
        for question in service.questions:
            values = [one[:ANSWER] for one in line.answers.get(question.code, ())]
            if wrong := problem_of(question, values):
                errors.append(f"answer:{question.code}: {wrong}")
            elif values:
                attributes[question.code] = values
        if errors:
            return Planned(line, errors=tuple(errors))
        new = NewGeoRequest(
            code, line.get("description"), line.get("address") or None, None, latitude, longitude, attributes
        )
        return Planned(line, new=new, crew=crew)


def _changed(line: Line, before: GeoRequest, crews: Sequence[str]) -> Planned:
    """A column that the table does not have changes nothing; an empty cell takes the note or the crew away."""
    status = line.get("status").lower() or before.status
    note = (line.get("note") or None) if "note" in line.fields else before.status_notes
    errors = []
    if status not in ("open", "closed"):
        errors.append("A status is open or closed.")
    if note and len(note) > MAX_NOTES:
        errors.append(f"note is longer than {MAX_NOTES} characters.")
    crew = before.crew
    if "crew" in line.fields:
        try:
            crew = tidy_crew(line.get("crew"), crews)
        except Refused as error:
            errors.append(str(error))
    if (code := line.get("service")) and code != before.service_code:
        errors.append("The service of a request cannot be changed.")
    if (changed := line.get("changed")) and not _is_time(changed, before.updated_at):
        errors.append("It was changed after this table was made. Download it again.")
    if errors:
        return Planned(line, before, errors=tuple(errors))
    changes = tuple(
        (column, str(old or ""), str(new or ""))
        for column, old, new in (
            ("status", before.status, status),
            ("note", before.status_notes, note),
            ("crew", before.crew, crew),
        )
        if (old or "") != (new or "")
    )
    # A request that is opened again loses the photo of its closure.
    media = before.status_media if status == "closed" else None
    after = replace(before, status=status, status_notes=note, crew=crew, status_media=media)
    return Planned(line, before, after, changes=changes)


def _is_time(written: str, known: datetime) -> bool:
    """Whether a time in the table is this one, to the second: spreadsheets leave out the rest."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return False
    return at.tzinfo is not None and abs((at - known).total_seconds()) < 1
