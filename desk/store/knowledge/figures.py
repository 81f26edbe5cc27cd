"""How often each answer was given, helped, and was followed by a handoff: counted by day, without who got it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desk.store.pool import Executor

SHOWN = 90
"""Days that the console shows, and that are counted the first time."""


def shown_since(today: date) -> date:
    """The first day of the time that the console shows."""
    return today - timedelta(days=SHOWN - 1)


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Sums over a time. `handed_off`: a person was asked for within an hour, and no other answer was given before."""

    given: int = 0
    handed_off: int = 0
    helpful: int = 0
    unhelpful: int = 0

    @property
    def rated(self) -> int:
        """How often somebody said whether it helped."""
        return self.helpful + self.unhelpful


async def set_days(executor: Executor, since: datetime, zone: str) -> None:
    """Count again from `since` on, which is the beginning of a day in this time zone."""
    await executor.execute(
        """WITH given AS (
               SELECT m.conversation_id, m.seq, m.created_at, m.content->'source'->>'answer' AS answer_id,
                      (m.created_at AT TIME ZONE $2)::date AS day
               FROM messages m
               WHERE m.content->'source' ? 'answer' AND m.author = 'bot' AND m.created_at >= $1
           ), counted AS (
               SELECT answer_id, day, count(*) AS given, count(*) FILTER (WHERE EXISTS (
                   SELECT FROM conversation_transitions t
                   WHERE t.conversation_id = g.conversation_id AND t.from_state = 'bot' AND t.to_state = 'queued'
                     AND t.at >= g.created_at AND t.at < g.created_at + interval '1 hour'
                     AND NOT EXISTS (SELECT FROM messages o WHERE o.conversation_id = g.conversation_id AND o.seq > g.seq
                                     AND o.content->'source' ? 'answer' AND o.created_at <= t.at))) AS handed_off
               FROM given g GROUP BY answer_id, day
           ), rated AS (
               SELECT answer_id, (rated_at AT TIME ZONE $2)::date AS day, count(*) FILTER (WHERE helpful) AS helpful,
                      count(*) FILTER (WHERE NOT helpful) AS unhelpful
               FROM answer_ratings WHERE rated_at >= $1 GROUP BY 1, 2
           )
           INSERT INTO answer_days (answer_id, day, given, handed_off, helpful, unhelpful)
           SELECT answer_id, day, coalesce(given, 0), coalesce(handed_off, 0), coalesce(helpful, 0), coalesce(unhelpful, 0)
           FROM counted FULL JOIN rated USING (answer_id, day)
           ON CONFLICT (answer_id, day) DO UPDATE SET given = excluded.given, handed_off = excluded.handed_off,
               helpful = excluded.helpful, unhelpful = excluded.unhelpful""",
        since, zone,
    )  # fmt: skip


async def list_figures(executor: Executor, since: date) -> Mapping[str, AnswerFigures]:
    """The sums from that day on, by answer; those without any are left out."""
    rows = await executor.fetch(
        """SELECT answer_id, sum(given)::int AS given, sum(handed_off)::int AS handed_off,
                  sum(helpful)::int AS helpful, sum(unhelpful)::int AS unhelpful
           FROM answer_days WHERE day >= $1 GROUP BY answer_id""",
        since,
    )
    return {
        row["answer_id"]: AnswerFigures(row["given"], row["handed_off"], row["helpful"], row["unhelpful"])
        for row in rows
    }


async def is_counted(executor: Executor) -> bool:
    """Whether anything was counted yet."""
    return bool(await executor.fetchval("SELECT EXISTS (SELECT FROM answer_days)"))
