"""Whether the desk has accounts yet, and what a new desk has so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from desk.model import Role
from desk.store.pool import Executor


async def is_without_accounts(executor: Executor) -> bool:
    """Whether nobody has an account, not even a deactivated one."""
    return not await executor.fetchval("SELECT EXISTS (SELECT 1 FROM agents)")


async def lock(executor: Executor) -> None:
    """Until the end of the transaction nobody else makes the first account."""
    await executor.execute("SELECT pg_advisory_xact_lock(hashtextextended('first account', 0))")


async def delete_links(executor: Executor, kind: str) -> None:
    """Steps of this kind that belong to no account are over."""
    await executor.execute("DELETE FROM sign_in_steps WHERE kind = $1 AND agent_id IS NULL", kind)


@dataclass(frozen=True, slots=True)
class SoFar:
    """`answering` are active people who answer citizens, `teams` the teams that have one of them. `received` and
    `answered`: whether a citizen's message came in, and whether one was answered."""

    answering: int
    teams: int
    received: bool
    answered: bool


async def get_so_far(executor: Executor, roles: Sequence[Role]) -> SoFar:
    """What is there. `roles`: those of people who answer citizens."""
    row = await executor.fetchrow(
        """SELECT (SELECT count(*) FROM agents WHERE active AND role = ANY($1)) AS answering,
                  (SELECT count(*) FROM teams t WHERE NOT t.retired AND EXISTS
                      (SELECT 1 FROM agents a WHERE a.active AND a.role = ANY($1) AND t.name = ANY(a.teams))) AS teams,
                  EXISTS (SELECT 1 FROM messages WHERE author = 'contact') AS received,
                  EXISTS (SELECT 1 FROM messages WHERE author IN ('bot', 'agent')) AS answered""",
        list(roles),
    )
    assert row is not None
    return SoFar(**dict(row))
