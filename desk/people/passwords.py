"""Passwords: argon2id, with the same work whether or not the account exists, and a limit on concurrency."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

LONGEST = 1024
"""Characters; nobody types more, and hashing a megabyte would be an attack."""

AT_ONCE = 1
HASH_BYTES = 64 * 1_048_576
"""Each hash takes so much, and four threads, so two at once would be no faster. A flood of sign-ins queues: four at once were
half of what a gateway has."""


class Passwords:
    """Hashes and checks off the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(memory_cost=HASH_BYTES // 1024)
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """The argon2id hash to store."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether this is the password. `stored` None (no such agent) costs the same time and is false."""
        if self._nobody is None:
            self._nobody = await self.hash("the password of nobody")
        async with self._slots:
            right = await asyncio.to_thread(self._verify, stored or self._nobody, password[:LONGEST])
        return right and stored is not None and len(password) <= LONGEST

    def outdated(self, stored: str) -> bool:
        """Whether the hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (Argon2Error, InvalidHashError):
            return False
