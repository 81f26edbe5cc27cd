"""The browsers that agents want notices on while the desk is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class NewDevice:
    """What a browser's subscription gives. `key` is our public key that it was made for."""

    agent_id: UUID
    session_id: UUID
    endpoint: str
    p256dh: bytes
    auth: bytes
    key: str
    device: str
    kinds: Sequence[str]
    on_call: bool


@dataclass(frozen=True, slots=True)
class Device:
    """A device in its agent's list."""

    id: UUID
    session_id: UUID | None
    key: str
    device: str
    kinds: Sequence[str]
    on_call: bool
    created_at: datetime


async def add_device(executor: Executor, new: NewDevice, most: int, now: datetime) -> UUID | None:
    """The device's id; one that is known already now belongs to this agent. None if the agent has `most` others."""
    await executor.execute("SELECT id FROM agents WHERE id = $1 FOR NO KEY UPDATE", new.agent_id)
    await executor.execute(
        "DELETE FROM push_devices WHERE endpoint = $1 AND agent_id <> $2", new.endpoint, new.agent_id
    )
    found: UUID | None = await executor.fetchval(
        """INSERT INTO push_devices (agent_id, session_id, endpoint, p256dh, auth, key, device, kinds, on_call, created_at)
           SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
           WHERE (SELECT count(*) FROM push_devices WHERE agent_id = $1 AND endpoint <> $3) < $11
           ON CONFLICT (endpoint) DO UPDATE SET session_id = $2, p256dh = $4, auth = $5, key = $6, device = $7,
               kinds = $8, on_call = $9, created_at = $10
           RETURNING id""",
        new.agent_id, new.session_id, new.endpoint, new.p256dh, new.auth, new.key, new.device, list(new.kinds),
        new.on_call, now, most,
    )  # fmt: skip
    return found


async def list_of_agent(executor: Executor, agent_id: UUID) -> list[Device]:
    """The agent's devices, the newest first."""
    rows = await executor.fetch(
        """SELECT id, session_id, key, device, kinds, on_call, created_at FROM push_devices
           WHERE agent_id = $1 ORDER BY created_at DESC, id""",
        agent_id,
    )
    return [Device(**dict(row)) for row in rows]


async def set_choices(
    executor: Executor, agent_id: UUID, device_id: UUID, kinds: Sequence[str], on_call: bool
) -> bool:
    """What this device of this agent is told; False if there is none."""
    tag = await executor.execute(
        "UPDATE push_devices SET kinds = $3, on_call = $4 WHERE agent_id = $1 AND id = $2",
        agent_id, device_id, list(kinds), on_call,
    )  # fmt: skip
    return tag == "UPDATE 1"


async def set_session(executor: Executor, agent_id: UUID, device_id: UUID, session_id: UUID) -> None:
    """The agent has signed in again in this browser."""
    await executor.execute(
        "UPDATE push_devices SET session_id = $3 WHERE agent_id = $1 AND id = $2", agent_id, device_id, session_id
    )  # fmt: skip


async def delete_device(executor: Executor, agent_id: UUID, device_id: UUID) -> bool:
    """Send nothing there any more; False if this agent has no such device."""
    tag = await executor.execute(
        "DELETE FROM push_devices WHERE agent_id = $1 AND id = $2", agent_id, device_id
    )
    return tag == "DELETE 1"


async def delete_gone(executor: Executor, device_id: UUID) -> UUID | None:
    """The push service no longer knows it. The agent's id, if it was there until now."""
    found: UUID | None = await executor.fetchval(
        "DELETE FROM push_devices WHERE id = $1 RETURNING agent_id", device_id
    )
    return found
