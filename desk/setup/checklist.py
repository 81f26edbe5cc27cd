"""What a new desk needs before citizens write to it: what is done, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from city import City
from city.settings import SETTINGS
from desk.model import Actor, Clock, NotFound
from desk.people import audit
from desk.people.permissions import Permission, require, roles_with
from desk.setup.city_now import CityNow
from desk.setup.city_seed import seed_settings
from desk.store import city_settings
from desk.store.people.first_steps import SoFar, get_so_far
from desk.store.pool import Store

TO_CONFIRM = ("contact", "crisis_lines", "office_hours")
"""Settings of which a person has to say that they are right: nobody else can know."""


@dataclass(frozen=True, slots=True)
class Item:
    """One line. `setting` can be confirmed with a press of a button; `path` is where the rest is done."""

    title: str
    done: bool
    said: str
    path: str | None = None
    setting: str | None = None


class Checklist:
    """Built once."""

    def __init__(self, store: Store, now: CityNow, clock: Clock) -> None:
        self._store = store
        self._now = now
        self._clock = clock

    async def get(self, actor: Actor) -> Sequence[Item]:
        """All items. Raises NotAllowed."""
        require(actor, Permission.MANAGE_SETTINGS)
        so_far = await get_so_far(self._store.pool, roles_with(Permission.ANSWER_CONVERSATIONS))
        confirmed = await city_settings.list_confirmed(self._store.pool)
        return items(self._now.city, confirmed, so_far)

    async def confirm(self, actor: Actor, name: str) -> None:
        """A person says that this setting is right. Raises NotFound or NotAllowed."""
        require(actor, Permission.MANAGE_SETTINGS)
        if name not in TO_CONFIRM:
            raise NotFound("There is no such setting.")
        now = self._clock()
        async with self._store.transaction() as transaction:
            if name not in await city_settings.list_kept(transaction):
                await seed_settings(transaction, self._now.seed, now)
            await city_settings.set_confirmed(transaction, name, now)
            await audit.record(transaction, actor.agent_id, "setting_confirmed", None, now, setting=name)


def items(city: City, confirmed: set[str], so_far: SoFar) -> Sequence[Item]:
    """The list, from what is known. Pure."""
    titles = {setting.name: setting.title for setting in SETTINGS}
    said = {
        "contact": f"{city.name}, {city.phone}, emergencies {city.emergency_number}. Languages: "
        f"{', '.join(city.languages)} (in city.yml).",
        "crisis_lines": f"{len(city.crisis_lines)} kinds of danger have a number of their own."
        if city.crisis_lines
        else f"None: only {city.emergency_number} is given.",
        "office_hours": f"Open on {sum(1 for spans in city.office_hours.values() if spans)} days of the week.",
    }
    inboxes = ", ".join(inbox.name for inbox in city.inboxes)
    return [
        *(
            Item(titles[name], name in confirmed, said[name], f"/console/admin/settings/{name}", name)
            for name in TO_CONFIRM
        ),
        Item(
            "First agent",
            so_far.answering > 0,
            f"{so_far.answering} who answer citizens."
            if so_far.answering
            else "Nobody answers citizens yet.",
            "/console/admin/agents/new",
        ),
        Item(
            "First team",
            so_far.teams > 0,
            f"{so_far.teams} with somebody in it." if so_far.teams else "No team has anybody in it yet.",
            "/console/admin/teams",
        ),
        Item("An inbox", bool(city.inboxes), f"In city.yml: {inboxes}.", "/console/inboxes"),
        Item(
            "A test message",
            so_far.received and so_far.answered,
            "A message came in and was answered."
            if so_far.received and so_far.answered
            else "A message came in; nothing was answered yet."
            if so_far.received
            else "Nobody has written yet. Write to the web chat yourself.",
            "/chat",
        ),
        Item(
            "No demonstration",
            not city.demo,
            "Citizens are told that this is a demonstration. Take 'demo: true' out of city.yml and restart."
            if city.demo
            else "Citizens are not told that this is a demonstration.",
        ),
    ]
