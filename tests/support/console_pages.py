"""Every page of the console, with something on each: for what is tried on all of them. A page that is missing here is found by
comparison with the table of routes."""

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from city import Team
from desk.knowledge.catalogue import Catalog
from desk.knowledge.publishing.exchange import seed_answers
from desk.knowledge.publishing.fact_exchange import seed_facts
from desk.model import Conversation
from desk.notices.plan import seed_plans
from desk.store.knowledge import facts
from desk.store.people import links
from desk.store.replies import canned
from desk.store.routing import teams
from desk.store.rumours import claims, rumours
from tests.support.comparisons import add_comparison, add_difference
from tests.support.console import Browser, RunningConsole
from tests.support.notice_desk import add_draft, add_incident, add_listed_alert
from tests.support.unanswered import add_unanswered

ONE = "/console/conversations/{conversation}"
NO_PAGES = {
    "/console",  # the same as /console/
    "/console/list",
    "/console/stream",
    f"{ONE}/live",
    "/console/wall/live",
    f"{ONE}/media/{{media}}",
    "/console/answers/find",
    "/console/answers/files.zip",
    "/console/notices/plan.zip",
    "/console/account/second-factor/picture",
    "/console/admin/city.yml",
    "/console/audit.csv",
    "/console/reports/csv",
    "/console/not-taken/{arrival}/raw",  # a file
}
"""Parts of pages, streams, pictures and files."""


@dataclass(frozen=True)
class ConsolePage:
    """`route` as the table of routes writes it, `path` with the ids of this console."""

    route: str
    path: str


@dataclass(frozen=True)
class Pages:
    """The pages by session: a supervisor's, an administrator's and an editor's, who together see all of them."""

    supervisor: Browser
    sessions: tuple[tuple[Browser, tuple[ConsolePage, ...]], ...]

    @property
    def routes(self) -> set[str]:
        return {page.route for _, pages in self.sessions for page in pages}


async def claimed(console: RunningConsole, browser: Browser, words: str = "Lucía") -> Conversation:
    """A conversation in the hands of this browser's agent; whatever the citizen gave says `words`."""
    conversation = await console.queued(name=words, text=words, summary=words)
    await browser.post(f"/console/conversations/{conversation.id}/claim")
    return conversation


