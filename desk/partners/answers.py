"""Parses a partner's answer strictly: in the response to our call, or later in its own call. Pure."""

from typing import Annotated, Literal

import msgspec

ANSWER_BYTES = 4_096
"""More is no answer."""
LONGEST_REASON = 500
_REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9./_-]*\Z"


class PartnerAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """`reference` is the partner's number, which the citizen is given; `reason` are words to our agents alone."""

    state: Literal["pending", "accepted", "declined"]
    reference: Annotated[str, msgspec.Meta(max_length=40, pattern=_REFERENCE)] | None = None
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON)] | None = None


def is_reference(text: str) -> bool:
    """Whether it can be a partner's number."""
    try:
        msgspec.convert({"state": "accepted", "reference": text}, PartnerAnswer)
    except msgspec.ValidationError:
        return False
    return True


def read_answer(body: bytes) -> PartnerAnswer | None:
    """None for what is none."""
    if len(body) > ANSWER_BYTES:
        return None
    try:
        return msgspec.json.decode(body, type=PartnerAnswer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
