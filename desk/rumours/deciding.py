"""Editors' work on rumours: verdicts in every language with their sources, which claims belong together, and what is no rumour."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit
from uuid import UUID

from city import City
from desk.knowledge.lint import WORDS, sentences, words
from desk.knowledge.unanswered.masking import mask_question
from desk.model import Actor, Clock, DeskError, NotFound, Refused, WrongState
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.runtime.masking import mask_personal
from desk.store.pool import Executor, Store
from desk.store.rumours import claims, people, rumours
from desk.store.rumours.claims import Claim
from desk.store.rumours.rumours import Rumour, Verdict, VerdictVersion

SHOWN, LISTED, ALL_CLAIMS = 100, 5, 50
"""Rumours of a list, claims of each there, and claims on a rumour's own page."""
LONGEST_CLAIM, LONGEST_TEXT, LONGEST_SOURCE, MOST_SOURCES = 160, 600, 300, 5
VERDICTS: Mapping[Verdict, str] = {
    "true": "True",
    "false": "False",
    "misleading": "Misleading",
    "unknown": "Not known yet",
}


class VerdictRefused(DeskError):
    """The verdict cannot be published. `problems` has a sentence each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True, slots=True)
class ShownRumour:
    """A rumour with its newest claims, masked, and its verdicts, the newest first."""

    rumour: Rumour
    claims: Sequence[Claim]
    versions: Sequence[VerdictVersion] = ()


class RumourDesk:
    """Built once by the console. Every method raises NotAllowed."""

    def __init__(self, store: Store, city: City, clock: Clock) -> None:
        self._store = store
        self._city = city
        self._clock = clock

    async def list(self, actor: Actor, kind: str) -> list[ShownRumour]:
        """`kind`: open, decided or set_aside; those that most people asked about first."""
        require(actor, Permission.REVIEW_PROPOSALS)
        found = await rumours.list_rumours(self._store.pool, kind, SHOWN)
        asked = await claims.list_claims(self._store.pool, [one.id for one in found], LISTED)
        verdicts = await rumours.list_newest(self._store.pool, 1_000, aside=kind == "set_aside")
        newest = {one.rumour_id: one for one in verdicts}
        return [
            ShownRumour(one, _masked(asked.get(one.id, ())), (newest[one.id],) if one.id in newest else ())
            for one in found
        ]

    async def get(self, actor: Actor, id: int) -> ShownRumour:
        """One rumour. Raises NotFound."""
        require(actor, Permission.REVIEW_PROPOSALS)
        found = await rumours.list_rumours(self._store.pool, "", 1, only=id)
        if not found:
            raise NotFound("There is no such rumour.")
        asked = await claims.list_claims(self._store.pool, [id], ALL_CLAIMS)
        versions = await rumours.list_versions(self._store.pool, id)
        return ShownRumour(found[0], _masked(asked.get(id, ())), versions[::-1])

    async def begin(self, actor: Actor) -> int:
        """A rumour that nobody has asked about yet. Returns its id."""
        require(actor, Permission.JUDGE_RUMOURS)
        async with self._store.transaction() as transaction:
            id = await rumours.add_rumour(transaction, self._clock(), actor.agent_id)
            await self._audit(transaction, actor, "rumour_begun", id)
        return id

    async def judge(
        self,
        actor: Actor,
        id: int,
        verdict: str,
        said: Mapping[str, str],
        texts: Mapping[str, str],
        sources: Sequence[str],
        newest: int,
    ) -> int:
        """Publish a verdict; whoever asked is told. `said` is the claim in each language, `newest` the version that the editor saw (0:
        none). Returns how many are told. Raises NotFound, VerdictRefused, or WrongState if somebody else was faster."""
        require(actor, Permission.JUDGE_RUMOURS)
        said = {one: " ".join(said.get(one, "").split()) for one in self._city.languages}
        texts = {one: texts.get(one, "").strip() for one in self._city.languages}
        sources = [one.strip() for one in sources if one.strip()]
        kind = next((one for one in VERDICTS if one == verdict), None)
        problems = _problems(said, texts, sources)
        if kind is None or problems:
            raise VerdictRefused([*([] if kind else ["Choose the verdict."]), *problems])
        now = self._clock()
        async with self._store.transaction() as transaction:
            await self._lock(transaction, id)
            before = await rumours.list_versions(transaction, id)
            if len(before) != newest:
                raise WrongState(
                    "changed", "Somebody has changed the verdict in the meantime. Please look at it again."
                )
            version = await rumours.add_version(
                transaction, id, kind, said, texts, sources, now, actor.agent_id
            )
            await rumours.set_set_aside(transaction, id, None, None)
            told = await people.add_people(transaction, id, version, now)
            await audit.record(
                transaction,
                actor.agent_id,
                "rumour_judged",
                None,
                now,
                rumour=str(id),
                version=str(version),
                verdict=kind,
            )
        return told

    async def set_aside(self, actor: Actor, id: int, *, aside: bool) -> None:
        """It is no rumour, or it is one again: nobody is told its verdict while it is set aside. Raises NotFound."""
        require(actor, Permission.JUDGE_RUMOURS)
        async with self._store.transaction() as transaction:
            await self._lock(transaction, id)
            now = self._clock()
            await rumours.set_set_aside(
                transaction, id, now if aside else None, actor.agent_id if aside else None
            )
            await self._audit(transaction, actor, "rumour_set_aside" if aside else "rumour_reopened", id)

    async def take_out(self, actor: Actor, id: int, message_id: UUID) -> int:
        """This claim is another one: a rumour of its own. Returns that one's id. Raises NotFound, or Refused if somebody was told."""
        require(actor, Permission.JUDGE_RUMOURS)
        async with self._store.transaction() as transaction:
            await self._lock(transaction, id)
            asked = (await claims.list_claims(transaction, [id], 1_000)).get(id, [])
            if message_id not in {one.message_id for one in asked}:
                raise NotFound("There is no such claim.")
            if len(asked) == 1:
                raise Refused("alone", "It is the only claim of this rumour. Nothing was changed.")
            other = await rumours.add_rumour(transaction, self._clock(), actor.agent_id)
            await claims.set_rumour(transaction, message_id, other)
            await self._audit(transaction, actor, "rumour_claim_moved", id, into=str(other))
        return other

    async def join(self, actor: Actor, id: int, into: int) -> None:
        """Both are the same: the claims of `id` belong to `into`, and their authors hear its verdict. Raises NotFound or Refused."""
        require(actor, Permission.JUDGE_RUMOURS)
        if id == into:
            raise Refused("same", "That is the same rumour. Nothing was changed.")
        async with self._store.transaction() as transaction:
            for one in sorted((id, into)):
                await self._lock(transaction, one)
            if await rumours.list_versions(transaction, id):
                raise Refused(
                    "judged", "This rumour has a verdict. Join the other one to it. Nothing was changed."
                )
            await claims.move_all(transaction, id, into)
            await rumours.move_vectors(transaction, id, into)
            now = self._clock()
            if (verdict := await rumours.get_newest(transaction, into)) is not None:
                await people.add_people(transaction, into, verdict.version, now)
            await rumours.set_set_aside(transaction, id, now, actor.agent_id)
            await self._audit(transaction, actor, "rumour_claim_moved", id, into=str(into))

    async def _lock(self, transaction: Executor, id: int) -> None:
        if not await rumours.lock(transaction, id):
            raise NotFound("There is no such rumour.")

    async def _audit(self, transaction: Executor, actor: Actor, act: str, id: int, **more: str) -> None:
        await audit.record(transaction, actor.agent_id, act, None, self._clock(), rumour=str(id), **more)


