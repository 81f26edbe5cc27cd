"""The identity check as shown on the conversation's page."""

from collections.abc import Mapping, Sequence
from typing import Any

from channels.base import Capabilities
from city.services import CityService
from console.deps import ConsoleDeps
from console.guard import Visit
from desk.model import Contact, Conversation
from desk.outbound.reply_window import reach_of
from desk.people.identity.answers import TRIES
from desk.people.identity.asking import IdentityChecks
from desk.store.dialogue.understanding import FiledRequest
from desk.store.people import identity
from desk.store.people.candidates import AlikeContact


def identity_checks(deps: ConsoleDeps) -> IdentityChecks:
    """The checks of this console."""

    def reachable(capabilities: Mapping[str, Capabilities], contact: Contact) -> bool:
        known = capabilities.get(contact.inbox)
        return known is None or reach_of(known, contact, deps.clock()).keeps_back(human=False) is None

    return IdentityChecks(deps.store, deps.ownership, deps.capabilities, reachable, deps.clock)


class IdentityShown:
    """Built once."""

    def __init__(self, deps: ConsoleDeps, services: Mapping[str, CityService]) -> None:
        self._deps = deps
        self._checks = identity_checks(deps)
        self._asking = {code for code, service in services.items() if service.identity}

    async def values(
        self,
        visit: Visit,
        conversation: Conversation,
        linked: Sequence[Contact],
        alike: Sequence[AlikeContact],
        requests: Sequence[FiledRequest],
    ) -> dict[str, Any]:
        """`identity`: the last check; `identity_targets`: where a code can go; `protected`: ids of requests that are not
        shown before somebody gave a right code here."""
        pool = self._deps.store.pool
        check = await identity.get_latest(pool, conversation.id)
        asks = conversation.agent_id == visit.actor.agent_id and conversation.state in (
            "assigned",
            "waiting_on_contact",
        )
        wanting = {
            one.id
            for one in requests
            if one.service_code in self._asking and one.conversation_id != conversation.id
        }
        confirmed = bool(wanting) and await identity.is_confirmed(pool, conversation.id)
        return {
            "identity": check,
            "identity_over": check is not None and check.expires_at <= visit.now,
            "identity_tries": TRIES,
            "identity_targets": await self._checks.targets(pool, linked, alike) if asks else [],
            "protected": set() if confirmed else wanting,
        }
