"""Files a request again as another service, because its back end says that it is not responsible."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid5

import structlog

from city.routes import Routes
from city.services import CityService
from desk.model import Clock
from desk.store import requests
from desk.store.pool import Executor
from desk.store.requests import ServiceRequestRow

log = structlog.get_logger("desk.requests")


class Rerouting:
    """By default nothing is filed again."""

    def __init__(
        self,
        routes: Routes | None = None,
        services: Mapping[str, CityService] | None = None,
        clock: Clock = lambda: datetime.now(UTC),
    ) -> None:
        self._routes = routes
        self._services = services or {}
        self._clock = clock

    async def file_again(self, transaction: Executor, row: ServiceRequestRow) -> CityService | None:
        """Record it as the service that the catalogue names (`otherwise`), once, and return that; None if it names none, or
        if the request was rerouted before: two back ends that point at each other must not go on for ever."""
        service = self._services.get(row.service_code)
        other = self._services.get(service.otherwise) if service and service.otherwise else None
        if other is None or self._routes is None or row.payload.get("rerouted"):
            return None
        if row.conversation_id is None or row.contact_id is None:
            return None
        keys = {one.code for one in other.questions}
        answers = row.payload.get("attributes")
        kept = (
            {code: value for code, value in answers.items() if code in keys}
            if isinstance(answers, Mapping)
            else {}
        )
        payload = {**row.payload, "service_code": other.code, "attributes": kept, "rerouted": True}
        added = await requests.add_request(
            transaction,
            id=uuid5(row.id, "rerouted"),
            conversation_id=row.conversation_id,
            contact_id=row.contact_id,
            backend=self._routes.of(other.code).backend,
            service_code=other.code,
            payload=payload,
            now=self._clock(),
            tells_status=True,
        )
        log.info("request_rerouted", request=str(row.id), service=row.service_code, to=other.code)
        return other if added else None
