"""Agents on the command line and in the demo; passwords; what an agent may see."""

import asyncio
import os
import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from desk.model import Actor, By, NotFound
from desk.people.access import access_conversation
from desk.people.agents import AgentError, add_agent
from desk.people.attempts import TooManyAttempts
from desk.people.demo import DEMO_AGENTS, ensure_demo_agents
from desk.people.devices import KnownDevices
from desk.people.passwords import LONGEST, Passwords
from desk.people.sign_in import FREE_TRIES, SignedIn, SignIn, SignInRefused
from desk.store.dialogue import conversations
from desk.store.people import agents, contacts
from desk.store.pool import Store
from tests.support.clock import MovedClock as Clock
from tests.support.console import PASSWORDS

SECRET = "a password of the demo"
DEVICES = KnownDevices(b"a secret of the tests")


async def test_the_demo_agents_are_made_once_and_get_the_password_that_is_given(
    pg_url: str, store: Store
) -> None:
    await ensure_demo_agents(pg_url, SECRET)
    before = await store.pool.fetch("SELECT * FROM agents ORDER BY email")
    await asyncio.gather(ensure_demo_agents(pg_url, SECRET), ensure_demo_agents(pg_url, SECRET))
    assert await store.pool.fetch("SELECT * FROM agents ORDER BY email") == before
    assert [(row["email"], row["role"]) for row in before] == [
        (agent.email, agent.role) for agent in DEMO_AGENTS
    ]
    await ensure_demo_agents(pg_url, SECRET + "2")
    sign_in = SignIn(store, Passwords(), DEVICES, Clock())
    with pytest.raises(SignInRefused):
        await sign_in.sign_in(DEMO_AGENTS[0].email, SECRET, "here")
    signed_in = await sign_in.sign_in(DEMO_AGENTS[0].email, SECRET + "2", "here")
    assert isinstance(signed_in, SignedIn) and signed_in.new.session.actor.name == "Ana Duarte"


async def test_a_weak_hash_is_made_anew_at_the_next_sign_in(store: Store) -> None:
    await add_agent(store, PASSWORDS, email="a@b.example", name="A", role="agent", teams=(), password=SECRET)
    weak = await store.pool.fetchval("SELECT password_hash FROM agents")
    await SignIn(store, Passwords(), DEVICES, Clock()).sign_in("a@b.example", SECRET, "here")
    strong = await store.pool.fetchval("SELECT password_hash FROM agents")
    assert PasswordHasher().check_needs_rehash(weak) and not PasswordHasher().check_needs_rehash(strong)


async def test_nobody_costs_as_much_work_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    verify = passwords._verify

    def counting(stored: str, given: str) -> bool:
        verified.append(stored)
        return verify(stored, given)

    monkeypatch.setattr(passwords, "_verify", counting)
    stored = await passwords.hash(SECRET)
    assert await passwords.matches(stored, SECRET)
    assert not await passwords.matches(None, SECRET)
    assert not await passwords.matches(None, "the password of nobody")
    assert not await passwords.matches(stored, SECRET + "x" * LONGEST)
    parameters = {one.rsplit("$", 2)[0] for one in verified}
    assert len(verified) == 4 and len(parameters) == 1


async def test_of_many_guesses_at_once_only_the_allowed_number_is_looked_at(store: Store) -> None:
    await add_agent(store, PASSWORDS, email="a@b.example", name="A", role="agent", teams=(), password=SECRET)
    sign_in = SignIn(store, PASSWORDS, DEVICES, Clock())
    results = await asyncio.gather(
        *(sign_in.sign_in("a@b.example", f"guess number {n}", "here") for n in range(40)),
        return_exceptions=True,
    )
    kinds = [type(one) for one in results]
    assert kinds.count(SignInRefused) == FREE_TRIES and kinds.count(TooManyAttempts) == 40 - FREE_TRIES


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short"}, "between 12 and"),
        ({"password": "password1234"}, "too easy to guess"),
        ({"email": "nobody"}, "not an e-mail address"),
        ({"name": "  "}, "name must have"),
        ({}, "already an agent"),
    ],
)
async def test_an_agent_that_cannot_be_added_is_told_why(
    store: Store, change: dict[str, Any], sentence: str
) -> None:
    good: dict[str, Any] = {"email": "a@b.example", "name": "A", "password": SECRET}
    await add_agent(store, PASSWORDS, role="agent", teams=(), **good)
    with pytest.raises(AgentError, match=sentence):
        await add_agent(store, PASSWORDS, role="agent", teams=(), **(good | change))


