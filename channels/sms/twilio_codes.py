"""What Twilio's error codes mean for the desk. Source: twilio.com/docs/api/errors."""

from channels.base import InboxBroken, RetryLater, Unreachable
from channels.kit.calls import ProviderResponse

WAIT_SECONDS = {20429: 5.0, 14107: 5.0, 21611: 60.0, 30001: 30.0}
"""Too many requests at once, or the number's queue is full: the whole inbox waits."""
REFUSED_ACCOUNT = {
    20003: "Twilio refuses the account and its token",
    20005: "the Twilio account is not active",
    10001: "the Twilio account is not active",
    20008: "test credentials cannot send",
    20403: "Twilio forbids the account to send",
    20404: "Twilio knows no such account",
    21603: "no number to send from",
    21606: "the number to send from is not the account's, or sends no SMS",
    21659: "the number to send from is not the account's",
    21660: "the number to send from is another account's",
    21701: "there is no such messaging service",
    21703: "the messaging service has no numbers",
    30002: "the Twilio account is suspended",
}
UNREACHABLE = {
    21610: "the contact said STOP",
    21211: "this is no phone number",
    21612: "this number cannot be reached from ours",
    21614: "this number takes no SMS",
    30003: "the phone is off or out of reach",
    30005: "the number does not exist",
    30006: "a landline, or a carrier that takes no SMS",
}


def code_of(answer: ProviderResponse) -> str | None:
    """The code in an answer of Twilio's, if there is one."""
    code = answer.fields.get("code")
    return str(code) if isinstance(code, int) and not isinstance(code, bool) else None


def raise_for(answer: ProviderResponse) -> None:
    """Raises what the code means; returns if it concerns only this message."""
    code = code_of(answer)
    number = int(code) if code else 0
    if number in WAIT_SECONDS:
        raise RetryLater(f"Twilio is busy ({code})", answer.after or WAIT_SECONDS[number], scope="inbox")
    if number in REFUSED_ACCOUNT:
        raise InboxBroken(REFUSED_ACCOUNT[number], code)
    if number in UNREACHABLE:
        raise Unreachable(UNREACHABLE[number], code)
    answer.raise_if_busy("inbox")
    # A 403 with its own code concerns this message: a country the account may not send to (21408).
    if answer.status == 401 or (answer.status == 403 and code is None):
        raise InboxBroken("Twilio refuses the account and its token", code or str(answer.status))
