"""Carries out changes to recorded requests: effectively exactly once, like filing.

    recorded ── the request is not sent yet ──────────> changed or withdrawn here ──> done
        │   └─ it is being filed ──> tried again afterwards
        ├── it is filed, and the back end accepts the change ──> done
        └── it is filed, and the back end accepts none ──> a person gets it with all details

A back end that identifies a change by our id gets a call again whose response was lost. One that does not is told that
an earlier call may have been carried out: that is recorded before the call. The state and the message to the citizen are
written in one transaction, under the token of the lease.

One long file on purpose: each way in which a change can end, in the order of the states above.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from random import SystemRandom
from uuid import uuid5

import structlog

from backends.base import (
    Backend,
    BackendError,
    BackendUnavailable,
    Changeable,
    NotPermitted,
    Reopenable,
    RequestChange,
)
from backends.geocoding.base import Geocoder, Point
from backends.geocoding.gazetteer import Gazetteer
from city.street_positions import StreetPositions
from desk.model import Clock
from desk.requests.change_news import ChangeNews
from desk.requests.change_payload import (
    MediaUrl,
    corrected_address,
    filed_again,
    place_fields,
    rewritten,
    sent_text,
)
from desk.requests.claim_loop import ClaimLoop
from desk.runtime.timing import ChangeTiming
from desk.store import request_changes, requests
from desk.store.pool import UNREACHABLE, Executor, Store
from desk.store.request_changes import RequestChangeRow
from desk.store.requests import ServiceRequestRow

log = structlog.get_logger("desk.requests")

ON_ITS_WAY = frozenset({"filing", "unknown", "awaiting_reference"})


class Changer:
    """Carries out the changes in request_changes. Run it in every worker."""

    def __init__(
        self,
        store: Store,
        backends: Mapping[str, Backend],
        news: ChangeNews,
        clock: Clock,
        *,
        media_url: MediaUrl,
        geocoder: Geocoder | None = None,
        timing: ChangeTiming | None = None,
        jitter: Callable[[float], float] | None = None,
        at_once: int = 4,
    ) -> None:
        self._store = store
        self._backends = backends
        self._news = news
        self._clock = clock
        self._media_url = media_url
        self._geocoder = geocoder or Gazetteer(StreetPositions())
        self._timing = timing or ChangeTiming()
        self._jitter = jitter or (lambda most: SystemRandom().uniform(0, most))
        self._loop = ClaimLoop(
            "changer",
            self._claim,
            self._process,
            lambda held: request_changes.renew(store.pool, held, self._timing.lease),
            beat=self._timing.beat,
            poll=self._timing.poll,
            at_once=at_once,
        )

    def wake(self) -> None:
        """A change was recorded: look for work now."""
        self._loop.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Carry changes out until `stop` is set; calls in progress then have 10 s to finish."""
        await self._loop.run(stop)

    async def step(self) -> bool:
        """Claim one change that is due and carry it out as far as possible now; False if none is due."""
        return await self._loop.step()

    async def _claim(self) -> RequestChangeRow | None:
        return await request_changes.claim(self._store.pool, self._clock(), self._timing.lease)

    async def _process(self, row: RequestChangeRow) -> None:
        """Carry out one change; a failure must not stop the others."""
        try:
            await self._advance(row)
        except LeaseOver:
            log.warning("change_lease_over", change=str(row.id))
        except UNREACHABLE as error:
            log.warning("change_interrupted", change=str(row.id), error=type(error).__name__)
        except Exception as error:
            log.exception("change_broke", change=str(row.id), error=type(error).__name__)
            with suppress(*UNREACHABLE):
                await self._later(row, None, type(error).__name__)

    async def _advance(self, row: RequestChangeRow) -> None:
        request = await requests.get_request(self._store.pool, row.request_id)
        if request is None:
            await self._settle(row, None, None)  # erased meanwhile
        elif request.state == "withdrawn":
            await self._settle(
                row, request, "change_withdrawn" if row.kind == "withdraw" else "change_too_late"
            )
        elif request.state == "recorded":
            if not await self._change_unsent(row, request):
                await self._wait(row, request)
        elif request.state in ON_ITS_WAY:
            await self._wait(row, request)
        elif request.state == "filed":
            await self._change_filed(row, request)
        else:
            await self._to_person(row, request, "the back end had refused the request")

    async def _change_unsent(self, row: RequestChangeRow, request: ServiceRequestRow) -> bool:
        """Change a request that is not sent yet; False if a worker is about to send it."""
        now = self._clock()
        at = await self._where(row)
        async with self._store.transaction() as transaction:
            if row.kind == "withdraw":
                changed = await requests.withdraw_unsent(transaction, request.id, now)
                said = "change_withdrawn_unsent"
            else:
                payload = rewritten(request.payload, row.payload, at)
                changed = await requests.rewrite_unsent(transaction, request.id, payload, now)
                said = "change_made_unsent"
            if not changed:
                return False
            if not await request_changes.mark_settled(transaction, row, "done", None, now):
                raise LeaseOver
            await self._news.tell(transaction, row, request, said)
        log.info("change_made", change=str(row.id), request=str(request.id), sent=False)
        return True

    async def _file_again(self, row: RequestChangeRow, request: ServiceRequestRow) -> None:
        """The back end cannot reopen it: the same report is filed once more, as a new request that is linked to it."""
        now = self._clock()
        async with self._store.transaction() as transaction:
            if not await request_changes.mark_settled(transaction, row, "done", None, now):
                return
            conversation_id = row.conversation_id or request.conversation_id
            if conversation_id is not None and request.contact_id is not None:
                await requests.add_request(
                    transaction,
                    id=uuid5(row.id, "again"),
                    conversation_id=conversation_id,
                    contact_id=request.contact_id,
                    backend=request.backend,
                    service_code=request.service_code,
                    payload=filed_again(request.payload, request.reference, row.payload),
                    now=now,
                    tells_status=True,
                    reopens=request.id,
                )
            await self._news.disputed(transaction, row, request, "change_filed_again")
        log.info("request_filed_again", change=str(row.id), request=str(request.id))

    async def _change_filed(self, row: RequestChangeRow, request: ServiceRequestRow) -> None:
        backend = self._backends.get(request.backend)
        wanted = backend is not None and bool(getattr(backend.capabilities, row.kind))
        changeable: object = backend
        kind = Reopenable if row.kind == "reopen" else Changeable
        if row.kind == "reopen" and not wanted:
            await self._file_again(row, request)
            return
        if not wanted or not isinstance(changeable, kind) or request.reference is None:
            await self._to_person(row, request, "the back end takes no changes")
            return
        at = await self._where(row)
        change = RequestChange(
            str(row.id),
            sent_text(row.payload, self._clock()),
            tuple(self._media_url(one) for one in _media(row)),
            row.unclear_since,
            corrected_address(row.payload),
            at.latitude if at else None,
            at.longitude if at else None,
        )
        once = backend is not None and not backend.capabilities.repeatable
        if once and not await request_changes.mark_calling(self._store.pool, row, self._clock()):
            raise LeaseOver
        call = getattr(changeable, row.kind)
        try:
            async with asyncio.timeout(self._timing.call):
                await call(request.reference, change)
        except TimeoutError:
            await self._later(row, request, "the call took too long", unclear=once)
        except BackendUnavailable as error:
            unclear = once and error.outcome_unknown
            await self._later(row, request, str(error), resting=error.resting, unclear=unclear)
        except BackendError as error:
            if isinstance(error, NotPermitted):
                log.error("backend_refuses_key", request=str(request.id), backend=request.backend)
            await self._to_person(row, request, str(error))
        else:
            await self._settle(row, request, _SAID[row.kind], at)

    async def _where(self, row: RequestChangeRow) -> Point | None:
        """The point of the place that the change corrects to; None if nobody knows it."""
        address = corrected_address(row.payload)
        if address is None:
            return None
        try:
            return await self._geocoder.find(address)
        except BackendError:
            return None

    async def _settle(
        self,
        row: RequestChangeRow,
        request: ServiceRequestRow | None,
        said: str | None,
        at: Point | None = None,
    ) -> None:
        async with self._store.transaction() as transaction:
            if not await request_changes.mark_settled(transaction, row, "done", None, self._clock()):
                return
            if request is None or said is None:
                return
            await self._keep_place(transaction, row, request, at)
            if said == "change_withdrawn" and request.state != "withdrawn":
                await requests.mark_withdrawn(transaction, request.id, self._clock())
            if said == "change_reopened":
                await requests.mark_reopened(transaction, request.id, self._clock())
                await self._news.disputed(transaction, row, request, said)
                return
            await self._news.tell(transaction, row, request, said)
        log.info("change_made", change=str(row.id), request=str(row.request_id), sent=True)

    async def _keep_place(
        self, executor: Executor, row: RequestChangeRow, request: ServiceRequestRow, at: Point | None
    ) -> None:
        """From now on the request is at the corrected place, wherever it is shown or filed again."""
        if address := corrected_address(row.payload):
            await requests.set_place(executor, request.id, place_fields(address, at))

    async def _to_person(self, row: RequestChangeRow, request: ServiceRequestRow, why: str) -> None:
        at = await self._where(row)
        async with self._store.transaction() as transaction:
            if await request_changes.mark_settled(transaction, row, "person", why[:2000], self._clock()):
                await self._keep_place(transaction, row, request, at)
                await self._news.hand_over(transaction, row, request)
        log.info("change_to_person", change=str(row.id), request=str(request.id), backend=request.backend)

    async def _wait(self, row: RequestChangeRow, request: ServiceRequestRow) -> None:
        """The request itself is being filed: check again later."""
        waited = self._clock() - row.created_at
        await self._put_off(
            row,
            request,
            "the request is being filed",
            self._timing.settle + self._jitter(min(self._timing.longest, waited.total_seconds() / 4)),
            tried=False,
            unclear=False,
            tell=waited >= timedelta(seconds=self._timing.patience),
        )

    async def _later(
        self,
        row: RequestChangeRow,
        request: ServiceRequestRow | None,
        error: str,
        resting: float | None = None,
        unclear: bool = True,
    ) -> None:
        """`resting` (seconds): the back end was not called, so this does not count as an attempt."""
        wait = self._jitter(min(self._timing.longest, self._timing.base * 2 ** min(row.attempts, 30)))
        await self._put_off(
            row, request, error, (resting or 0) + wait, tried=resting is None, tell=True, unclear=unclear
        )

    async def _put_off(
        self,
        row: RequestChangeRow,
        request: ServiceRequestRow | None,
        error: str,
        seconds: float,
        *,
        tried: bool,
        tell: bool,
        unclear: bool,
    ) -> None:
        due = self._clock() + timedelta(seconds=seconds)
        async with self._store.transaction() as transaction:
            if not await request_changes.mark_put_off(
                transaction, row, error[:2000], due, tried=tried, unclear=unclear
            ):
                return
            if tell and request is not None and await request_changes.mark_told(transaction, row):
                await self._news.tell(transaction, row, request, "change_delayed")
        log.info("change_put_off", change=str(row.id), attempts=row.attempts)


_SAID = {"withdraw": "change_withdrawn", "complement": "change_made", "reopen": "change_reopened"}


class LeaseOver(Exception):
    """Another worker has the change now, so this one rolls back."""


def _media(row: RequestChangeRow) -> list[str]:
    given = row.payload.get("media")
    return [str(one) for one in given][:10] if isinstance(given, list | tuple) else []
