"""Where the contact that was given with a request can be reached: an inbox for e-mail or SMS, and the address there. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from city import City

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.][^@\s]{0,250}\.[^@\s.]{2,63}")
_FEWEST, _MOST = 10, 15
"""Digits of a telephone number with its country's code."""


@dataclass(frozen=True, slots=True)
class GivenContact:
    """An inbox and the address in it. `shown` is how the citizen recognises it."""

    inbox: str
    external_id: str
    shown: str


class Reaching:
    """Reads the city's inboxes at each call: they can change."""

    def __init__(self, city: City) -> None:
        self._city = city

    def of(self, payload: Mapping[str, object]) -> GivenContact | None:
        """Where news of this request can go; None if no contact was given, or no inbox sends to it."""
        email = str(payload.get("email") or "").strip().lower()
        if (inbox := self._inbox("email")) and _EMAIL.fullmatch(email):
            return GivenContact(inbox, email, email)
        phone = str(payload.get("phone") or "")
        if (inbox := self._inbox("sms")) and (number := _international(phone, self._city.calling_code)):
            return GivenContact(inbox, number, phone.strip())
        return None

    def _inbox(self, channel: str) -> str | None:
        return next((one.name for one in self._city.inboxes if one.channel == channel), None)


def _international(phone: str, calling_code: str | None) -> str | None:
    """+15550199123; None if it cannot be written so."""
    digits = "".join(one for one in phone if one.isascii() and one.isdigit())
    if not phone.strip().startswith("+"):
        if digits.startswith("00"):
            digits = digits[2:]
        elif calling_code:
            digits = calling_code.lstrip("+") + digits.lstrip("0").removeprefix(
                calling_code.lstrip("+") if len(digits) > _FEWEST else ""
            )
        else:
            return None
    return f"+{digits}" if _FEWEST <= len(digits) <= _MOST else None
