"""Supervisors write rules, and test them in a dry run on past conversations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from city import City
from desk.model import Actor, Clock, Refused
from desk.people.permissions import Permission, require, scope_of
from desk.replies.rules.matching import folded, would_fit
from desk.runtime.sanitize import sanitize_text
from desk.store.people import agents, audit
from desk.store.pool import Store
from desk.store.replies import canned, rules, tags
from desk.store.replies.rules import Rule, Subject
from desk.store.routing import teams

RULES, TITLE = 50, 80
WORDS, WORD = 30, 60
"""Words or phrases of one rule, and characters of one."""
LONGEST_WAIT = 24 * 60  # minutes
TRIED = 500
"""Conversations that a rule is tried on at most."""


@dataclass(frozen=True, slots=True)
class Match:
    """A conversation of the past in which the rule would have done something, and the words it would have looked at."""

    subject: Subject
    text: str


@dataclass(frozen=True, slots=True)
class Tried:
    """`of`: how many conversations were looked at."""

    matches: tuple[Match, ...]
    of: int


class RuleEditing:
    """Built once by the console's composition root. Raises NotAllowed, and Refused for what is no rule."""

    def __init__(self, store: Store, city: City, topics: Iterable[str], clock: Clock) -> None:
        self._store = store
        self._city = city
        self._topics = frozenset(topics)
        self._channels: Mapping[str, str] = {inbox.name: inbox.channel for inbox in city.inboxes}
        self._clock = clock

    @property
    def channels(self) -> list[str]:
        """The channels that conditions can name."""
        return sorted(set(self._channels.values()))

    async def save(self, actor: Actor, rule: Rule) -> None:
        """Add or replace it, with an audit line."""
        checked = await self._checked(actor, rule)
        async with self._store.transaction() as transaction:
            known = await rules.list_rules(transaction)
            if len(known) >= RULES and all(one.id != rule.id for one in known):
                raise Refused(
                    "too_many",
                    f"There can be at most {RULES} rules. Change an existing one. Nothing was saved.",
                )
            await rules.set_rule(transaction, checked, actor.agent_id, self._clock())
            detail = {"rule": str(rule.id), "active": str(rule.active)}
            await audit.add_line(transaction, actor.agent_id, "rule_saved", None, detail, self._clock())

    async def try_dry(self, actor: Actor, rule: Rule, count: int = TRIED) -> Tried:
        """Where it would have done something, in the newest conversations that the supervisor may see. Nothing is done."""
        checked = await self._checked(actor, rule)
        subjects = await rules.list_subjects(self._store.pool, scope_of(actor), max(1, min(count, TRIED)))
        found = [(one, would_fit(checked, one, self._channels)) for one in subjects]
        return Tried(tuple(Match(one, text) for one, text in found if text is not None), len(subjects))

    async def _checked(self, actor: Actor, rule: Rule) -> Rule:
        require(actor, Permission.MANAGE_RULES)
        title = " ".join(sanitize_text(rule.title).split())
        wanted, acts = rule.conditions, rule.acts
        problem = None
        if not title or len(title) > TITLE:
            problem = f"Give it a title of {TITLE} characters at most."
        elif len(wanted.words) > WORDS or any(len(one) > WORD for one in wanted.words):
            problem = f"A rule has {WORDS} words or phrases at most, of {WORD} characters each."
        elif any(not folded(one) for one in wanted.words):
            problem = "A word needs a letter or a digit."
        elif set(wanted.channels) - set(self.channels) or set(wanted.languages) - set(self._city.languages):
            problem = "Choose channels and languages from the list."
        elif set(wanted.topics) - self._topics:
            problem = "Choose topics from the list."
        elif rule.event == "waits" and not 1 <= wanted.minutes <= LONGEST_WAIT:
            problem = f"Say after how many minutes, 1 to {LONGEST_WAIT}."
        elif len(wanted.contact) > WORD:
            problem = f"What the contact's data contains has {WORD} characters at most."
        elif acts == rules.Acts():
            problem = "Choose at least one thing that is done."
        elif acts.priority not in (None, 0, 1, 2):
            problem = "Choose a priority from the list."
        else:
            problem = await self._unknown(rule)
        if problem:
            raise Refused("bad_rule", f"{problem} Nothing was saved.")
        return Rule(rule.id, title, rule.event, wanted, acts, rule.active, rule.place, rule.since)

    async def _unknown(self, rule: Rule) -> str | None:
        """What the rule names that does not exist."""
        pool, acts = self._store.pool, rule.acts
        offered = await tags.list_offered(pool)
        if any(one and one not in offered for one in (acts.tag, rule.conditions.tag)):
            return "There is no such tag. Add it to the list first."
        if acts.team and acts.team not in {one.name for one in await teams.list_teams(pool)}:
            return "There is no such team."
        text = await canned.get_text(pool, acts.canned) if acts.canned else None
        if acts.canned and (text is None or not text.active):
            return "There is no such canned text."
        if acts.notify and _uuid(acts.notify) not in {one.id for one in await agents.list_active(pool)}:
            return "There is no such colleague."
        return None


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
