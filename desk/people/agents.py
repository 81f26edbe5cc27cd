"""Agents: add one, change a password, deactivate; for the command line and the demo.

AgentError's text is a sentence for the person at the command line.
"""

import re
from collections.abc import Sequence
from uuid import UUID

from desk.model import DeskError, Role
from desk.people.password_rules import PasswordRefused, check_password
from desk.people.passwords import Passwords
from desk.people.permissions import Permission, roles_with
from desk.store.people import agents, factors, sessions, steps
from desk.store.pool import Store

LONGEST_EMAIL = 254
LONGEST_NAME = 100
_EMAIL = re.compile(r"[^@\s]+@[^@\s][^@\s.]*\.[^@\s]+")


class AgentError(DeskError):
    """The agent cannot be added or changed."""


def is_email(text: str) -> bool:
    """Whether an account can have this e-mail."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


async def add_agent(
    store: Store,
    passwords: Passwords,
    *,
    email: str,
    name: str,
    role: Role,
    teams: Sequence[str],
    password: str,
    city: str = "",
    only_own_teams: bool = False,
    break_glass: bool = False,
) -> UUID:
    """The new agent's id. `city` is the city's name, which a password may not contain. `break_glass`: an emergency
    account, which works while the provider does not. Raises AgentError."""
    email = email.strip().lower()
    name = " ".join(name.split())
    if not is_email(email):
        raise AgentError(f"{email!r} is not an e-mail address.")
    if not name or len(name) > LONGEST_NAME:
        raise AgentError("The name must have between 1 and 100 characters; citizens see it.")
    _check(password, email, name, city)
    added = await agents.add_agent(
        store.pool, email, name, role, list(teams), await passwords.hash(password),
        only_own_teams=only_own_teams, break_glass=break_glass,
    )  # fmt: skip
    if added is None:
        raise AgentError(f"There is already an agent with the e-mail {email}.")
    return added


async def set_password(
    store: Store, passwords: Passwords, *, email: str, password: str, city: str = ""
) -> None:
    """A new password ends every session that the old one opened."""
    _check(password, email, city)
    agent_id = await _find(store, email)
    password_hash = await passwords.hash(password)
    async with store.transaction() as tx:
        await agents.set_password_hash(tx, agent_id, password_hash)
        await steps.delete_of_agent(tx, agent_id)
        await sessions.delete_sessions(tx, agent_id)


async def deactivate(store: Store, *, email: str) -> None:
    """Sign the agent out at once: no session survives. What the agent did stays on record. Raises AgentError for the
    last active administrator, as the console does."""
    agent_id = await _find(store, email)
    async with store.transaction() as tx:
        if await agents.lock_active(tx, roles_with(Permission.MANAGE_ACCOUNTS)) == [agent_id]:
            raise AgentError(
                "This is the last active administrator. Nothing was changed. "
                "Add or reactivate another administrator first."
            )
        await agents.set_active(tx, agent_id, False)
        await steps.delete_of_agent(tx, agent_id)
        await sessions.delete_sessions(tx, agent_id)


async def reactivate(store: Store, *, email: str) -> None:
    """Let the agent sign in again, with the old password."""
    await agents.set_active(store.pool, await _find(store, email), True)


async def end_sessions(store: Store, *, email: str) -> None:
    """Sign the agent out everywhere."""
    await sessions.delete_sessions(store.pool, await _find(store, email))


async def reset_factors(store: Store, *, email: str) -> None:
    """Forget all second factors: they were lost, and the person has proved their identity. Sessions end."""
    agent_id = await _find(store, email)
    async with store.transaction() as tx:
        await factors.delete_factors(tx, agent_id)
        await steps.delete_of_agent(tx, agent_id)
        await sessions.delete_sessions(tx, agent_id)


async def link_identity(store: Store, *, email: str, issuer: str, subject: str) -> None:
    """From now on this account is the person whom the provider knows as `subject`. Raises AgentError if another account
    is that person."""
    agent_id = await _find(store, email)
    known = await agents.get_by_identity(store.pool, issuer, subject)
    if known is not None and known["id"] != agent_id:
        raise AgentError(f"The provider's {subject!r} is the account {known['email']} already.")
    await agents.set_identity(store.pool, agent_id, issuer, subject)


async def _find(store: Store, email: str) -> UUID:
    row = await agents.get_by_email(store.pool, email.strip().lower())
    if row is None:
        raise AgentError(f"There is no agent with the e-mail {email.strip()!r}.")
    found: UUID = row["id"]
    return found


def _check(password: str, *own_words: str) -> None:
    try:
        check_password(password, own_words)
    except PasswordRefused as refused:
        raise AgentError(str(refused)) from None
