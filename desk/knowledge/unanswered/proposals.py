"""What agents wrote instead of an approved answer, and what editors make of it: a new answer, or more words of an existing one. Nothing
that an agent wrote is given or trained before an editor has drafted it and it was reviewed and published; the history says where it
comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from desk.knowledge.publishing.drafts import Drafts
from desk.knowledge.unanswered.masking import is_masked, mask_question, mask_text
from desk.model import Actor, Clock, NotFound, Refused, Scope
from desk.people import audit
from desk.people.permissions import Permission, require
from desk.store.pool import Store
from desk.store.replies import proposals
from desk.store.replies.proposals import Decision, Proposal

LONGEST_EXAMPLE = 200


class Proposals:
    """Built once by the console. Every method raises NotAllowed; `scope` is what conversations the person sees, for an editor all."""

    def __init__(self, store: Store, drafts: Drafts, clock: Clock) -> None:
        self._store = store
        self._drafts = drafts
        self._clock = clock

    async def get(self, actor: Actor, scope: Scope, message_id: UUID) -> Proposal:
        """One that waits for a decision, masked. Raises NotFound."""
        require(actor, Permission.WRITE_ANSWERS)
        found = await proposals.list_open(self._store.pool, scope, 1, message_id)
        if not found:
            raise NotFound("There is no such proposal, or somebody has decided about it.")
        return masked(found[0])

    async def add(
        self, actor: Actor, scope: Scope, message_id: UUID, name: str, body: Mapping[str, Any]
    ) -> None:
        """A new answer that is made of it, as a draft, with the question as an example. Raises AnswerRefused or NotFound."""
        proposal = await self.get(actor, scope, message_id)
        given = {**body, "examples": {proposal.language: [text]}} if (text := example_of(proposal)) else body
        await self._drafts.add(actor, name, given, _origin(proposal))
        await self.decide(actor, scope, message_id, "taken", name)

    async def teach(self, actor: Actor, scope: Scope, message_id: UUID, answer_id: str) -> None:
        """A draft of an existing answer, with the agent's words below its text and the question as an example: the editor puts them where
        they belong. Raises NotFound, Refused, AnswerRefused or SavedMeanwhile."""
        proposal = await self.get(actor, scope, message_id)
        kept = await self._drafts.get(actor, answer_id)
        texts: Mapping[str, Any] = kept.body["texts"]
        own = texts.get(proposal.language)
        if own is None:
            raise Refused(
                "no_language", "That answer is not written in this language yet. Nothing was changed."
            )
        added = {**own, "text": f"{own['text'].rstrip()}\n\n{proposal.sent.strip()}"}
        body = {**kept.body, "texts": {**texts, proposal.language: added}}
        if text := example_of(proposal):
            before: Mapping[str, Sequence[str]] = kept.body.get("examples") or {}
            known = list(before.get(proposal.language, ()))
            if text.casefold() not in {one.casefold() for one in known}:
                body["examples"] = {**before, proposal.language: [*known, text]}
        await self._drafts.save(actor, answer_id, body, kept.newest, _origin(proposal))
        await self.decide(actor, scope, message_id, "taken", answer_id)

    async def decide(
        self, actor: Actor, scope: Scope, message_id: UUID, decision: Decision, answer_id: str | None = None
    ) -> None:
        """It is off the list. Nothing happens if somebody decided before."""
        require(actor, Permission.REVIEW_PROPOSALS)
        async with self._store.transaction() as transaction:
            if await proposals.set_decision(transaction, scope, message_id, decision, answer_id):
                await audit.record(
                    transaction, actor.agent_id, "proposal", None, self._clock(),
                    message=str(message_id), decision=decision, answer=answer_id or "",
                )  # fmt: skip


def masked(proposal: Proposal) -> Proposal:
    """Without what could name the citizen."""
    question = mask_question(proposal.question, proposal.names)
    return replace(proposal, question=question, sent=mask_text(proposal.sent, proposal.names), names=())


def example_of(proposal: Proposal) -> str | None:
    """The question of a masked proposal, if it can train the assistant: short, and nothing was taken out of it."""
    text = proposal.question
    return text if text and len(text) <= LONGEST_EXAMPLE and not is_masked(text) else None


def _origin(proposal: Proposal) -> str:
    by = proposal.agent_name or "an agent"
    return f"From a reply that {by} wrote on {proposal.created_at.date().isoformat()}."
