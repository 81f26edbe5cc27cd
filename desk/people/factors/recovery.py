"""Recovery codes: ten codes of 128 random bits for somebody who has lost the other factors. Each works once."""

import base64
import hashlib
import secrets
from uuid import UUID

from desk.store.people import factors
from desk.store.pool import Executor

CODES = 10
_BYTES = 16
_GROUP = 5


async def new_codes(executor: Executor, agent_id: UUID) -> list[str]:
    """Ten new codes, to be shown once; the earlier ones are worth nothing."""
    codes = [_code() for _ in range(CODES)]
    await factors.set_recovery_codes(executor, agent_id, [hash_of(code) for code in codes])
    return codes


async def use_code(executor: Executor, agent_id: UUID, code: str) -> bool:
    """Whether this is one of the agent's codes; it is used up then."""
    return len(code) <= 200 and await factors.delete_recovery_code(executor, agent_id, hash_of(code))


def hash_of(code: str) -> bytes:
    """The hash stored in the database. Plain SHA-256 is enough: 128 random bits cannot be guessed."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(plain.encode()).digest()


def _code() -> str:
    text = base64.b32encode(secrets.token_bytes(_BYTES)).decode().rstrip("=")
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
