"""Linking: one person across channels. A citizen proves it with a one-time code; an agent may state it, which is recorded.

    "link my channels" here ──> a code, sent here ──> entered on the other channel ──> both are one person

Nothing is linked by guessing: matching names and numbers has merged strangers in other systems. Linked contacts keep
their own logs; agents see both, and the citizen may ask about the requests of either.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import structlog

from desk.languages import WORDS
from desk.model import Actor, Clock, NotFound, Refused
from desk.people.access import access_conversation
from desk.people.permissions import Permission, require
from desk.store.people import audit, links
from desk.store.pool import Store

log = structlog.get_logger("linking")

LIFE = timedelta(minutes=10)
HOUR = timedelta(hours=1)
CODES_PER_HOUR = 3
MISSES_PER_HOUR = 5
# A limit for each contact and none for all together: strangers must not lock the others out. Nor do they need to be: 12
# signs of 31 that are good for ten minutes are 8 * 10^17, so a million guesses an hour find one of a thousand live codes
# once in 90,000 years.
CONTACTS = 10
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no letters or digits that look alike

# Only whole sentences: a citizen who writes about linking two roads means roads.
_WISHES = frozenset(wish for language in WORDS.values() for wish in language.linking)
_CODE = re.compile(r"L[-–— ]?([2-9A-Z]{4})[-–— ]?([2-9A-Z]{8})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the desk: its name and what goes into it."""

    name: str
    variables: dict[str, object] = field(default_factory=dict)


class Linking:
    """`secret` keys the hash, so that a copy of the database reveals no code."""

    def __init__(self, store: Store, secret: str, clock: Clock) -> None:
        self._store = store
        self._secret = secret.encode()
        self._clock = clock

    async def handle_text(self, contact_id: UUID, text: str, *, proven: bool = True) -> Said | None:
        """What the desk answers, or None if the text is neither a wish to link nor a code. A code counts only
        if the contact certainly wrote it: in a forged mail (`proven` false) it would link the forger to the owner of
        the address."""
        if _plain(text) in _WISHES:
            return await self.give_code(contact_id)
        found = _code_in(text)
        if found and not proven:
            return Said("link_unproven")
        return await self.take_code(contact_id, found[1].upper(), found[2].upper()) if found else None

    async def give_code(self, contact_id: UUID) -> Said:
        """A new code for this contact; its earlier one ends."""
        now = self._clock()
        async with self._store.transaction() as transaction:
            if await links.count_codes_since(transaction, contact_id, now - HOUR) >= CODES_PER_HOUR:
                return Said("link_too_often")
            selector, rest = _random(4), _random(8)
            await links.add_code(
                transaction, selector, contact_id, self._hash(selector, rest), now, now + LIFE
            )
        code = f"L-{selector}-{rest}"
        return Said("link_code", {"code": code, "minutes": int(LIFE.total_seconds() // 60)})

    async def take_code(self, contact_id: UUID, selector: str, rest: str) -> Said:
        """Link this contact to the one that the code was given to. Repeating the code here gives the same answer."""
        now = self._clock()
        async with self._store.transaction() as transaction:
            if await links.count_misses_since(transaction, contact_id, now - HOUR) >= MISSES_PER_HOUR:
                return Said("link_too_often")
            code = await links.get_code(transaction, selector)
            # Compared even if there is no code, so that the timing reveals nothing.
            right = hmac.compare_digest(
                self._hash(selector, rest), code.code_hash if code is not None else bytes(32)
            )
            if code is None or not right or code.contact_id == contact_id:
                await links.add_miss(transaction, contact_id, now)
                return Said("link_wrong")
            if code.used_by == contact_id:
                return Said("link_done")
            if code.used_by is not None or code.expires_at <= now:
                await links.add_miss(transaction, contact_id, now)
                return Said("link_wrong")
            if not await links.set_linked(transaction, code.contact_id, contact_id, CONTACTS):
                return Said("link_wrong")
            await links.mark_code_used(transaction, selector, contact_id, now)
            detail = {"contact": str(contact_id), "other": str(code.contact_id), "by": "code"}
            await audit.add_line(transaction, None, "link", None, detail, now)
        log.info("contacts_linked", contact=str(contact_id), other=str(code.contact_id))
        return Said("link_done")

    def _hash(self, selector: str, rest: str) -> bytes:
        return hmac.new(self._secret, f"link:{selector}:{rest}".encode(), hashlib.sha256).digest()


class AgentLinks:
    """Links made by agents. They must be allowed to see both conversations; every change is recorded."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def link(self, actor: Actor, conversation_id: UUID, other_conversation_id: UUID) -> None:
        """The agent has made sure that both are one person. Raises AccessDenied, NotAllowed or Refused."""
        require(actor, Permission.LINK_CONTACTS)
        async with self._store.transaction() as transaction:
            one = await access_conversation(transaction, actor, conversation_id)
            other = await access_conversation(transaction, actor, other_conversation_id)
            if one.contact_id == other.contact_id:
                raise Refused("same_contact", "Both conversations already belong to the same contact.")
            if not await links.set_linked(transaction, one.contact_id, other.contact_id, CONTACTS):
                raise Refused(
                    "too_many", f"One person can have at most {CONTACTS} contacts. Nothing was changed."
                )
            detail = {"contact": str(one.contact_id), "other": str(other.contact_id), "by": "agent"}
            await audit.add_line(transaction, actor.agent_id, "link", conversation_id, detail, self._clock())

    async def unlink(self, actor: Actor, conversation_id: UUID, contact_id: UUID) -> None:
        """Take a linked contact away from this conversation's contact. Raises NotFound or NotAllowed."""
        require(actor, Permission.LINK_CONTACTS)
        async with self._store.transaction() as transaction:
            conversation = await access_conversation(transaction, actor, conversation_id)
            known = [one.id for one in await links.list_linked(transaction, conversation.contact_id)]
            if contact_id not in known or not await links.delete_link(transaction, contact_id):
                raise NotFound("This contact is not linked.")
            detail = {"contact": str(conversation.contact_id), "other": str(contact_id), "by": "agent"}
            await audit.add_line(
                transaction, actor.agent_id, "unlink", conversation_id, detail, self._clock()
            )


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _code_in(text: str) -> re.Match[str] | None:
    """A code on a line of its own: a mail has a subject before it and a name below."""
    return next(filter(None, (_CODE.fullmatch(line.strip()) for line in text.splitlines())), None)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text[:80]).casefold()
    kept = "".join(c if c.isalnum() else " " for c in folded if unicodedata.category(c) != "Mn")
    return " ".join(kept.split())
