"""A supervisor's choice of mails about their desk."""

from sanic.response import HTTPResponse

from console.deps import ConsoleDeps
from console.guard import Visit, counts_of, go_to
from console.notices import NOTICES
from console.rendering import Pages
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.reporting.mail_kinds import KINDS, mail_inbox_of
from desk.store.people import mail_wishes

PATH = "/console/account/mails"


class MailPages:
    """GET and POST /console/account/mails."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages

    async def show(self, visit: Visit) -> HTTPResponse:
        """The choices."""
        require(visit.actor, Permission.ASSIGN_CONVERSATIONS)
        pool = self._deps.store.pool
        return self._pages.page(
            "mails.html",
            session=visit.session,
            kinds=KINDS,
            wanted=await mail_wishes.get_wanted(pool, visit.actor.agent_id),
            inbox=mail_inbox_of(self._deps.city),
            notice=NOTICES.get(visit.request.args.get("notice", "")),
            **await counts_of(pool, visit),
        )

    async def save(self, visit: Visit) -> HTTPResponse:
        """Keep them."""
        require(visit.actor, Permission.ASSIGN_CONVERSATIONS)
        wanted = [kind for kind in KINDS if visit.field(kind)]
        async with self._deps.store.transaction() as transaction:
            await mail_wishes.set_wanted(transaction, visit.actor.agent_id, wanted)
            await audit.record(
                transaction, visit.actor.agent_id, "mails_chosen", None, visit.now, kinds=" ".join(wanted)
            )
        return go_to(f"{PATH}?notice=mails-chosen")