async def console_pages(console: RunningConsole, catalog: Catalog, words: str = "Lucía") -> Pages:
    """All pages. What citizens and staff wrote says `words`."""
    pool = console.store.pool
    carla = await console.signed_in(words[:60], "supervisor")
    dora = await console.signed_in("Dora Lind", "admin")
    emil = await console.signed_in("Emil Novak", "editor")
    await seed_facts(console.store, Path("content"), catalog.seed_facts, console.clock())
    await seed_answers(console.store, Path("content"), catalog.seed, console.clock())
    old = (await facts.list_kept(pool))[0]
    value = {"from": "2027-01-01", "value": "20"}
    dearer = {**old.body, "title": words[:60], "values": [*old.body["values"], value]}
    await facts.add_version(pool, old.name, 2, dearer, console.clock(), None)
    ben = await console.signed_in(words[:60])
    people = {row["role"]: row["id"] for row in await pool.fetch("SELECT id, role FROM agents")}
    mine, other = await claimed(console, carla, words), await console.queued(name=words, text=words)
    waits = await console.queued(name=words, text=words, reason="distress", urgency="missing")
    theirs = await claimed(console, ben, words)
    done, said = await claimed(console, carla, words), await console.say(mine, words)
    await links.set_linked(pool, mine.contact_id, other.contact_id, 10)
    await carla.post(
        f"/console/conversations/{mine.id}/note", data={"text": words, "client_id": str(uuid4())}
    )
    await carla.post(f"/console/conversations/{done.id}/resolve")
    request = await pool.fetchval(
        """INSERT INTO service_requests (id, conversation_id, contact_id, backend, service_code, payload)
           VALUES (gen_random_uuid(), $1, $2, 'requests', 'pothole', '{}') RETURNING id""",
        mine.id, mine.contact_id,
    )  # fmt: skip
    await pool.execute(
        """INSERT INTO service_requests (id, conversation_id, contact_id, backend, service_code, payload, state, error)
           VALUES (gen_random_uuid(), $1, $2, 'requests', 'pothole', '{}', 'refused', $3)""",
        mine.id, mine.contact_id, words,
    )  # fmt: skip
    await pool.execute(
        """INSERT INTO georeport_requests (reference, token, service_code, description, latitude, longitude, crew, expected_at)
           SELECT 'SR-0000-000' || n, 'x' || n, 'pothole', $1, 41.05 + n / 900.0, -73.54, nullif($2, ''), '2026-01-01'
           FROM generate_series(1, 3) n""",
        words[:400],
        " ".join(words.split())[:80],
    )
    await pool.execute(
        "INSERT INTO not_taken (inbox, external_id, kind, reason, sender, subject, headers, raw) "
        "VALUES ('web', 'x', 'unreadable', 'x', $1, $1, '{}', 'x')",
        words[:200],
    )
    await add_unanswered(console.store, waits, words[:300])
    await pool.execute(
        "INSERT INTO learned_services (id, words, from_code, service_code, state, created_at) "
        "VALUES (gen_random_uuid(), $1, 'pothole', '', 'proposed', now()), "
        "(gen_random_uuid(), $1, 'pothole', 'graffiti', 'used', now())",
        " ".join(words.split())[:120],
    )
    comparison = await add_comparison(console.store, people["editor"])
    await add_difference(console.store, comparison, said.id, "rats", "trees")
    await seed_plans(console.store, Path("content"), console.clock())
    draft = await add_draft(console.store, people["editor"])
    proposed = await add_draft(console.store, people["editor"])
    await carla.post(f"/console/notices/{proposed}/1/propose")
    incident = await add_incident(console.store, people["supervisor"], " ".join(words.split())[:80])
    await carla.post(f"/console/incidents/{incident}/attach", data={"conversation": str(waits.id)})
    await add_listed_alert(console.store, " ".join(words.split())[:200], "needs_person")
    rumour = await rumours.add_rumour(pool, console.clock())
    await claims.add_claim(pool, said.id, rumour, console.clock(), "en", answered=False)
    await canned.set_text(
        pool, canned.CannedText("hello", words[:60], {"en": "Hello."}), people["supervisor"]
    )
    await teams.add_team(pool, Team(name="front-desk", title=words[:60], languages=("en", "es", "fr")))
    await pool.execute("INSERT INTO tags (name) VALUES ('press')")
    sent = await carla.post("/console/bulk", data={"act": "answer", "all": "1", "text": "canned:hello"})
    here, desk = f"/console/conversations/{mine.id}", people["supervisor"]
    of_supervisor = (
        ("/console/", "/console/"),
        ("/console/", "/console/?tab=open"),
        ("/console/", "/console/?tab=resolved"),
        (ONE, here),
        (ONE, f"/console/conversations/{waits.id}"),
        (ONE, f"/console/conversations/{done.id}"),
        (ONE, f"/console/conversations/{theirs.id}"),
        (f"{ONE}/why", f"{here}/why"),
        (f"{ONE}/merge", f"{here}/merge?other={other.id}"),
        (f"{ONE}/split", f"{here}/split?message={said.id}"),
        (f"{ONE}/requests/new", f"{here}/requests/new?service=pothole"),
        (f"{ONE}/requests/{{request}}", f"{here}/requests/{request}"),
        ("/console/wall/agents/{account}", f"/console/wall/agents/{desk}"),
        ("/console/bulk/{batch}", sent.url.removeprefix(console.base)),
        ("/console/inboxes/{name}/not-taken", "/console/inboxes/web/not-taken"),
        ("/console/reports", "/console/reports?by=channel"),
        ("/console/notices/{notice}", f"/console/notices/{proposed}"),
        ("/console/notices/{notice}/{version}", f"/console/notices/{draft}/1"),
        ("/console/notices/new", "/console/notices/new?plan=flood"),
        ("/console/notices/plan/{plan}", "/console/notices/plan/flood"),
        ("/console/notices", "/console/notices"),
        ("/console/incidents", "/console/incidents"),
        ("/console/incidents/new", "/console/incidents/new?scenario=outage"),
        ("/console/incidents/{incident}", f"/console/incidents/{incident}"),
        ("/console/incidents/{incident}/edit", f"/console/incidents/{incident}/edit"),
        ("/console/notices/alerts", "/console/notices/alerts"),
        *((f"/console/{name}", f"/console/{name}") for name in (
            "search", "waits", "answers", "answers/proposals", "requests", "inboxes", "embedding", "drafts", "audit", "wall", "requests/import", "requests/stuck",
            "account", "account/mails", "account/second-factor", "admin/replies", "admin/rules", "people", "sign-out",
            "reports/conversations", "reports/staffing", "reports/presence",
        )),
    )  # fmt: skip
    settings = (
        "contact",
        "area",
        "languages",
        "inboxes",
        "crisis_lines",
        "office_hours",
        "resolve_reasons",
        "sla",
        "limits",
        "requests",
        "notices",
        "alerts",
        "official",
    )
    of_admin = (
        *(("/console/admin/settings/{setting}", f"/console/admin/settings/{name}") for name in settings),
        ("/console/admin/teams/{team}", "/console/admin/teams/front-desk"),
        ("/console/admin/agents/{account}", f"/console/admin/agents/{desk}"),
        ("/console/people/{account}", f"/console/people/{desk}"),
        *((f"/console/admin/{name}", f"/console/admin/{name}") for name in (
            "start", "settings", "agents", "agents/new", "teams", "teams/new",
        )),
    )  # fmt: skip
    of_editor = (
        ("/console/answers", "/console/answers"),
        ("/console/answers/{answer}", "/console/answers/rats"),
        ("/console/answers/{answer}/recall", "/console/answers/rats/recall"),
        ("/console/answers/stops", "/console/answers/stops"),
        ("/console/answers/unanswered", "/console/answers/unanswered"),
        ("/console/answers/shared", "/console/answers/shared"),
        ("/console/answers/new", "/console/answers/new"),
        ("/console/answers/training", "/console/answers/training"),
        ("/console/answers/learned", "/console/answers/learned"),
        ("/console/answers/judging", "/console/answers/judging"),
        ("/console/answers/comparisons/{comparison}", f"/console/answers/comparisons/{comparison}"),
        ("/console/rumours", "/console/rumours"),
        ("/console/rumours/{rumour}", f"/console/rumours/{rumour}"),
        ("/console/facts", "/console/facts"),
        ("/console/facts/new", "/console/facts/new?kind=text"),
        ("/console/facts/{fact}", "/console/facts/certificate_fee"),
    )
    sessions = ((carla, of_supervisor), (dora, of_admin), (emil, of_editor))
    return Pages(
        carla, tuple((browser, tuple(ConsolePage(*one) for one in pages)) for browser, pages in sessions)
    )
