"""Compares Telegram's webhook settings with what we need."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from channels.messages import Finding
from channels.telegram.updates import UPDATES

WEBHOOK_PORTS = (443, 80, 88, 8443)
REGISTER = "Run this again with REGISTER=1 to change that."


def webhook_findings(info: Mapping[str, object], webhook_url: str) -> list[Finding]:
    """Compare the result of getWebhookInfo with what we need."""
    updates = info.get("allowed_updates") or list(UPDATES)
    missing = sorted(set(UPDATES) - set(updates if isinstance(updates, list) else []))
    waiting, error = info.get("pending_update_count") or 0, str(info.get("last_error_message") or "")
    findings = [
        Finding(
            "the webhook's address is one that Telegram calls",
            _reachable(webhook_url),
            f"Telegram calls https:// on port 443, 80, 88 or 8443 only, not {webhook_url}. Set the public URL.",
        ),
        Finding(
            "the webhook is registered",
            info.get("url") == webhook_url,
            f"Telegram posts to {info.get('url') or 'nobody'}, not to {webhook_url}. {REGISTER}",
        ),
        Finding(
            "Telegram sends every kind of update we read",
            not missing,
            f"It does not send {', '.join(missing)}. {REGISTER}",
        ),
        Finding(
            "nothing waits at Telegram",
            not (waiting and error),
            f"{waiting} updates wait. The last error was: {error}. If it is 403, the secret differs. {REGISTER}",
        ),
    ]
    return [Finding(one.what, one.fine, "" if one.fine else one.todo) for one in findings]


def _reachable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and (parts.port or 443) in WEBHOOK_PORTS
    except ValueError:
        return False
