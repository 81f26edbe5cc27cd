"""Whom not to answer: machines, lists, and mails that say so themselves.

Source: RFC 3834 (automatic responses), RFC 2919 (List-Id), Microsoft's X-Auto-Response-Suppress.
"""

import re
from collections import OrderedDict, deque
from collections.abc import Mapping

PRECEDENCES = frozenset({"bulk", "list", "junk", "auto_reply"})
SUPPRESSES = frozenset({"all", "oof", "autoreply"})  # the others suppress receipts, not answers
MARKS = ("list-id", "list-unsubscribe", "list-post", "x-autoreply", "x-autorespond", "x-failed-recipients")
ANSWERS_AN_HOUR = 30
"""To one address. A person is not that quick; a robot that hides what it is would be."""
REMEMBERED = 10_000  # addresses
NOBODY = re.compile(
    r"(mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?|nobody|owner-.*|.*-(request|bounces?))"
    r"([-+=].*)?"
)


def robot(headers: Mapping[str, str], sender: str) -> str | None:
    """Why this mail must not be answered, None if it may be. `headers` have lower-case names."""
    submitted = headers.get("auto-submitted", "").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted[:32]}"
    precedence = headers.get("precedence", "").strip().lower()
    if precedence in PRECEDENCES:
        return f"Precedence: {precedence}"
    wishes = {wish.strip().lower() for wish in headers.get("x-auto-response-suppress", "").split(",")}
    if wishes & SUPPRESSES:
        return "X-Auto-Response-Suppress"
    for mark in MARKS:
        if mark in headers:
            return mark
    if headers.get("return-path", "-").strip().strip("<>").strip() == "":
        return "the null return path"
    if headers.get("content-type", "").strip().lower().startswith("multipart/report"):
        return "a report"
    if NOBODY.fullmatch(sender.rpartition("@")[0].lower()):
        return "an address nobody reads"
    return None


class Answers:
    """How often one address was answered by a machine. In this process: the desk's own rates hold over all of them."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def may(self, address: str, now: float) -> bool:
        """Counts one more answer, unless it would be one too many. `now` in seconds of any clock."""
        times = self._times.setdefault(address.lower(), deque())
        self._times.move_to_end(address.lower())
        while len(self._times) > REMEMBERED:
            self._times.popitem(last=False)
        while times and times[0] <= now - 3600:
            times.popleft()
        if len(times) >= ANSWERS_AN_HOUR:
            return False
        times.append(now)
        return True