async def test_teams_and_owners_decide_what_is_seen(store: Store) -> None:
    ana = await add_agent(
        store, PASSWORDS, email="a@b.example", name="A", role="agent", teams=(), password=SECRET
    )
    contact = await contacts.add_contact(store.pool, "web", "x", "en")
    made = await conversations.add_conversation(store.pool, contact, "en")

    def actor(role: str, *teams: str) -> Actor:
        return Actor(
            ana if role == "owner" else uuid4(), "N", "supervisor" if role == "supervisor" else "agent", teams
        )

    async def seen_by(who: Actor) -> bool:
        try:
            return (await access_conversation(store.pool, who, made.id)).id == made.id
        except NotFound:
            return False

    # With the bot: supervisors alone.
    assert [await seen_by(actor(*who)) for who in (("supervisor",), ("agent", "a"))] == [True, False]
    await conversations.enqueue(store.pool, made.id, 0, "a", "asked", "", By("bot", "asked"))
    assert [await seen_by(actor(*who)) for who in (("agent", "a"), ("agent", "b"), ("owner",))] == [
        True,
        False,
        False,
    ]
    await conversations.assign(store.pool, made.id, ana, By("agent", "claimed", ana))
    assert [await seen_by(actor(*who)) for who in (("owner",), ("agent", "b"), ("supervisor",))] == [
        True,
        False,
        True,
    ]
    with pytest.raises(NotFound):
        await access_conversation(store.pool, actor("supervisor"), uuid4())


def test_the_command_line_adds_and_deactivates_and_shows_no_password(pg_url: str) -> None:
    def run(*arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "desk.people", *arguments],
            input=typed, capture_output=True, text=True, env={**os.environ, "DATABASE_URL": pg_url}, timeout=120,
        )  # fmt: skip

    added = run("add", "dee@lindenport.example", "--name", "Dee", "--role", "supervisor", typed=f"{SECRET}\n")
    assert (added.returncode, added.stdout) == (0, "dee@lindenport.example: done.\n")
    assert SECRET not in added.stdout + added.stderr
    unknown = run("add", "e@lindenport.example", "--name", "E", "--team", "nowhere", typed=f"{SECRET}\n")
    assert (
        unknown.returncode == 2
        and "no team 'nowhere'" in unknown.stderr
        and "Traceback" not in unknown.stderr
    )
    assert run("password", "dee@lindenport.example", typed="short\n").returncode == 2
    run("add", "root@lindenport.example", "--name", "Root", "--role", "admin", typed=f"{SECRET}\n")
    assert run("deactivate", "dee@lindenport.example").returncode == 0
    last = run("deactivate", "root@lindenport.example")
    assert last.returncode == 2 and last.stderr.startswith("This is the last active administrator. Nothing")
    nobody = run("deactivate", "nobody@lindenport.example")
    assert nobody.returncode == 2 and nobody.stderr.count("\n") == 1

    async def active() -> bool:
        from desk.store.pool import open_store

        store = await open_store(pg_url, size=1)
        row = await agents.get_by_email(store.pool, "dee@lindenport.example")
        await store.close()
        assert row["role"] == "supervisor" and row["teams"] == ["front-desk"]
        return bool(row["active"])

    assert asyncio.run(active()) is False
