"""Recognises senders that must not be answered: machines, mailing lists, and mails that ask for no answer.

Source: RFC 3834 (automatic responses), RFC 2919 (List-Id), Microsoft's X-Auto-Response-Suppress.
"""

import re
from collections.abc import Mapping

PRECEDENCES = frozenset({"bulk", "list", "junk", "auto_reply"})
SUPPRESSES = frozenset({"all", "oof", "autoreply"})  # the others suppress receipts, not answers
MARKS = ("list-id", "list-unsubscribe", "list-post", "x-autoreply", "x-autorespond", "x-failed-recipients")
ANSWERS_AN_HOUR = 30
"""To one address. A person does not write that often; an undeclared robot would."""
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
