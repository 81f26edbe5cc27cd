"""The LINE account: what its refusals mean, and what an operator should know about it."""

from collections.abc import Mapping

from channels.errors import ChannelError, InboxBroken, RetryLater, Undeliverable, Unreachable
from channels.kit.calls import Calls, ProviderResponse
from channels.messages import Finding

ENDPOINT = "v2/bot/channel/webhook/endpoint"
MONTH_IS_FULL = "monthly limit"
ACCOUNT_REFUSED = {
    401: "the channel access token is not valid any more",
    403: "this account may not send so",
}
NOBODY_THERE = ("Failed to send messages", "The property, 'to',", "Not found")  # how a 400 or 404 begins


def raise_for(answer: ProviderResponse) -> None:
    """Raises the error that matches LINE's refusal."""
    if answer.fine:
        return
    code, words = str(answer.status), said(answer)
    if answer.status == 429 and MONTH_IS_FULL in words:
        raise InboxBroken("the month's messages are used up: buy more, or set free_replies", code)
    answer.raise_if_busy("inbox")
    if answer.status in ACCOUNT_REFUSED:
        raise InboxBroken(f"LINE refuses this account: {ACCOUNT_REFUSED[answer.status]}", code)
    if answer.status in (400, 404) and words.startswith(NOBODY_THERE):
        raise Unreachable("LINE knows nobody of this id", code)
    raise Undeliverable(f"LINE refused it: {words[:120]}", code)


def said(answer: ProviderResponse) -> str:
    """LINE's own words for a refusal."""
    return str(answer.fields.get("message") or "")


async def look(calls: Calls, webhook_url: str) -> list[Finding]:
    """The account, the webhook (LINE calls it once, if it is ours), and the rest of the month's messages.
    Raises nothing."""
    try:
        bot, hook, quota, used = [
            await _get(calls, path)
            for path in ("v2/bot/info", ENDPOINT, "v2/bot/message/quota", "v2/bot/message/quota/consumption")
        ]
    except ChannelError as error:
        return [_trouble(error)]
    endpoint, most, spent = hook.get("endpoint"), quota.get("value"), used.get("totalUsage")
    full = isinstance(most, int) and isinstance(spent, int) and spent >= most
    reached = [await _reached(calls, webhook_url)] if endpoint == webhook_url else []
    return [
        Finding(f"the token belongs to {bot.get('displayName')} ({bot.get('basicId')})", True),
        _finding(
            "the webhook is registered",
            endpoint == webhook_url,
            f"LINE posts to {endpoint}, not to {webhook_url}. Run this again with REGISTER=1 to change that.",
        ),
        _finding(
            "the webhook is switched on",
            hook.get("active") is True,
            "Switch on 'Use webhook' in the LINE Developers Console, Messaging API.",
        ),
        _finding(
            "messages are left this month",
            not full,
            f"{spent} of {most} are sent. Buy more in the LINE Official Account Manager, or set free_replies.",
        ),
        *reached,
    ]


async def register(calls: Calls, webhook_url: str) -> list[Finding]:
    """Set the webhook's address; `look` then makes LINE call it. Raises nothing."""
    try:
        raise_for(await calls.post(ENDPOINT, {"endpoint": webhook_url}, method="PUT"))
    except ChannelError as error:
        return [_trouble(error)]
    return [Finding(f"LINE now posts to {webhook_url}", True)]


async def _reached(calls: Calls, webhook_url: str) -> Finding:
    """LINE posts a signed batch without events, which shows whether the channel secret is right."""
    try:
        answer = await calls.post("v2/bot/channel/webhook/test", {"endpoint": webhook_url})
        raise_for(answer)
    except ChannelError as error:
        return _trouble(error)
    tried = answer.fields
    secret = " 403: the channel secret differs." if str(tried.get("detail")) == "403" else ""
    todo = f"It got: {tried.get('reason')} ({tried.get('detail')}).{secret or ' Is the gateway up?'}"
    return _finding("LINE reaches it, signed with our secret", tried.get("success") is True, todo)


async def _get(calls: Calls, path: str) -> Mapping[str, object]:
    answer = await calls.get(path)
    raise_for(answer)
    return answer.fields


def _finding(what: str, fine: bool, todo: str) -> Finding:
    return Finding(what, fine, "" if fine else todo)


def _trouble(error: ChannelError) -> Finding:
    later = isinstance(error, RetryLater)
    return Finding("LINE answers", False, f"{error}. {'Try again later.' if later else 'Issue a new token.'}")
