"""Opt-in mails to supervisors about their desk: an urgent conversation that nobody claims, missed promises,
yesterday's figures. Numbers and a link; nothing that a citizen wrote, because a mail may be stored anywhere.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from city import City, Team
from desk.model import Actor, Clock
from desk.people.permissions import Permission, roles_with, scope_of
from desk.reporting.figures import FIGURES, Figure, Value
from desk.reporting.intervals import Share, Spread
from desk.reporting.mail_kinds import Kind
from desk.reporting.periods import Period
from desk.reporting.reading import read_report
from desk.reporting.review_mails import ReviewMails
from desk.routing.sla import Sla
from desk.routing.team_directory import TeamDirectory
from desk.store.people import staff_mails
from desk.store.pool import Store
from desk.store.reporting import wall
from desk.store.reporting.wall import Cutoff

log = structlog.get_logger("staff_mails")

MORNING = 7
"""The local hour from which yesterday's figures are sent."""
CALLED = timedelta(hours=1)
KEPT = timedelta(days=30)
DAILY = (
    "conversations",
    "answered",
    "handed_off",
    "wait",
    "first_response",
    "abandoned",
    "sla_first",
    "csat",
)


class StaffMails:
    """Built once by the worker; any number may call it at the same time: the database keeps everybody from being told
    twice. `console` is the console's address."""

    def __init__(
        self,
        store: Store,
        city: City,
        teams: TeamDirectory,
        clock: Clock,
        console: str,
        reviews: ReviewMails | None = None,
    ) -> None:
        self._store = store
        self._city = city
        self._teams = teams
        self._clock = clock
        self._console = console.rstrip("/")
        self._reviews = reviews

    async def look(self) -> None:
        """Keep the mails that are due now."""
        now = self._clock()
        roles = roles_with(Permission.ASSIGN_CONVERSATIONS)
        for actor in await staff_mails.list_wanting(self._store.pool, "urgent", roles):
            await self._urgent(actor, now)
        teams = await self._teams.read(self._store.pool)
        for actor in await staff_mails.list_wanting(self._store.pool, "sla", roles):
            await self._missed(actor, now, teams)
        if now.astimezone(self._city.zone).hour >= MORNING:
            for actor in await staff_mails.list_wanting(self._store.pool, "daily", roles):
                await self._figures(actor, now, teams)
        if self._reviews is not None:
            await self._reviews.look()
        await staff_mails.delete_old(self._store.pool, now - KEPT)

    async def _urgent(self, actor: Actor, now: datetime) -> None:
        scope = scope_of(actor)
        called = await staff_mails.list_called(
            self._store.pool, scope.everything, list(scope.teams), now - CALLED
        )
        for conversation_id, at in called:
            await self._add(
                actor, "urgent", f"{conversation_id} {at.isoformat()}", "Urgent: nobody has claimed a conversation",
                "Somebody may be in danger, and nobody has claimed the conversation in time. Claim or assign it now.",
                f"/conversations/{conversation_id}", now,
            )  # fmt: skip

    async def _missed(self, actor: Actor, now: datetime, teams: Sequence[Team]) -> None:
        about = now.astimezone(self._city.zone).strftime("%Y-%m-%d %H")
        if await staff_mails.is_told(self._store.pool, actor.agent_id, "sla", about):
            return
        cutoffs = [
            Cutoff(one.team, one.urgent, one.promise, one.at_risk, one.missed)
            for one in Sla(self._city, now, teams=teams).cutoffs()
        ]
        rows = await wall.list_teams(self._store.pool, scope_of(actor), cutoffs)
        titles = {team.name: team.title for team in teams}
        lines = [
            f"{titles.get(one.team or '', one.team or 'No team')}: {one.missed} missed, {one.at_risk} at risk, "
            f"{one.waiting} waiting"
            for one in rows
            if one.missed
        ]
        if lines:
            await self._add(actor, "sla", about, "Promises were missed", "\n".join(lines), "/wall", now)

    async def _figures(self, actor: Actor, now: datetime, teams: Sequence[Team]) -> None:
        day = now.astimezone(self._city.zone).date() - timedelta(days=1)
        if await staff_mails.is_told(self._store.pool, actor.agent_id, "daily", day.isoformat()):
            return
        period = Period(day, day, self._city.zone)
        report = await read_report(self._store.pool, actor, self._city, period, [], now, teams)
        figures = [one for one in FIGURES if one.id in DAILY]
        lines = [f"{one.title}: {_said(one, one.of(report.facts))}" for one in figures]
        path = f"/reports?from={day}&to={day}"
        await self._add(
            actor, "daily", day.isoformat(), f"Figures of {day.isoformat()}", "\n".join(lines), path, now
        )

    async def _add(
        self, actor: Actor, kind: Kind, about: str, subject: str, text: str, path: str, now: datetime
    ) -> None:
        whole = f"{text}\n\n{self._console}{path}\n\nYou chose this mail: {self._console}/account/mails"
        subject = f"{self._city.name} front desk: {subject}"
        if await staff_mails.add_mail(self._store.pool, actor.agent_id, kind, about, subject, whole, now):
            log.info("staff_mail_kept", kind=kind, agent=str(actor.agent_id))


def _said(figure: Figure, value: Value) -> str:
    match value:
        case None:
            return "nothing to count"
        case Share():
            return f"{value.value:.0%}, {value.count} of {value.of}"
        case Spread():
            return (
                f"{value.median / 60:.0f} min in the middle, {value.p90 / 60:.0f} min at most for nine of ten"
            )
        case _:
            return f"{value}"
