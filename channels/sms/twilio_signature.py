"""Verifies Twilio's signature over our public address and every parameter.

Source: twilio.com/docs/usage/webhooks/webhooks-security; the settings header from the twilio library 9.13.0.
"""

import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from channels.base import NotAuthentic, Webhook
from channels.kit.signatures import Signature

HEADER = "x-twilio-signature"
SETTINGS_HEADER = "x-twilio-webhooks-signature-settings"  # key=<id>,algorithm=HMAC_SHA256
FORM = "application/x-www-form-urlencoded"
BODY_HASH = "bodySHA256"
MOST_FIELDS = 1_000
DEFAULT_PORTS = {"https": 443, "http": 80}


class TwilioSignature:
    """Checks with the auth token, or with the shared key if the request says so and the inbox has one."""

    def __init__(self, auth_token: str, signing_key: str = "") -> None:
        self._token = Signature(auth_token, algorithm="sha1", encoding="base64")
        self._shared = Signature(signing_key, encoding="base64") if signing_key else None

    def check(self, request: Webhook) -> None:
        """Raises NotAuthentic. `request.url` is our configured address with the query that arrived."""
        signature = self._signature(request.headers.get(SETTINGS_HEADER, ""))
        given = request.headers.get(HEADER)
        signed = _signed_parameters(request)
        for address in addresses(request.url):
            try:
                return signature.check(address.encode("utf-8", "surrogatepass") + signed, given)
            except NotAuthentic as error:
                refusal = error
        raise refusal

    def _signature(self, settings: str) -> Signature:
        """We choose the algorithm: SHA-256 only with the shared key, SHA-1 only with the token."""
        named = dict(part.strip().split("=", 1) for part in settings.split(",") if "=" in part)
        algorithm = named.get("algorithm", "").upper()
        if not algorithm:
            return self._token
        if algorithm != "HMAC_SHA256":
            raise NotAuthentic("the signature's algorithm is not one we take")
        if self._shared is None:
            raise NotAuthentic("signed with a shared key, and this inbox has none (signing_key)")
        return self._shared


def addresses(url: str) -> tuple[str, str]:
    """The address with and without its port: Twilio may sign either."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    bare = f"[{host}]" if ":" in host else host
    port = parts.port or DEFAULT_PORTS.get(parts.scheme, 443)
    without = urlunsplit(parts._replace(netloc=bare, fragment=""))
    return without, urlunsplit(parts._replace(netloc=f"{bare}:{port}", fragment=""))


def fields(body: bytes) -> list[tuple[str, str]]:
    """The form's fields in order. Raises ValueError if the body is not a form."""
    return parse_qsl(
        body.decode("ascii"), keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_FIELDS
    )


def _signed_parameters(request: Webhook) -> bytes:
    """What is signed after the address: the form's fields, or nothing if the address contains the body's
    hash."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == FORM:
        try:
            given = fields(request.body)
        except ValueError:
            raise NotAuthentic("the form cannot be read") from None
        return "".join(name + value for name, value in sorted(set(given))).encode("utf-8", "surrogateescape")
    # A body that is not a form is signed only through its hash; without one it is not authenticated.
    stated = dict(parse_qsl(urlsplit(request.url).query)).get(BODY_HASH, "")
    if not hmac.compare_digest(
        hashlib.sha256(request.body).hexdigest().encode(), stated.lower().encode("utf-8", "surrogatepass")
    ):
        raise NotAuthentic("the body is not the one that was signed")
    return b""