def _problems(said: Mapping[str, str], texts: Mapping[str, str], sources: Sequence[str]) -> list[str]:
    found = []
    for language, claim in said.items():
        text = texts[language]
        if not claim or not text:
            found.append(f"{language}: write the claim and what is right.")
            continue
        if len(claim) > LONGEST_CLAIM:
            found.append(f"{language}: the claim is longer than {LONGEST_CLAIM} characters.")
        if len(text) > LONGEST_TEXT:
            found.append(f"{language}: the text is longer than {LONGEST_TEXT} characters.")
        if mask_personal(claim) != claim:
            found.append(f"{language}: take e-mail addresses and long numbers out of the claim.")
        if any(words(one) > WORDS for one in sentences(text)):
            found.append(f"{language}: a sentence has more than {WORDS} words.")
    if len(sources) > MOST_SOURCES:
        found.append(f"Give at most {MOST_SOURCES} sources.")
    for one in sources:
        parts = urlsplit(one)
        if (
            parts.scheme != "https"
            or not parts.hostname
            or len(one) > LONGEST_SOURCE
            or re.search(r"[\s<>\"]", one)
        ):
            found.append(f"This is no https address: {one[:80]}")
    return found


def _masked(asked: Sequence[Claim]) -> list[Claim]:
    return [replace(one, text=mask_question(one.text, one.names), names=()) for one in asked]
