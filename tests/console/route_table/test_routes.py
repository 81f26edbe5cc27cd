"""Every route of the gateway has a row of the table, and answers each role as the table says. One gateway for all rows.

One long file on purpose: what stands in an address is made beside the test that asks for it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest
from argon2 import PasswordHasher

from city import Team
from city.model import DraftingConfig, TranslationConfig
from desk.knowledge.publishing.exchange import seed_answers
from desk.knowledge.publishing.fact_exchange import seed_facts
from desk.model import Actor, By, Conversation, Role
from desk.notices.plan import seed_plans
from desk.people.sessions import NewSession, open_session
from desk.store import media
from desk.store.dialogue import conversations, messages
from desk.store.people import agents, contacts, links, push_devices, records
from desk.store.pool import Store
from desk.store.replies import macros
from desk.store.routing import teams
from desk.store.rumours import rumours
from tests.console.route_table.table import CONSOLE, OPEN, ROLES, Row
from tests.support.comparisons import add_comparison
from tests.support.gateway import CATALOG, CITY, RunningGateway, running_gateway
from tests.support.notice_desk import add_draft, add_incident, add_listed_alert
from tests.support.unanswered import add_unanswered

# Services that nobody runs: whoever may ask them is answered 503.
HELPED = msgspec.structs.replace(
    CITY,
    translation=TranslationConfig(url="http://127.0.0.1:9"),
    drafting=DraftingConfig(url="http://127.0.0.1:9/v1", model="small"),
)
HTML = {"accept": "text/html"}
KINDS = {
    "conversation_id": "conversation", "media_id": "media", "agent_id": "account", "session_id": "session",
    "reference": "reference", "arrival": "arrival", "message_id": "message", "scheduled_id": "scheduled",
    "reminder_id": "reminder", "team_name": "team", "request_id": "request",
    "setting_name": "setting", "device_id": "device", "answer_id": "answer", "stop_id": "stop", "recall_id": "recall",
    "stuck_id": "stuck", "learned_id": "learned", "fact_name": "fact", "group_id": "group",
    "comparison_id": "comparison", "notice_id": "notice", "rumour_id": "rumour", "plan_id": "plan", "alert_id": "alert", "incident_id": "incident", "news_id": "news", "source": "weather",
}  # fmt: skip


@dataclass
class World:
    """A gateway, and people with sessions who try its routes."""

    gateway: RunningGateway
    store: Store
    serial: int = 0
    actors: dict[str, Actor] = field(default_factory=dict)

    async def actor(
        self, role: Role, teams: tuple[str, ...] = ("front-desk",), *, own: bool = False
    ) -> Actor:
        key = f"{role} {teams} {own}"
        if key not in self.actors:
            added = await agents.add_agent(
                self.store.pool, f"{uuid4().hex}@lindenport.example", role, role, list(teams), None,
                only_own_teams=own,
            )  # fmt: skip
            assert added is not None
            self.actors[key] = Actor(added, role, role, teams, own)
        return self.actors[key]

    async def session(self, actor: Actor) -> NewSession:
        return await open_session(self.store.pool, actor, "somebody@lindenport.example", self.gateway.clock())

    async def conversation(self, row: Row, holder: Actor) -> Conversation:
        async with self.store.transaction() as tx:
            contact = await contacts.add_contact(tx, "web", str(uuid4()), "en")
            opened = await conversations.add_conversation(tx, contact, "en")
            await messages.add_message(tx, opened, messages.NewRow("contact", "I need a person", "en"))
            made = await conversations.enqueue(
                tx, opened.id, 0, "front-desk", "asked", "Wants a person.", By("bot", "asked")
            )
            if row.case == "mine":
                made = await conversations.assign(tx, opened.id, holder.agent_id, By("agent", "claimed"))
            if row.case == "resolved":
                made = await conversations.resolve(tx, opened.id, By("agent", "resolved"))
            if row.case == "held":
                await records.add_hold(tx, contact.id, "Case 1", holder.agent_id, self.gateway.clock())
        assert made is not None
        return made

    async def names(self, row: Row, actor: Actor) -> dict[str, str]:
        """What stands in the braces of this row's address and form; all of it exists."""
        wanted = row.path + "".join(row.form.values())
        found: dict[str, str] = {}
        self.serial += 1
        pool = self.store.pool
        if row.about_conversation:
            conversation = await self.conversation(row, actor)
            found["conversation"] = str(conversation.id)
            if "{media}" in wanted:
                name = f"{uuid4()}.jpg"
                kept = await media.add_file(pool, conversation.contact_id, name, "image/jpeg", 4, "0" * 64)
                self.gateway.media_dir.mkdir(exist_ok=True)
                (self.gateway.media_dir / name).write_bytes(b"\xff\xd8\xff\xe0")
                found["media"] = str(kept.id)
            if "{other}" in wanted or "{linked}" in wanted:
                other = await self.conversation(row, actor)
                found |= {"other": str(other.id), "linked": str(other.contact_id)}
                if "{linked}" in wanted:
                    await links.set_linked(pool, conversation.contact_id, other.contact_id, 10)
        if "{message}" in wanted and row.about_conversation:
            async with self.store.transaction() as tx:
                new = messages.NewRow("agent", "Hello.", "en", agent_id=actor.agent_id)
                found["message"] = str((await messages.add_message(tx, conversation, new)).id)
        if "{request}" in wanted:
            found["request"] = str(
                await pool.fetchval(
                    """INSERT INTO service_requests (id, conversation_id, contact_id, backend, service_code, payload)
                       VALUES (gen_random_uuid(), $1, $2, 'requests', 'pothole', '{}') RETURNING id""",
                    conversation.id,
                    conversation.contact_id,
                )
            )
        for name in ("message", "scheduled", "reminder", "batch"):
            found.setdefault(name, str(uuid4()))  # of nobody
        if "{reference}" in wanted:
            found["reference"] = f"SR-0000-{self.serial:04d}"
            await pool.execute(
                "INSERT INTO georeport_requests (reference, token, service_code) VALUES ($1, $1, 'pothole')",
                found["reference"],
            )
        if "{arrival}" in wanted:
            arrival = await pool.fetchval(
                "INSERT INTO not_taken (inbox, external_id, kind, reason, sender, subject, headers, raw) "
                "VALUES ('web', $1, 'unreadable', 'x', 'x', 'x', '{}', 'x') RETURNING id",
                str(uuid4()),
            )
            found["arrival"] = str(arrival)
        if "{group}" in wanted:
            asked = await self.conversation(row, actor)
            found["group"] = str(await add_unanswered(self.store, asked, "why?"))
        if "{rumour}" in wanted:
            found["rumour"] = str(await rumours.add_rumour(pool, self.gateway.clock(), actor.agent_id))
        if "{comparison}" in wanted:
            found["comparison"] = str(await add_comparison(self.store, actor.agent_id))
        if "{session}" in wanted:
            found["session"] = str((await self.session(actor)).session.id)
        if "{device}" in wanted:
            device = push_devices.NewDevice(
                actor.agent_id, uuid4(), str(uuid4()), b"", b"", "", "", [], False
            )
            found["device"] = str(await push_devices.add_device(pool, device, 1_000, self.gateway.clock()))
        found |= {"setting": "contact", "answer": "rats", "fact": "certificate_fee"}
        found["stop"] = found["recall"] = found["stuck"] = found["learned"] = str(uuid4())  # of nobody
        found |= {"plan": "flood", "version": "1"}
        if "{notice}" in wanted:
            found["notice"] = str(await add_draft(self.store, (await self.actor("editor")).agent_id))
        found |= {"news": str(uuid4()), "weather": "weather"}
        if "{incident}" in wanted:
            found["incident"] = str(await add_incident(self.store, (await self.actor("supervisor")).agent_id))
        if "{alert}" in wanted:
            found["alert"] = str(await add_listed_alert(self.store))
        if "{team}" in wanted:
            for name in ("front-desk", f"team-{self.serial}"):
                await teams.add_team(pool, Team(name=name, title=name, languages=("en",)))
            found["team"] = f"team-{self.serial}"
        if "{account}" in wanted:
            added = await agents.add_agent(
                pool, f"{uuid4().hex}@lindenport.example", "N", "agent", ["front-desk"], None
            )
            found["account"] = str(added)
        return found

    async def ask(
        self, row: Row, names: dict[str, str], session: NewSession | None, csrf: str | None = None
    ) -> tuple[int, str]:
        """The status, and where it leads."""
        path = row.path.format(**names)
        form = {name: value.format(**names) if "{" in value else value for name, value in _plain(row).items()}
        form["csrf"] = csrf if csrf is not None else session.session.csrf if session else "x"
        data: Any = form if row.method == "POST" else None
        if path.endswith("/reply"):
            data = aiohttp.FormData(form, default_to_multipart=True)
        cookies = {"cookie": f"civicdesk_agent={session.token}"} if session else {}
        async with self.gateway.http.request(
            row.method, self.gateway.base + path, data=data, headers=HTML | cookies, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers.get("location", "")


def _plain(row: Row) -> dict[str, str]:
    return {name: value for name, value in row.form.items() if value != "{}"} | {
        name: "no passkey" for name, value in row.form.items() if value == "{}"
    }


@asynccontextmanager
async def world(pg_url: str, redis_url: str, store: Store, folder: Path) -> AsyncIterator[World]:
    async with running_gateway(
        pg_url, redis_url, folder, store=store, CIVICDESK_RATE_SCALE="1000",
        CIVICDESK_PUBLIC_URL="http://localhost:8080", city=HELPED,
    ) as gateway:  # fmt: skip
        await seed_facts(store, Path("content"), CATALOG.seed_facts, gateway.clock())
        await seed_answers(store, Path("content"), CATALOG.seed, gateway.clock())
        await macros.set_macro(store.pool, macros.Macro("done", "Done", None, (), "resolve", None, True))
        await seed_plans(store, Path("content"), gateway.clock())
        yield World(gateway, store)


def _routes(gateway: RunningGateway) -> set[tuple[str, str]]:
    groups: Any = gateway.app.router.groups
    return {
        (method, f"/{group.path}")
        for group in groups.values()
        for method in group.methods_index
        if method not in ("HEAD", "OPTIONS")
    }


def _as_row(path: str) -> str:
    """A console route as the table writes it: its ids in braces."""
    return re.sub(r"<(\w+):\w+>", lambda found: f"{{{KINDS.get(found[1], found[1])}}}", path)


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a real hash costs is no business of these tests, which ask for dozens."""
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr("desk.people.passwords.PasswordHasher", lambda **_: cheap)


async def test_each_role_is_answered_as_the_table_says(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    wrong: list[str] = []
    async with world(pg_url, redis_url, store, tmp_path) as desk:
        routes = _routes(desk.gateway)
        in_console = {(m, _as_row(p)) for m, p in routes if p.startswith("/console") and (m, p) not in OPEN}
        rows = {(row.method, _written(row.path)) for row in CONSOLE}
        assert in_console == rows, f"without a row: {in_console - rows}; without a route: {rows - in_console}"
        elsewhere = {one for one in routes if not one[1].startswith("/console") or one in OPEN}
        assert elsewhere == set(OPEN), f"without a row: {elsewhere ^ set(OPEN)}"
        for row in CONSOLE:
            for role, expected in zip(ROLES, row.expected, strict=True):
                actor = await desk.actor(role)  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
                status, _ = await desk.ask(row, await desk.names(row, actor), await desk.session(actor))
                if status != expected:
                    wrong.append(f"{row.method} {row.path}: {role} got {status}, not {expected}")
    assert wrong == []


async def test_nobody_without_proof_and_no_other_team_is_let_in(
    pg_url: str, redis_url: str, store: Store, tmp_path: Path
) -> None:
    wrong: list[str] = []
    async with world(pg_url, redis_url, store, tmp_path) as desk:
        strangers = [
            await desk.actor("agent", ("parks",)),
            await desk.actor("supervisor", ("parks",), own=True),
        ]
        for row in CONSOLE:
            role = ROLES[
                next((n for n, status in enumerate(row.expected) if status < 400 or status in (409, 422)), 0)
            ]
            actor = await desk.actor(role)  # type: ignore[arg-type]  # text from the test's table, where the type lists the words
            names = await desk.names(row, actor)
            status, leads = await desk.ask(row, names, None)
            if (status, leads.partition("?")[0]) != (
                (303, "/console/sign-in") if row.method == "GET" else (401, "")
            ):
                wrong.append(f"{row.method} {row.path}: {status} {leads} without a session")
            if row.method == "POST":
                for token in ("", "x" * 43, (await desk.session(strangers[0])).session.csrf):
                    status, _ = await desk.ask(row, names, await desk.session(actor), csrf=token)
                    if status != 403:
                        wrong.append(f"{row.method} {row.path}: {status} with a wrong token")
            if row.about_conversation and not row.ones_own:
                for stranger in strangers:
                    status, _ = await desk.ask(row, names, await desk.session(stranger))
                    if status != 404:
                        wrong.append(f"{row.method} {row.path}: {status} for another team's {stranger.role}")
        supervisor = await desk.session(await desk.actor("supervisor"))
        for (method, path), expected in OPEN.items():
            for session in (None, supervisor):
                if session and path.startswith("/console"):
                    continue  # the sign-in page sends on whoever is signed in
                concrete = re.sub(r"<\w+:uuid>", str(UUID(int=7)), path)
                row = Row(method, re.sub(r"<[^>]+>", "x", concrete), (0, 0, 0, 0, 0))
                status, _ = await desk.ask(row, {}, session, csrf="")
                if status != expected:
                    wrong.append(f"{method} {path}: {status}, not {expected}, session: {session is not None}")
    assert wrong == []


def _written(path: str) -> str:
    """The row's address with a name in place of what the test fills in by hand."""
    return (
        path.partition("?")[0]
        .replace("/inboxes/web/", "/inboxes/{name}/")
        .replace("/dead-letters/1/", "/dead-letters/{item}/")
    )


@pytest.mark.parametrize("row", CONSOLE, ids=lambda row: f"{row.method} {row.path}")
def test_a_row_refuses_somebody_or_is_ones_own(row: Row) -> None:
    own = row.path.startswith(("/console/account/", "/console/sign-out"))
    everybody = own or row.path in (
        "/console",
        "/console/",
        "/console/stream",
        "/console/active",
        "/console/account",
    )
    assert everybody or any(status in (403, 404) for status in row.expected)
