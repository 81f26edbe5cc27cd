"""What Telegram's error codes mean for us."""

from channels.base import ChannelError, Finding, InboxBroken, RetryLater, Undeliverable, Unreachable
from channels.kit.calls import ProviderResponse

ACCOUNT_REFUSED = {401: "the token is not valid any more", 404: "there is no bot with this token"}
NOBODY_THERE = (
    # Of the 400s, by the start of the text after "Bad Request: "; every 403 also counts.
    *("chat not found", "user not found", "PEER_ID_INVALID", "USER_ID_INVALID", "chat_id is empty"),
    *("USER_IS_BLOCKED", "USER_IS_DEACTIVATED", "INPUT_USER_DEACTIVATED"),
)


def raise_for(answer: ProviderResponse) -> None:
    """What Telegram's error codes mean for us."""
    if answer.fine:
        return
    parameters = answer.fields.get("parameters")
    more = parameters if isinstance(parameters, dict) else {}
    if answer.status == 429:
        wait = more.get("retry_after")
        after = float(wait) if isinstance(wait, int) and 0 < wait < 86_400 else answer.after
        raise RetryLater("Telegram asks the whole bot to wait", after, scope="inbox")
    answer.raise_if_busy("inbox")
    code = str(answer.status)
    reason = str(answer.fields.get("description") or "").removeprefix("Bad Request: ")[:120]
    if answer.status in ACCOUNT_REFUSED:
        raise InboxBroken(f"Telegram refuses this bot: {ACCOUNT_REFUSED[answer.status]}", code)
    if "migrate_to_chat_id" in more:
        raise Undeliverable("the chat has a new id", code)
    if answer.status == 403 or reason.startswith(NOBODY_THERE):
        raise Unreachable(f"nobody is there any more: {reason}", code)
    raise Undeliverable(f"Telegram refused it: {reason}", code)


def finding_of(error: ChannelError) -> Finding:
    """What the operator is told when a check fails."""
    todo = "Copy the token again from @BotFather." if isinstance(error, InboxBroken) else "Try again later."
    return Finding("Telegram answers", False, f"{error}. {todo}")
