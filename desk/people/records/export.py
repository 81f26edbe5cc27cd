"""Exports a conversation for an information request: the messages with author and time, and the outcome.

Notes are marked as internal, so that the person who hands out the copy decides about them. Text that a citizen deleted in their app
or that was redacted is not included.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.model import Actor, Clock, Contact, Conversation, Media, Message, NotFound, Transition
from desk.people import audit
from desk.people.access import access_conversation
from desk.people.permissions import Permission, require
from desk.store import media
from desk.store.dialogue import messages, notes, transitions, understanding
from desk.store.dialogue.notes import Note
from desk.store.people import contacts, records
from desk.store.people.records import Redaction
from desk.store.pool import Store
from desk.store.replies import translations
from desk.store.replies.translations import Wording
from desk.store.routing import partners
from desk.store.routing.partners import PartnerTransfer


@dataclass(frozen=True, slots=True)
class Exported:
    """Everything of one conversation. `files` are the photos of its messages, `wordings` translations of them."""

    conversation: Conversation
    contact: Contact
    messages: Sequence[Message]
    notes: Sequence[Note]
    transitions: Sequence[Transition]
    redactions: Sequence[Redaction]
    requests: Sequence[Any]
    files: Sequence[Media]
    at: datetime
    by: str
    wordings: Mapping[UUID, Sequence[Wording]] = field(default_factory=dict)
    partner_transfers: Sequence[PartnerTransfer] = ()

    def plain(self) -> dict[str, Any]:
        """For JSON: names that explain themselves, times in UTC."""
        names = {one.id: file_name(one) for one in self.files}
        return {
            "conversation": {
                "id": str(self.conversation.id),
                "inbox": self.conversation.inbox,
                "language": self.conversation.language,
                "began": _at(self.conversation.created_at),
                "resolved": _at(self.conversation.resolved_at),
                "team": self.conversation.team,
                "summary_of_the_bot": self.conversation.handoff_summary,
            },
            "contact": {
                "name": self.contact.name,
                "email": self.contact.email,
                "phone": self.contact.phone,
                "language": self.contact.language,
                "known_since": _at(self.contact.created_at),
            },
            "messages": [
                {
                    "number": one.seq,
                    "at": _at(one.created_at),
                    "author": one.author,
                    "agent": one.agent_name,
                    "text": one.text,
                    "language": one.language,
                    "status": one.status,
                    "choices": [button.title for button in one.buttons],
                    "files": [names[UUID(file.id)] for file in one.attachments if UUID(file.id) in names],
                    "place": {"latitude": one.location.latitude, "longitude": one.location.longitude}
                    if one.location
                    else None,
                    "deleted_by_the_citizen": _at(one.deleted_at),
                    "other_wordings": [
                        {"language": other.language, "text": other.text, "by": other.origin}
                        for other in self.wordings.get(one.id, ())
                    ],
                }
                for one in self.messages
            ],
            "internal_notes": [
                {"at": _at(one.created_at), "agent": one.agent_name, "text": one.text, "internal": True}
                for one in self.notes
            ],
            "changes": [
                {
                    "at": _at(one.at),
                    "to": one.to_state,
                    "by": one.actor_kind,
                    "why": one.why,
                    "team": one.to_team,
                }
                for one in self.transitions
            ],
            "transfers_to_partners": [
                {
                    "partner": one.partner,
                    "asked": _at(one.asked_at),
                    "agreed": _at(one.consented_at),
                    "sent": _at(one.sent_at),
                    "became": one.state,
                    "note": one.note,
                    "reference": one.reference,
                }
                for one in self.partner_transfers
            ],
            "redactions": [
                {"at": _at(one.at), "reason": one.reason, "places": one.places} for one in self.redactions
            ],
            "service_requests": [
                {"service": one.service_code, "reference": one.reference, "status": one.status}
                for one in self.requests
            ],
            "exported": {"at": _at(self.at), "by": self.by},
        }


class Exports:
    """Built once."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def export(self, actor: Actor, conversation_id: UUID) -> Exported:
        """Read it all, and leave an audit line. Raises NotAllowed or AccessDenied."""
        require(actor, Permission.EXPORT_CONVERSATIONS)
        async with self._store.transaction() as transaction:
            conversation = await access_conversation(transaction, actor, conversation_id)
            contact = await contacts.get_by_id(transaction, conversation.contact_id)
            if contact is None:
                raise NotFound("There is no such contact.")
            written = await messages.list_of_conversation(transaction, conversation_id)
            ids = [UUID(file.id) for one in written for file in one.attachments]
            now = self._clock()
            exported = Exported(
                conversation,
                contact,
                written,
                await notes.list_of_conversation(transaction, conversation_id),
                await transitions.list_of_conversation(transaction, conversation_id),
                await records.list_redactions(transaction, conversation_id),
                await understanding.list_requests_of_contact(transaction, contact.id),
                await media.list_of_contact(transaction, contact.id, ids),
                now,
                actor.name,
                await translations.list_of_conversation(transaction, conversation_id),
                await partners.list_of_conversation(transaction, conversation_id),
            )
            await audit.record(
                transaction, actor.agent_id, "export", conversation_id, now, messages=str(len(written))
            )
        return exported


def file_name(file: Media) -> str:
    """Where a photo is in the archive."""
    kind = {
        "image/jpeg": "jpg",
        "image/png": "png",
        "image/webp": "webp",
        "image/gif": "gif",
        "application/pdf": "pdf",
    }
    return f"photos/{file.id}.{kind.get(file.content_type, 'bin')}"


def _at(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
