"""Security events: attempts by an agent to see or do what it may not. Logged, counted, and kept in the
audit log."""

from uuid import UUID

import structlog

from console.deps import ConsoleDeps
from desk.model import NotAllowed
from desk.people import audit
from desk.people.access import AccessDenied
from desk.people.sessions import Session

log = structlog.get_logger("security")


class SecurityEvents:
    """Built once with the blueprint."""

    def __init__(self, deps: ConsoleDeps) -> None:
        self._deps = deps

    async def record(self, session: Session | None, error: BaseException | None) -> None:
        """Record the refusal that `error` is, or was raised from. Other errors are not security events."""
        denied = error if isinstance(error, AccessDenied | NotAllowed) else getattr(error, "__cause__", None)
        if session is None or not isinstance(denied, AccessDenied | NotAllowed):
            return
        conversation: UUID | None = None
        ids: dict[str, str] = {}
        kind: str
        if isinstance(denied, AccessDenied):
            conversation, kind = denied.conversation_id, denied.what
            if denied.media_id is not None:
                ids["media"] = str(denied.media_id)
        else:
            kind = "permission"
            ids["permission"] = str(denied.permission)
        self._deps.count_denied(kind)
        agent_id = session.actor.agent_id
        log.warning(
            "access_denied",
            agent=str(agent_id),
            what=kind,
            conversation=str(conversation) if conversation else None,
            **ids,
        )
        await audit.record_denied(
            self._deps.store.pool, agent_id, conversation, self._deps.clock(), what=kind, **ids
        )
