"""Tokens of the provider: signature, issuer, audience, times and what they answer (authlib and joserfc do the checking).

TokenRefused carries one word; the token itself is never in a message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from authlib.oauth2.claims import JWTClaims
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Signatures with a key pair only: a token that is "signed" with a public key, or with none, is refused."""
BACK_CHANNEL = "http://schemas.openid.net/event/backchannel-logout"
LONGEST = 20_000
LOGOUT_AGE = 120
"""Seconds since a sign-out token was issued."""


class TokenRefused(Exception):
    """Not a token for us."""


class UnknownKey(TokenRefused):
    """Signed with a key that is not in the set: perhaps it is new."""


@dataclass(frozen=True, slots=True)
class Expected:
    """The required claims of a token. `leeway` is the allowed clock difference, in seconds."""

    issuer: str
    client_id: str
    leeway: int


def read_id_token(
    token: str, keys: KeySet, expected: Expected, *, nonce: str, access_token: str, now: datetime
) -> Mapping[str, Any]:
    """The claims of an ID token that answers the request with this nonce. Raises TokenRefused or UnknownKey."""
    decoded = _decode(token, keys)
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "iat": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        },
        params={"nonce": nonce, "client_id": expected.client_id, "access_token": access_token},
    )
    _validate(claims, expected, now)
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise TokenRefused("sub")
    return dict(claims)


def read_logout_token(token: str, keys: KeySet, expected: Expected, now: datetime) -> Mapping[str, Any]:
    """The claims of a back-channel sign-out: `sub`, `sid`, or both. Raises TokenRefused or UnknownKey."""
    decoded = _decode(token, keys)
    if decoded.header.get("typ") not in (None, "logout+jwt", "JWT"):
        raise TokenRefused("typ")
    claims = JWTClaims(
        decoded.claims,
        decoded.header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
            "iat": {"essential": True},
            "jti": {"essential": True},
        },
    )
    _validate(claims, expected, now)
    events = claims.get("events")
    if "nonce" in claims or not isinstance(events, dict) or not isinstance(events.get(BACK_CHANNEL), dict):
        raise TokenRefused("events")
    if abs(now.timestamp() - claims["iat"]) > LOGOUT_AGE + expected.leeway:
        raise TokenRefused("iat")
    if not any(isinstance(claims.get(name), str) and claims[name] for name in ("sub", "sid")):
        raise TokenRefused("sub")
    return dict(claims)


def _decode(token: str, keys: KeySet) -> jwt.Token:
    if len(token) > LONGEST:
        raise TokenRefused("size")
    try:
        return jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    except InvalidKeyIdError:
        raise UnknownKey("kid") from None
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenRefused(type(error).__name__) from None


def _validate(claims: JWTClaims, expected: Expected, now: datetime) -> None:
    try:
        claims.validate(now=int(now.timestamp()), leeway=expected.leeway)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(getattr(error, "claim", None) or type(error).__name__) from None
