"""What Telegram says about the webhook, against what we need."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from channels.messages import Finding
from channels.telegram_updates import UPDATES

WEBHOOK_PORTS = (443, 80, 88, 8443)


def webhook_findings(info: Mapping[str, object], webhook_url: str) -> list[Finding]:
    """What getWebhookInfo says, against what we need."""
    parts = urlsplit(webhook_url)
    reachable = parts.scheme == "https" and (parts.port or 443) in WEBHOOK_PORTS
    updates = info.get("allowed_updates") or list(UPDATES)
    missing = sorted(set(UPDATES) - set(updates if isinstance(updates, list) else []))
    waiting, error = info.get("pending_update_count") or 0, str(info.get("last_error_message") or "")
    findings = [
        Finding(
            "the webhook's address is one that Telegram calls",
            reachable,
            f"Telegram calls https:// on port 443, 80, 88 or 8443 only, not {webhook_url}. Set the public URL.",
        ),
        Finding(
            "the webhook is registered",
            info.get("url") == webhook_url,
            f"Telegram posts to {info.get('url') or 'nobody'}. Register {webhook_url}.",
        ),
        Finding(
            "Telegram sends every kind of update we read",
            not missing,
            f"It does not send {', '.join(missing)}. Register the webhook again.",
        ),
        Finding(
            "nothing waits at Telegram",
            not (waiting and error),
            f"{waiting} updates wait. The last error was: {error}. If it is 403, the secret differs: register again.",
        ),
    ]
    return [Finding(one.what, one.fine, "" if one.fine else one.todo) for one in findings]
