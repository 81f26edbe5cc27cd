"""Meta's signature, and forgeries of every kind that some software has accepted."""

import hmac
from collections.abc import Mapping

from channels.base import Webhook

APP_SECRET = "an-app-secret-of-the-tests"
VERIFY_TOKEN = "a-verify-token-of-the-tests"
TOKEN = "EAAtoken-of-the-tests"


def deliver(body: bytes) -> Webhook:
    """As Meta posts it."""
    return signed(body, APP_SECRET)


def signed(body: bytes, secret: str) -> Webhook:
    """With the right signature by this secret."""
    return _signed(body, f"sha256={_hex(secret, body, 'sha256')}")


def forgeries(body: bytes) -> Mapping[str, Webhook]:
    """Everything that is not Meta's signature of these bytes."""
    right = _hex(APP_SECRET, body, "sha256")
    sha1, md5 = _hex(APP_SECRET, body, "sha1"), _hex(APP_SECRET, body, "md5")
    return {
        "no signature": Webhook(headers={}, body=body),
        "empty": _signed(body, ""),
        "another secret": _signed(body, f"sha256={_hex('guess', body, 'sha256')}"),
        "an empty secret": _signed(body, f"sha256={_hex('', body, 'sha256')}"),
        "of another body": _signed(body + b" ", f"sha256={right}"),
        "without its prefix": _signed(body, right),
        "in capitals": _signed(body, f"sha256={right.upper()}"),
        "cut short": _signed(body, f"sha256={right[:-1]}"),
        "not ASCII": _signed(body, f"sha256={right[:-1]}é"),
        "sha1 in the new header": _signed(body, f"sha1={sha1}"),
        "md5 in the new header": _signed(body, f"md5={md5}"),
        "an algorithm nobody has": _signed(body, "nothing=1"),
        "sha1 in the old header": Webhook({"x-hub-signature": f"sha1={sha1}"}, body),
        "md5 in the old header": Webhook({"x-hub-signature": f"md5={md5}"}, body),
        "sha256 in the old header": Webhook({"x-hub-signature": f"sha256={right}"}, body),
    }


def _signed(body: bytes, signature: str) -> Webhook:
    return Webhook(headers={"content-type": "application/json", "x-hub-signature-256": signature}, body=body)


def _hex(secret: str, body: bytes, algorithm: str) -> str:
    return hmac.new(secret.encode(), body, algorithm).hexdigest()
