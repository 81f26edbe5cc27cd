"""Mails the owners of an answer once when its review is due. The list of answers shows it as a task until it is done."""

from collections.abc import Sequence

import structlog

from city import City, Team
from desk.knowledge.catalogue import Catalog
from desk.knowledge.content import Answer
from desk.knowledge.owners import is_owner
from desk.model import Actor, Clock
from desk.people.permissions import Permission, roles_with
from desk.reporting.mail_kinds import mail_inbox_of
from desk.routing.team_directory import TeamDirectory
from desk.store.knowledge import reviews_due
from desk.store.people import staff_mails
from desk.store.pool import Store

log = structlog.get_logger("staff_mails")


class ReviewMails:
    """Built once by the worker; any number may call it at the same time. `console` is the console's address."""

    def __init__(
        self, store: Store, city: City, catalog: Catalog, teams: TeamDirectory, clock: Clock, console: str
    ) -> None:
        self._store = store
        self._city = city
        self._catalog = catalog
        self._teams = teams
        self._clock = clock
        self._console = console.rstrip("/")

    async def look(self) -> None:
        """Keep a mail to each owner for the answers whose review became due."""
        now = self._clock()
        today = now.astimezone(self._city.zone).date()
        due = {
            one.id: one
            for one in self._catalog.answers.values()
            if one.stale(today) and self._catalog.is_given(one.id, today)
        }
        if not due or mail_inbox_of(self._city) is None:
            return
        teams = await self._teams.read(self._store.pool)
        async with self._store.transaction() as transaction:
            fresh = await reviews_due.mark_told(
                transaction, [(one.id, one.review_by) for one in due.values()], now
            )
            editors = await staff_mails.list_active(transaction, roles_with(Permission.WRITE_ANSWERS))
            for editor, ones in _by_person([due[id] for id in sorted(fresh)], editors, teams):
                about = f"{today.isoformat()} {ones[0].id} {len(ones)}"
                subject = f"{self._city.name} front desk: {len(ones)} answers are due for a review"
                if len(ones) == 1:
                    subject = f"{self._city.name} front desk: an answer is due for a review"
                await staff_mails.add_mail(
                    transaction, editor.agent_id, "review", about, subject, self._text(ones), now
                )
        if fresh:
            log.info("reviews_due", answers=len(fresh), editors=len(editors))

    def _text(self, ones: Sequence[Answer]) -> str:
        language = self._city.language
        lines = [
            f"{one.texts[language].title}, by {one.review_by.isoformat()}: {self._console}/answers/{one.id}"
            for one in ones
        ]
        return (
            "Citizens still get these, with a sentence that says so. Check them against their sources, and save them with new "
            "days.\n\n" + "\n".join(lines)
        )


def _by_person(
    fresh: Sequence[Answer], editors: Sequence[Actor], teams: Sequence[Team]
) -> list[tuple[Actor, list[Answer]]]:
    """Each answer to its owners; to all editors if nobody at the desk is its owner."""
    found: dict[Actor, list[Answer]] = {}
    for answer in fresh:
        owners = [one for one in editors if is_owner(one, answer, teams)] or editors
        for one in owners:
            found.setdefault(one, []).append(answer)
    return list(found.items())
