"""The page on which supervisors write rules and try them in a dry run. Works without scripts."""

from dataclasses import replace
from uuid import UUID, uuid4

from sanic.response import HTTPResponse

from console import words
from console.deps import ConsoleDeps
from console.guard import Visit, as_page_error, go_to
from console.notices import NOTICES
from console.rendering import Pages
from console.topics import topic_titles
from desk.model import Refused
from desk.people.permissions import Permission, require
from desk.replies.rules.editing import TRIED, WORD, WORDS, RuleEditing, Tried
from desk.store.dialogue import desk_rows
from desk.store.people import agents
from desk.store.replies import canned, rules, tags
from desk.store.replies.rules import Acts, Conditions, Event, Rule

EVENTS: dict[str, tuple[Event, str]] = {
    "opened": ("opened", "A citizen begins a conversation"),
    "queued": ("queued", "A conversation waits for a person"),
    "message": ("message", "A citizen writes a message"),
    "waits": ("waits", "Somebody has waited for some minutes"),
    "tagged": ("tagged", "An agent gives a tag"),
}


class RulePages:
    """GET /console/admin/rules; POST /console/admin/rules and /console/admin/rules/try, with the same fields."""

    def __init__(self, deps: ConsoleDeps, pages: Pages) -> None:
        self._deps = deps
        self._pages = pages
        self._topics = topic_titles(deps)
        self._editing = RuleEditing(deps.store, deps.city, self._topics, deps.clock)

    async def show(self, visit: Visit) -> HTTPResponse:
        """Every rule with its form, and one for a new rule."""
        require(visit.actor, Permission.MANAGE_RULES)
        return await self._render(visit, notice=NOTICES.get(visit.request.args.get("notice", "")))

    async def save(self, visit: Visit) -> HTTPResponse:
        """Add or replace a rule."""
        require(visit.actor, Permission.MANAGE_RULES)
        rule = _rule(visit)
        try:
            await self._editing.save(visit.actor, rule)
        except Refused as error:
            return await self._render(visit, error=error, typed=rule)
        return go_to(f"/console/admin/rules?notice=applies#rule-{rule.id}")

    async def try_dry(self, visit: Visit) -> HTTPResponse:
        """Where the rule of the form would have done something. Nothing is saved and nothing is done."""
        require(visit.actor, Permission.MANAGE_RULES)
        rule = _rule(visit)
        given = visit.field("count")
        count = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else TRIED
        try:
            tried = await self._editing.try_dry(visit.actor, rule, count)
        except Refused as error:
            return await self._render(visit, error=error, typed=rule)
        return await self._render(visit, typed=rule, tried=tried)

    async def _render(
        self,
        visit: Visit,
        *,
        notice: str | None = None,
        error: Refused | None = None,
        typed: Rule | None = None,
        tried: Tried | None = None,
    ) -> HTTPResponse:
        pool = self._deps.store.pool
        known = await rules.list_rules(pool)
        new = Rule(uuid4(), "", "message", Conditions(), Acts(), True)
        shown = [typed if typed and typed.id == one.id else one for one in known]
        if typed is not None and all(one.id != typed.id for one in known):
            new = typed
        return self._pages.page(
            "rules.html",
            session=visit.session,
            status=as_page_error(error).status if error else 200,
            alert=str(error) if error else None,
            notice=notice,
            rules=shown,
            new=new,
            open_id=typed.id if typed else None,
            tried=tried,
            events={name: title for name, (_, title) in EVENTS.items()},
            options={
                "channels": [(one, words.say(words.CHANNELS, one)) for one in self._editing.channels],
                "languages": [(one, words.language_name(one)) for one in self._deps.city.languages],
                "topics": sorted(self._topics.items(), key=lambda one: one[1].lower()),
                "tags": [(one, one) for one in await tags.list_offered(pool)],
                "priorities": list(words.PRIORITIES.items()),
                "teams": [(one.name, one.title) for one in self._deps.teams.known],
                "texts": [(one.id, one.title) for one in await canned.list_texts(pool) if one.active],
                "people": [(one.id, one.name) for one in await agents.list_active(pool)],
            },
            most={"words": WORDS, "word": WORD, "tried": TRIED},
            counts=await desk_rows.count_desk(pool, visit.scope),
        )


def _rule(visit: Visit) -> Rule:
    fields = visit.form.fields
    try:
        id = UUID(visit.field("id"))
    except ValueError:
        id = uuid4()
    event, _ = EVENTS.get(visit.field("event"), EVENTS["message"])
    given = tuple(dict.fromkeys(" ".join(one.split()) for one in visit.field("words").split("\n")))
    conditions = Conditions(
        fields.get("channel", ()),
        fields.get("language", ()),
        fields.get("topic", ()),
        tuple(one for one in given if one),
        " ".join(visit.field("contact").split()),
        _number(visit, "minutes"),
        visit.field("when_tag"),
    )
    # Fields of other events are dropped.
    if event != "waits":
        conditions = replace(conditions, minutes=0)
    if event != "tagged":
        conditions = replace(conditions, tag="")
    priority = visit.field("priority")
    acts = Acts(
        visit.field("tag"),
        int(priority) if priority in ("0", "1", "2") else None,
        visit.field("team"),
        visit.field("canned"),
        visit.field("notify"),
    )
    active = visit.field("active") == "yes"
    return Rule(id, visit.field("title"), event, conditions, acts, active, _number(visit, "place"))


def _number(visit: Visit, name: str) -> int:
    given = visit.field(name)
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
