"""Maps the status words of the back ends to our own."""

import re

# "Closed" as servers write it: the specification, mySociety's vocabulary, Chicago, Boston, San Francisco. A
# word that is not listed counts as open: wrongly telling a citizen that work continues is the smaller error,
# and the back end's own word is stored along with ours.
CLOSED = frozenset(
    (
        "closed", "close", "fixed", "resolved", "solved", "completed", "complete", "done", "finished",
        "duplicate", "cancelled", "canceled", "rejected", "declined", "denied", "invalid", "unfounded",
        "archived", "withdrawn", "referred", "internal_referral", "unable_to_fix", "no_further_action",
        "no_action_required", "no_action_taken", "not_responsible", "not_councils_responsibility",
        "not_our_responsibility",
    )
)  # fmt: skip
_FIRST_WORD = ("closed", "fixed", "completed", "resolved", "cancelled", "canceled", "duplicate", "rejected")


def read_status(raw: str) -> str:
    """`open` or `closed`. "Fixed - council", "CLOSED", "Completed (duplicate)" are all closed."""
    word = re.sub(r"[^a-z]+", "_", raw.lower().replace("'", "")).strip("_")
    if word in CLOSED:
        return "closed"
    return "closed" if word.split("_", 1)[0] in _FIRST_WORD else "open"
