"""Maps the status words of the back ends to our own."""

import re
import unicodedata
from collections.abc import Mapping

# "Closed" as servers write it: the specification, mySociety's vocabulary, Chicago, Boston, San Francisco. A
# word that is not listed counts as open and as not understood: citizens are told the word itself, and never
# that something is finished.
CLOSED = frozenset(
    (
        "closed", "close", "case_closed", "fixed", "resolved", "solved", "completed", "complete", "done", "finished",
        "duplicate", "cancelled", "canceled", "rejected", "declined", "denied", "invalid", "unfounded",
        "archived", "withdrawn", "referred", "internal_referral", "unable_to_fix", "no_further_action",
        "no_action_required", "no_action_taken", "not_responsible", "not_councils_responsibility",
        "not_our_responsibility",
    )
)  # fmt: skip
NOT_OURS = frozenset(
    (
        "not_responsible", "not_councils_responsibility", "not_our_responsibility", "not_ours", "wrong_department",
        "not_city_responsibility", "out_of_jurisdiction", "outside_jurisdiction",
    )
)  # fmt: skip
"""Closed, because somebody else looks after it."""
OPEN = frozenset(
    (
        "open", "opened", "new", "submitted", "received", "acknowledged", "accepted", "registered", "assigned",
        "pending", "in_progress", "in_process", "investigating", "under_review", "action_scheduled", "scheduled", "planned",
        "for_triage", "unchanged", "reopen", "reopened", "re_opened",
    )
)  # fmt: skip
_STAGES = {
    "planned": "planned", "scheduled": "planned", "action_scheduled": "planned",
    "investigating": "investigating", "for_triage": "investigating", "under_review": "investigating",
    "in_progress": "in_progress", "in_process": "in_progress",
}  # fmt: skip
"""What an open request is at, for the words that say it."""
UNCHANGED = "unchanged"
"""mySociety's word for an update that only says something."""
_FIRST_WORD = ("closed", "fixed", "completed", "resolved", "cancelled", "canceled", "duplicate", "rejected")
# "Duplicate (open)", "Closed, then reopened": one of these keeps the first word from closing it.
_STILL = frozenset(("open", "opened", "reopen", "reopened", "pending", "progress", "partially", "awaiting"))


class StatusWords:
    """A back end's own words first, as city.yml lists them ("Cerrada": closed, "Ajena": not_ours), then those that many servers use."""

    def __init__(self, own: Mapping[str, str] | None = None) -> None:
        self._own = {folded_word(word): meaning for word, meaning in (own or {}).items()}

    def read(self, raw: str) -> tuple[str, bool]:
        """`open` or `closed`, and whether the word is known. An unknown word is never closed; no word at all is
        open."""
        word = folded_word(raw)
        if word in self._own:
            return ("open" if self._own[word] == "open" else "closed"), True
        if not word or word in OPEN:
            return "open", not raw.strip() or bool(word)
        if word in CLOSED:
            return "closed", True
        parts = word.split("_")
        if _STILL.intersection(parts):
            return "open", parts[0] in OPEN
        if self.is_not_ours(raw):
            return "closed", True
        return ("closed", True) if parts[0] in _FIRST_WORD else ("open", False)

    def stage(self, raw: str) -> str:
        """`planned`, `investigating`, `in_progress`, or "" if the word does not say, or means something else here."""
        return _STAGES.get(folded_word(raw), "") if self.read(raw) == ("open", True) else ""

    def is_not_ours(self, raw: str) -> bool:
        """Whether the word says that somebody else looks after it."""
        word = folded_word(raw)
        return self._own.get(word, "not_ours" if word in NOT_OURS else "") == "not_ours"


def folded_word(raw: str) -> str:
    """A status word without case, accents and signs, in any script: "Not council's responsibility" is
    "not_councils_responsibility"."""
    letters = unicodedata.normalize("NFKD", raw[:200].casefold().replace("'", ""))
    kept = "".join(one for one in letters if not unicodedata.combining(one))
    return re.sub(r"[\W_]+", "_", kept).strip("_")
