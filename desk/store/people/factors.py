"""Second factors of agents: the secret of a code app, passkeys, recovery codes. Secrets arrive encrypted or hashed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class Totp:
    """The secret of a code app. `last_step` is the time step of the last code that was taken."""

    secret: bytes
    confirmed_at: datetime | None
    last_step: int


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an agent; `sign_count` grows if its device counts."""

    credential_id: bytes
    agent_id: UUID
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class FactorState:
    """Which factors an agent has. `recovery` codes are left."""

    totp: bool
    passkeys: int
    recovery: int

    @property
    def any(self) -> bool:
        """Whether there is a factor besides the password."""
        return self.totp or self.passkeys > 0


async def get_state(executor: Executor, agent_id: UUID) -> FactorState:
    """The agent's factors."""
    row = await executor.fetchrow(
        "SELECT EXISTS (SELECT FROM agent_totp WHERE agent_id = $1 AND confirmed_at IS NOT NULL) AS totp, "
        "(SELECT count(*) FROM agent_passkeys WHERE agent_id = $1) AS passkeys, "
        "(SELECT count(*) FROM agent_recovery_codes WHERE agent_id = $1) AS recovery",
        agent_id,
    )
    return FactorState(**dict(row))


async def get_totp(executor: Executor, agent_id: UUID) -> Totp | None:
    """The agent's code app, proved or not."""
    row = await executor.fetchrow(
        "SELECT secret, confirmed_at, last_step FROM agent_totp WHERE agent_id = $1", agent_id
    )
    return Totp(**dict(row)) if row else None


async def add_totp(executor: Executor, agent_id: UUID, secret: bytes) -> None:
    """A new secret that waits for its proof, in place of one that waited. A proved one stays."""
    await executor.execute(
        "INSERT INTO agent_totp (agent_id, secret) VALUES ($1, $2) ON CONFLICT (agent_id) DO UPDATE "
        "SET secret = excluded.secret, last_step = 0 WHERE agent_totp.confirmed_at IS NULL",
        agent_id, secret,
    )  # fmt: skip


async def list_totp(executor: Executor) -> dict[UUID, bytes]:
    """The encrypted secret of each agent's code app. They stay as they are until the transaction ends."""
    rows = await executor.fetch("SELECT agent_id, secret FROM agent_totp ORDER BY agent_id FOR UPDATE")
    return {row["agent_id"]: row["secret"] for row in rows}


async def set_totp_secret(executor: Executor, agent_id: UUID, secret: bytes) -> None:
    """Store the same secret, re-encrypted."""
    await executor.execute("UPDATE agent_totp SET secret = $2 WHERE agent_id = $1", agent_id, secret)


async def mark_totp_confirmed(executor: Executor, agent_id: UUID, now: datetime) -> bool:
    """The agent has proved to have the app; False if it was proved before."""
    done = await executor.fetchval(
        "UPDATE agent_totp SET confirmed_at = $2 WHERE agent_id = $1 AND confirmed_at IS NULL RETURNING true",
        agent_id, now,
    )  # fmt: skip
    return done is not None


async def mark_step_used(executor: Executor, agent_id: UUID, step: int) -> bool:
    """Take the code of this time step; False if it or a later one was taken before."""
    done = await executor.fetchval(
        "UPDATE agent_totp SET last_step = $2 WHERE agent_id = $1 AND last_step < $2 RETURNING true",
        agent_id, step,
    )  # fmt: skip
    return done is not None


async def delete_totp(executor: Executor, agent_id: UUID) -> bool:
    """Remove the code app; False if there is none."""
    done = await executor.fetchval(
        "DELETE FROM agent_totp WHERE agent_id = $1 RETURNING confirmed_at IS NOT NULL", agent_id
    )
    return bool(done)


async def list_passkeys(executor: Executor, agent_id: UUID) -> list[Passkey]:
    """The agent's passkeys, the oldest first."""
    rows: Sequence[Any] = await executor.fetch(
        "SELECT credential_id, agent_id, public_key, sign_count, name, created_at, used_at FROM agent_passkeys "
        "WHERE agent_id = $1 ORDER BY created_at, credential_id",
        agent_id,
    )
    return [Passkey(**dict(row)) for row in rows]


async def get_passkey(executor: Executor, credential_id: bytes) -> Passkey | None:
    """The passkey with this id, of an active agent."""
    row = await executor.fetchrow(
        "SELECT k.credential_id, k.agent_id, k.public_key, k.sign_count, k.name, k.created_at, k.used_at "
        "FROM agent_passkeys k JOIN agents a ON a.id = k.agent_id WHERE k.credential_id = $1 AND a.active",
        credential_id,
    )
    return Passkey(**dict(row)) if row else None


async def add_passkey(executor: Executor, passkey: Passkey) -> bool:
    """Store a passkey; False if its id is known."""
    done = await executor.fetchval(
        "INSERT INTO agent_passkeys (credential_id, agent_id, public_key, sign_count, name, created_at) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING true",
        passkey.credential_id, passkey.agent_id, passkey.public_key, passkey.sign_count, passkey.name,
        passkey.created_at,
    )  # fmt: skip
    return done is not None


async def mark_passkey_used(executor: Executor, credential_id: bytes, sign_count: int, now: datetime) -> None:
    """Remember its counter."""
    await executor.execute(
        "UPDATE agent_passkeys SET sign_count = $2, used_at = $3 WHERE credential_id = $1",
        credential_id, sign_count, now,
    )  # fmt: skip


async def delete_passkey(executor: Executor, agent_id: UUID, credential_id: bytes) -> bool:
    """Remove one passkey of this agent; False if there is none."""
    done = await executor.fetchval(
        "DELETE FROM agent_passkeys WHERE agent_id = $1 AND credential_id = $2 RETURNING true",
        agent_id, credential_id,
    )  # fmt: skip
    return done is not None


async def delete_factors(executor: Executor, agent_id: UUID) -> None:
    """Remove all of the agent's factors: they were lost."""
    await executor.execute("DELETE FROM agent_totp WHERE agent_id = $1", agent_id)
    await executor.execute("DELETE FROM agent_passkeys WHERE agent_id = $1", agent_id)
    await executor.execute("DELETE FROM agent_recovery_codes WHERE agent_id = $1", agent_id)


async def set_recovery_codes(executor: Executor, agent_id: UUID, hashes: list[bytes]) -> None:
    """New recovery codes; the earlier ones are worth nothing."""
    await executor.execute("DELETE FROM agent_recovery_codes WHERE agent_id = $1", agent_id)
    await executor.execute(
        "INSERT INTO agent_recovery_codes (agent_id, code_hash) SELECT $1, hash FROM unnest($2::bytea[]) AS hash",
        agent_id, hashes,
    )  # fmt: skip


async def delete_recovery_code(executor: Executor, agent_id: UUID, code_hash: bytes) -> bool:
    """Use up this code; False if there is none."""
    done = await executor.fetchval(
        "DELETE FROM agent_recovery_codes WHERE agent_id = $1 AND code_hash = $2 RETURNING true",
        agent_id, code_hash,
    )  # fmt: skip
    return done is not None
