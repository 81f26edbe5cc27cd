"""Data for the public report on the assistant: totals by language, and recalls. No citizens' texts, no ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.store.pool import Executor


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """Sums over a time. `helped` of `rated` said that an answer helped, `correct` of `judged` were right by editors' own marks;
    `people`: how many asked at all."""

    language: str
    people: int
    questions: int
    answered: int
    unanswered: int
    handed_off: int
    rated: int
    helped: int
    judged: int
    correct: int


@dataclass(frozen=True, slots=True)
class RecalledAnswer:
    """A wrong answer that was corrected: when, with which words by language, and how many people were told: in all, and by the language
    of their conversation."""

    answer_id: str
    at: datetime
    texts: Mapping[str, str]
    told: int
    told_in: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class UnansweredTopic:
    """Questions of one meaning and language that were not answered, and how many people asked. `title` by language is what editors call
    them; without it `answer_id` is what they made of it."""

    title: Mapping[str, str]
    answer_id: str | None
    language: str
    people: int


async def list_by_language(
    executor: Executor, since: datetime, topics: Sequence[str]
) -> list[LanguageFigures]:
    """Those of messages since then that the assistant took; `topics` are the intents that have an answer."""
    rows = await executor.fetch(
        """WITH asked AS (
               SELECT coalesce(m.language, '') AS language, count(DISTINCT coalesce(c.person_id, c.id)) AS people,
                      count(*) AS questions,
                      count(*) FILTER (WHERE t.outcome = 'answered' AND t.intent = ANY($2)) AS answered,
                      count(*) FILTER (WHERE t.intent = 'nlu_fallback' AND t.form IS NULL) AS unanswered,
                      count(*) FILTER (WHERE t.outcome = 'handed_off') AS handed_off
               FROM turns t JOIN messages m ON m.id = t.message_id JOIN contacts c ON c.id = m.contact_id
               WHERE t.created_at >= $1 GROUP BY 1
           ), said AS (
               SELECT v.language, count(*) AS rated, count(*) FILTER (WHERE r.helpful) AS helped
               FROM answer_ratings r JOIN conversations v ON v.id = r.conversation_id
               WHERE r.rated_at >= $1 GROUP BY 1
           ), marked AS (
               SELECT coalesce(m.language, '') AS language, count(*) AS judged, count(*) FILTER (WHERE k.correct) AS correct
               FROM answer_marks k JOIN messages m ON m.id = k.message_id WHERE k.marked_at >= $1 GROUP BY 1
           )
           SELECT asked.*, coalesce(said.rated, 0) AS rated, coalesce(said.helped, 0) AS helped,
                  coalesce(marked.judged, 0) AS judged, coalesce(marked.correct, 0) AS correct
           FROM asked LEFT JOIN said USING (language) LEFT JOIN marked USING (language) ORDER BY questions DESC, language""",
        since, list(topics),
    )  # fmt: skip
    return [LanguageFigures(**dict(row)) for row in rows]


async def list_recalled(executor: Executor, limit: int) -> list[RecalledAnswer]:
    """The latest corrections that were approved."""
    rows = await executor.fetch(
        """SELECT r.answer_id, r.approved_at AS at, r.texts,
                  (SELECT count(*) FROM answer_recall_people p WHERE p.recall_id = r.id AND p.sent_at IS NOT NULL) AS told,
                  (SELECT coalesce(jsonb_object_agg(language, told), '{}') FROM (
                       SELECT coalesce(v.language, '') AS language, count(*) AS told
                       FROM answer_recall_people p JOIN conversations v ON v.id = p.conversation_id
                       WHERE p.recall_id = r.id AND p.sent_at IS NOT NULL GROUP BY 1) each) AS told_in
           FROM answer_recalls r WHERE r.approved_at IS NOT NULL AND r.dropped_at IS NULL
           ORDER BY r.approved_at DESC LIMIT $1""",
        limit,
    )
    return [RecalledAnswer(**dict(row)) for row in rows]


async def list_not_ours(executor: Executor, limit: int) -> list[Mapping[str, str]]:
    """Whom to ask instead, by language, of what editors said is not the city's to answer."""
    rows = await executor.fetch(
        """SELECT ask_instead FROM unanswered_groups WHERE decision = 'not_ours' ORDER BY decided_at DESC, id LIMIT $1""",
        limit,
    )
    return [row["ask_instead"] for row in rows]


async def list_unanswered(
    executor: Executor, since: datetime, fewest: int, limit: int
) -> list[UnansweredTopic]:
    """What was asked since then and not answered, where an editor has named it and at least `fewest` people of a language asked."""
    rows = await executor.fetch(
        """SELECT g.topic AS title, CASE WHEN g.decision IN ('answer', 'examples') THEN g.answer_id END AS answer_id, q.language,
                  count(DISTINCT coalesce(c.person_id, c.id)) AS people
           FROM unanswered_questions q JOIN unanswered_groups g ON g.id = q.group_id JOIN contacts c ON c.id = q.contact_id
           WHERE q.asked_at >= $1 AND (g.topic <> '{}' OR g.decision IN ('answer', 'examples'))
           GROUP BY g.id, q.language HAVING count(DISTINCT coalesce(c.person_id, c.id)) >= $2
           ORDER BY people DESC, g.id, q.language LIMIT $3""",
        since, fewest, limit,
    )  # fmt: skip
    return [UnansweredTopic(**dict(row)) for row in rows]
