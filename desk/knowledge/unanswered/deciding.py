"""Editors' decisions on unanswered questions, in one step: a new answer, examples or near misses of an existing one,
or "not ours", with whom to ask instead. A change to an answer is a draft, which is reviewed and published like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from city import City
from desk.knowledge.publishing.drafts import Drafts
from desk.knowledge.unanswered.masking import is_masked, mask_question
from desk.model import Actor, Clock, NotFound, Refused, WrongState
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.runtime.masking import mask_personal
from desk.store.knowledge import unanswered
from desk.store.knowledge.unanswered import Asked, Decision, Group
from desk.store.pool import Store

SHOWN, LISTED = 100, 5
"""Groups of a page, and questions of each."""
TAUGHT = 20
"""Questions that become examples, of one group."""
LONGEST_EXAMPLE = 200
LONGEST_WHOM, LONGEST_TOPIC = 300, 80


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group with its newest questions, masked."""

    group: Group
    asked: Sequence[Asked]


class Deciding:
    """Built once by the console. Every method raises NotAllowed."""

    def __init__(self, store: Store, city: City, drafts: Drafts, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._drafts = drafts
        self._clock = clock

    async def list(self, actor: Actor, *, decided: bool) -> list[ShownGroup]:
        """Groups that wait for a decision, or have one; those that cost most first."""
        require(actor, Permission.REVIEW_PROPOSALS)
        groups = await unanswered.list_groups(self._store.pool, decided=decided, limit=SHOWN)
        asked = await unanswered.list_asked(self._store.pool, [one.id for one in groups], LISTED)
        return [ShownGroup(one, [_masked(each) for each in asked.get(one.id, ())]) for one in groups]

    async def questions(self, actor: Actor, id: int) -> dict[str, tuple[str, ...]]:
        """The questions of a group that can be examples, by language: short, and nothing was taken out of them. Raises NotFound."""
        require(actor, Permission.WRITE_ANSWERS)
        await self._open(id)
        asked = (await unanswered.list_asked(self._store.pool, [id], TAUGHT)).get(id, [])
        found: dict[str, dict[str, str]] = {}
        for one in asked:
            text = mask_question(one.text, one.names)
            if one.language in self._city.languages and len(text) <= LONGEST_EXAMPLE and not is_masked(text):
                found.setdefault(one.language, {}).setdefault(text.casefold(), text)
        return {language: tuple(texts.values()) for language, texts in found.items()}

    async def teach(self, actor: Actor, id: int, answer_id: str, *, near_miss: bool) -> int:
        """Add the questions to an answer's examples, or to what it does not answer, as a draft; returns how many were new. Raises
        NotFound, WrongState, Refused, AnswerRefused or SavedMeanwhile."""
        questions = await self.questions(actor, id)
        kept = await self._drafts.get(actor, answer_id)
        field = "near_misses" if near_miss else "examples"
        before: Mapping[str, Sequence[str]] = kept.body.get(field) or {}
        after = {language: list(texts) for language, texts in before.items()}
        added = 0
        for language, texts in questions.items():
            known = {text.casefold() for text in after.get(language, ())}
            new = [text for text in texts if text.casefold() not in known]
            added += len(new)
            after[language] = [*after.get(language, ()), *new]
        if not added:
            raise Refused(
                "nothing_new", "None of these questions is new to that answer. Nothing was changed."
            )
        await self._drafts.save(actor, answer_id, {**kept.body, field: after}, kept.newest)
        await self.decide(actor, id, "near_miss" if near_miss else "examples", answer_id)
        return added

    async def not_ours(self, actor: Actor, id: int, whom: Mapping[str, str]) -> None:
        """The next people who ask this are told whom to ask instead. Raises NotFound, WrongState, or Refused if a language lacks it."""
        require(actor, Permission.WRITE_ANSWERS)
        said = {language: " ".join(whom.get(language, "").split()) for language in self._city.languages}
        if any(not said[language] for language in self._city.complete):
            raise Refused(
                "no_whom", "Say in every language whom people can ask instead. Nothing was changed."
            )
        if any(len(text) > LONGEST_WHOM for text in said.values()):
            raise Refused("too_long", f"Write at most {LONGEST_WHOM} characters. Nothing was changed.")
        await self.decide(actor, id, "not_ours", None, {name: text for name, text in said.items() if text})

    async def decide(
        self,
        actor: Actor,
        id: int,
        decision: Decision,
        answer_id: str | None = None,
        ask_instead: Mapping[str, str] | None = None,
    ) -> None:
        """Close the group. Raises NotFound or WrongState."""
        require(actor, Permission.WRITE_ANSWERS)
        await self._open(id)
        async with self._store.transaction() as transaction:
            now = self._clock()
            if not await unanswered.set_decision(
                transaction, id, decision, answer_id, ask_instead or {}, now, actor.agent_id
            ):
                raise WrongState("decided", "Somebody has decided about these questions in the meantime.")
            await audit.record(
                transaction, actor.agent_id, "unanswered_decided", None, now,
                group=str(id), decision=decision, answer=answer_id or "",
            )  # fmt: skip

    async def name(self, actor: Actor, id: int, titles: Mapping[str, str]) -> None:
        """What the public page calls these questions, in every language; nothing in any: they are not shown there. Raises NotFound or
        Refused."""
        require(actor, Permission.WRITE_ANSWERS)
        said = {one: " ".join(titles.get(one, "").split()) for one in self._city.languages}
        topic = {one: text for one, text in said.items() if text}
        if topic and len(topic) < len(said):
            raise Refused("no_topic", "Name the topic in every language, or in none. Nothing was changed.")
        if any(len(text) > LONGEST_TOPIC or mask_personal(text) != text for text in topic.values()):
            raise Refused(
                "topic", f"Write at most {LONGEST_TOPIC} characters, without numbers or addresses of people."
            )
        async with self._store.transaction() as transaction:
            if not await unanswered.set_topic(transaction, id, topic):
                raise NotFound("There is no such group.")
            now, shown = self._clock(), "yes" if topic else "no"
            await audit.record(
                transaction, actor.agent_id, "unanswered_named", None, now, group=str(id), shown=shown
            )

    async def reopen(self, actor: Actor, id: int) -> None:
        """It waits for a decision again; what a draft got from it stays. Raises NotFound."""
        require(actor, Permission.WRITE_ANSWERS)
        async with self._store.transaction() as transaction:
            if not await unanswered.mark_open(transaction, id):
                raise NotFound("There is no such group.")
            await audit.record(
                transaction,
                actor.agent_id,
                "unanswered_decided",
                None,
                self._clock(),
                group=str(id),
                decision="open",
            )

    async def _open(self, id: int) -> Group:
        found = await unanswered.list_groups(self._store.pool, decided=False, limit=1, only=id)
        if not found:
            raise NotFound("There are no such questions.")
        if found[0].decision is not None:
            raise WrongState("decided", "Somebody has decided about these questions in the meantime.")
        return found[0]


def _masked(one: Asked) -> Asked:
    return replace(one, text=mask_question(one.text, one.names), names=())
