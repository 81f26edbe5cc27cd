"""What agents may change of a contact, and who may be the same person."""

import re
from dataclasses import dataclass
from uuid import UUID

from city import City
from desk.model import Actor, Clock, Refused
from desk.people.access import access_contact, access_conversation
from desk.people.permissions import Permission, require, scope_of
from desk.runtime.sanitize import sanitize_text
from desk.store.dialogue import conversations
from desk.store.people import audit, candidates, contacts
from desk.store.pool import Executor, Store

LONGEST = 120
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,63}(?:\.[^\s@.]{1,63}){1,8}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{3,30}")


@dataclass(frozen=True, slots=True)
class ContactData:
    """Name, e-mail and phone may be empty; `language` is one of the city's."""

    name: str
    email: str
    phone: str
    language: str


class ContactEditing:
    """Built once by the console's composition root."""

    def __init__(self, store: Store, city: City, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock

    async def change(self, actor: Actor, conversation_id: UUID, data: ContactData) -> None:
        """Replace the contact's data. The audit has which fields changed, never their values. Raises AccessDenied,
        NotAllowed or Refused."""
        new = self._checked(data)
        async with self._store.transaction() as transaction:
            require(actor, Permission.ANSWER_CONVERSATIONS)
            conversation = await access_conversation(transaction, actor, conversation_id)
            await contacts.lock(transaction, conversation.contact_id)
            before = await access_contact(transaction, actor, conversation_id)
            was = ContactData(
                before.name or "", before.email or "", before.phone or "", conversation.language
            )
            changed = [
                field
                for field in ("name", "email", "phone", "language")
                if getattr(was, field) != getattr(new, field)
            ]
            if not changed:
                return
            await contacts.set_details(
                transaction, before.id, new.name or None, new.email or None, new.phone or None
            )
            if "language" in changed:
                await contacts.set_language(transaction, before.id, new.language)
                await conversations.set_language(transaction, conversation_id, new.language)
            await audit.add_line(
                transaction,
                actor.agent_id,
                "contact",
                conversation_id,
                {"changed": " ".join(changed)},
                self._clock(),
            )

    async def candidates(
        self, executor: Executor, actor: Actor, contact_id: UUID, query: str = ""
    ) -> list[candidates.AlikeContact]:
        """Contacts who may be the same person: with the same name, e-mail or phone, or (with a `query`) with a name,
        e-mail or phone that has these words. Only within what the agent may see."""
        words = sanitize_text(query).strip()[:LONGEST]
        scope = scope_of(actor)
        if words:
            return await candidates.list_named(executor, scope, contact_id, words)
        return await candidates.list_candidates(executor, scope, contact_id)

    def _checked(self, data: ContactData) -> ContactData:
        name, email, phone = (
            " ".join(sanitize_text(one).split()) for one in (data.name, data.email, data.phone)
        )
        if len(name) > LONGEST:
            raise Refused("bad_name", f"A name can have at most {LONGEST} characters. Nothing was changed.")
        if email and (len(email) > LONGEST or not _EMAIL.fullmatch(email)):
            raise Refused("bad_email", "This is not an e-mail address. Nothing was changed.")
        if phone and not _PHONE.fullmatch(phone):
            raise Refused("bad_phone", "This is not a phone number. Nothing was changed.")
        if data.language not in self._city.languages:
            raise Refused("bad_language", "Choose one of the city's languages. Nothing was changed.")
        return ContactData(name, email, phone, data.language)
