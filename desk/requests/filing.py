"""The filer: delivers every recorded service request to its back end, effectively exactly once.

    recorded ──> filing ──> filed | refused
                   │ token ──> awaiting_reference ──> filed
                   │ no answer, certainly not accepted ──> recorded, retried later
                   └ no answer, perhaps accepted ──> unknown ──> looked up ──> filed, or filing again

The state `filing` is committed before the create call, so that a worker that dies during the call
leaves a record: `filing` under an expired lease is treated like `unknown`.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from backends.base import (
    Backend,
    BackendError,
    BackendUnavailable,
    Filed,
    NewRequest,
    NotPermitted,
    RequestRefused,
)
from city.routes import Routes
from desk.model import Clock
from desk.requests.claim_loop import ClaimLoop
from desk.requests.outcomes import FilingOutcomes, Tell
from desk.requests.payload import MediaUrl, UnusablePayload, fit, new_request
from desk.runtime.timing import FilingTiming
from desk.store import requests
from desk.store.pool import UNREACHABLE, Store
from desk.store.requests import ServiceRequestRow

log = structlog.get_logger("desk.requests")

PERHAPS_FILED = (
    "The back end did not answer and cannot be searched, so the report may have been filed. "
    "Look for it there before you file it by hand."
)


class Filer:
    """Files the requests in service_requests with their back ends. Run it in every worker."""

    def __init__(
        self,
        store: Store,
        backends: Mapping[str, Backend],
        routes: Routes,
        tell: Tell,
        clock: Clock,
        *,
        media_url: MediaUrl,
        timing: FilingTiming | None = None,
        jitter: Callable[[float], float] | None = None,
        at_once: int = 8,
    ) -> None:
        self._store = store
        self._backends = backends
        self._routes = routes
        self._clock = clock
        self._media_url = media_url
        self._timing = timing or FilingTiming()
        self._outcomes = FilingOutcomes(store, tell, clock, self._timing, jitter)
        self._loop = ClaimLoop(
            "filer",
            self._claim,
            self._process,
            lambda held: requests.renew(store.pool, held, self._timing.lease),
            beat=self._timing.beat,
            poll=self._timing.poll,
            at_once=at_once,
        )

    def wake(self) -> None:
        """A request was recorded: look for work now."""
        self._loop.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """File until `stop` is set; calls in progress then have 10 s to finish."""
        await self._loop.run(stop)

    async def step(self) -> bool:
        """Claim one request that is due and process it as far as possible now; False if none is due."""
        return await self._loop.step()

    async def _claim(self) -> ServiceRequestRow | None:
        now = self._clock()
        return await requests.claim(self._store.pool, now, self._timing.lease)

    async def _process(self, row: ServiceRequestRow) -> None:
        """Process one request; a failure must not stop the others."""
        try:
            await self._advance(row)
        except UNREACHABLE as error:
            # The lease expires and the request is taken up again, with a look-up if a create was in progress.
            log.warning("filing_interrupted", request=str(row.id), error=type(error).__name__)
        except Exception as error:
            log.exception("filing_broke", request=str(row.id), error=type(error).__name__)
            await self._postpone_after_failure(row, type(error).__name__)

    async def _postpone_after_failure(self, row: ServiceRequestRow, error: str) -> None:
        """Our own code failed: back off exponentially, and tell the citizen that filing is delayed."""
        try:
            now = await requests.get_request(self._store.pool, row.id)
            if now is not None:
                # Read the row again: if a create may have been made, the request is looked up first.
                await self._outcomes.later(row, "unknown" if now.state == "filing" else now.state, error)
        except Exception as worse:
            # Leave it as it is: its lease expires, and it is taken up again.
            log.error("filing_broke", request=str(row.id), error=type(worse).__name__)

    async def _advance(self, row: ServiceRequestRow) -> None:
        backend = self._backends.get(row.backend)
        if backend is None:
            log.error("backend_not_configured", request=str(row.id), backend=row.backend)
            await self._outcomes.later(
                row, row.state, f"there is no back end '{row.backend}' in the city file"
            )
            return
        if row.state == "awaiting_reference" and row.token is not None:
            await self._ask_for_number(row, backend, row.token)
            return
        try:
            code = self._routes.code_at(row.backend, row.service_code)
            request = fit(new_request(str(row.id), code, row.payload, self._media_url), backend.capabilities)
        except UnusablePayload as error:
            await self._outcomes.refused(row, (("", str(error)),))
            return
        if row.state in ("unknown", "filing") and not await self._is_absent(row, backend, request):
            return
        await self._create(row, backend, request)

    async def _create(self, row: ServiceRequestRow, backend: Backend, request: NewRequest) -> None:
        if not await requests.mark_filing(self._store.pool, row, self._clock()):
            return
        try:
            async with asyncio.timeout(self._timing.call):
                filed = await backend.file(request)
        except RequestRefused as error:
            await self._outcomes.refused(row, error.errors)
        except BackendUnavailable as error:
            state = "unknown" if error.outcome_unknown else "recorded"
            # A request that may have been accepted is looked up soon, however many attempts came before.
            longest = self._timing.settle if error.outcome_unknown else None
            await self._outcomes.later(row, state, str(error), longest=longest, resting=error.resting)
        except TimeoutError:
            await self._outcomes.later(row, "unknown", "the call took too long", longest=self._timing.settle)
        except BackendError as error:
            # The API key is refused: the request waits until the operator has fixed it.
            self._outcomes.alarm(row, error)
            await self._outcomes.later(row, "recorded", str(error))
        else:
            await self._outcomes.taken(row, filed)

    async def _is_absent(self, row: ServiceRequestRow, backend: Backend, request: NewRequest) -> bool:
        """Look the request up after a lost answer. True if it is not there and may be sent again."""
        if backend.capabilities.idempotent:
            return True
        if not backend.capabilities.lookup:
            log.error("filing_unknown", request=str(row.id), backend=row.backend)
            await self._outcomes.refused(row, (("", PERHAPS_FILED),))
            return False
        state, since = "unknown", row.created_at
        try:
            async with asyncio.timeout(self._timing.call):
                filed = await backend.lookup(request, since)
        except (BackendError, TimeoutError) as error:
            if isinstance(error, NotPermitted):
                self._outcomes.alarm(row, error)
            resting = error.resting if isinstance(error, BackendUnavailable) else None
            await self._outcomes.later(row, state, str(error) or "the look-up took too long", resting=resting)
            return False
        if filed is not None:
            log.info("filing_found", request=str(row.id))
            await self._outcomes.taken(row, filed)
            return False
        # A slow system may still be processing the first create, so absence only counts after a while.
        left = self._timing.settle - (self._clock() - row.updated_at).total_seconds()
        if left <= 0:
            return True
        # Look again by then at the latest: the back end is up, and the citizen is waiting.
        await self._outcomes.later(row, state, "not found yet", longest=max(self._timing.base, left))
        return False

    async def _ask_for_number(self, row: ServiceRequestRow, backend: Backend, token: str) -> None:
        try:
            async with asyncio.timeout(self._timing.call):
                reference = await backend.resolve_token(token)
        except (BackendError, TimeoutError) as error:
            reference = None
            log.info("number_not_asked", request=str(row.id), error=type(error).__name__)
        if reference is not None:
            await self._outcomes.taken(row, Filed(reference))
            return
        waited = self._clock() - row.updated_at
        await self._outcomes.later(
            row,
            "awaiting_reference",
            None,
            longest=self._timing.token_longest,
            tell=waited >= timedelta(seconds=self._timing.token_patience),
        )
