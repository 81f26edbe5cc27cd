"""How much of their capacity agents have in hand: as SQL, part of other statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

WHOLE = 100

# $1 inboxes, $2 their weights, $3 how long a conversation that waits for the citizen still counts.
LOADS = """
    SELECT h.agent_id, sum(coalesce(w.weight, 100)) AS load FROM (
        SELECT v.agent_id, v.inbox FROM conversations v
        WHERE v.agent_id IS NOT NULL AND (v.state = 'assigned'
            OR (v.state = 'waiting_on_contact' AND v.updated_at > clock_timestamp() - $3::interval))
        UNION ALL
        SELECT o.agent_id, v.inbox FROM conversation_offers o JOIN conversations v ON v.id = o.conversation_id
        WHERE o.outcome IS NULL) h
    LEFT JOIN unnest($1::text[], $2::int[]) AS w (inbox, weight) ON w.inbox = h.inbox
    GROUP BY h.agent_id"""


@dataclass(frozen=True, slots=True)
class Measure:
    """The first three parameters of every statement that contains LOADS."""

    inboxes: Sequence[str]
    weights: Sequence[int]
    quiet_after: timedelta

    @property
    def values(self) -> tuple[list[str], list[int], timedelta]:
        """As parameters."""
        return list(self.inboxes), list(self.weights), self.quiet_after
