"""Tokens that were not issued by our provider, for us, now, for this request. Each differs from a valid one in a single respect."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from desk.people.provider.tokens import (
    BACK_CHANNEL,
    Expected,
    TokenRefused,
    UnknownKey,
    read_id_token,
    read_logout_token,
)

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
KEY = RSAKey.generate_key(2048, {"kid": "one", "alg": "RS256", "use": "sig"})
KEYS = KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})
EXPECTED = Expected("https://id.city.example", "civicdesk", 60)
CLAIMS: dict[str, Any] = {
    "iss": EXPECTED.issuer, "aud": "civicdesk", "sub": "u-17", "nonce": "n", "iat": AT, "exp": AT + 300,
}  # fmt: skip
LOGOUT: dict[str, Any] = {
    "iss": EXPECTED.issuer, "aud": "civicdesk", "sub": "u-17", "iat": AT, "exp": AT + 120, "jti": "j",
    "events": {BACK_CHANNEL: {}},
}  # fmt: skip


def signed(claims: Mapping[str, Any], key: Any = KEY, **header: Any) -> str:
    return jwt.encode(
        {"alg": "RS256", "kid": "one"} | header, dict(claims), key, algorithms=["RS256", "HS256", "ES256"]
    )


def read(token: str) -> Mapping[str, Any]:
    return read_id_token(token, KEYS, EXPECTED, nonce="n", access_token="a", now=NOW)


def without(claims: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in names}


@pytest.mark.parametrize(
    "claims",
    [
        CLAIMS,
        CLAIMS | {"aud": ["civicdesk"]},
        CLAIMS | {"aud": ["civicdesk", "other"], "azp": "civicdesk"},
        CLAIMS | {"iat": AT + 50, "exp": AT - 50},  # clocks differ by less than a minute
    ],
)
def test_a_token_for_us_is_taken(claims: dict[str, Any]) -> None:
    assert read(signed(claims))["sub"] == "u-17"


@pytest.mark.parametrize(
    "claims",
    [
        *(without(CLAIMS, name) for name in CLAIMS),
        CLAIMS | {"iss": "https://id.city.example/"},
        CLAIMS | {"iss": "https://evil.example"},
        CLAIMS | {"aud": "another"},
        CLAIMS | {"aud": []},
        CLAIMS | {"aud": ["another"]},
        CLAIMS | {"aud": ["civicdesk", "other"], "azp": "other"},
        CLAIMS | {"nonce": "m"},
        CLAIMS | {"nonce": ""},
        CLAIMS | {"exp": AT - 61},
        CLAIMS | {"iat": AT + 61},
        CLAIMS | {"nbf": AT + 61},
        CLAIMS | {"sub": ""},
        CLAIMS | {"sub": 17},
        CLAIMS | {"sub": "x" * 256},
        CLAIMS | {"exp": "tomorrow"},
        CLAIMS | {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
)
def test_what_differs_in_one_claim_is_refused(claims: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        read(signed(claims))


def test_signatures_of_others_and_tricks_with_the_algorithm_are_refused() -> None:
    thief = RSAKey.generate_key(2048, {"kid": "one"})
    curve = ECKey.generate_key("P-256", {"kid": "one"})
    by_hand = {
        alg: ".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": alg, "kid": "one"}, CLAIMS))
        for alg in ("none", "HS256")
    }
    # The public key as the secret: whoever checks with "the key" and the token's own algorithm is fooled.
    public = KEY.as_pem(private=False)
    confused = _encoded(hmac.new(public, by_hand["HS256"].encode(), hashlib.sha256).digest())
    good = signed(CLAIMS)
    for token in (
        signed(CLAIMS, thief),
        signed(CLAIMS, curve, alg="ES256"),
        f"{by_hand['HS256']}.{confused}",
        f"{by_hand['none']}.",
        good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBB"),
        good + "A" * 20_000,
        "",
        "a.b.c",
        "é",
    ):
        with pytest.raises(TokenRefused) as refused:
            read(token)
        assert len(str(refused.value)) < 40, "never the token itself"
    with pytest.raises(UnknownKey):
        read(signed(CLAIMS, kid="two"))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.mark.parametrize(
    "claims",
    [
        LOGOUT | {"nonce": "n"},
        LOGOUT | {"events": {}},
        LOGOUT | {"events": {BACK_CHANNEL: "yes"}},
        LOGOUT | {"iat": AT - 181},
        LOGOUT | {"aud": "another"},
        LOGOUT | {"iss": "https://evil.example"},
        without(LOGOUT, "sub"),
        without(LOGOUT, "jti"),
        without(LOGOUT, "iat"),
        without(LOGOUT, "events"),
        CLAIMS,  # an ID token ends nothing
    ],
)
def test_a_sign_out_must_be_one(claims: dict[str, Any]) -> None:
    assert read_logout_token(signed(LOGOUT, typ="logout+jwt"), KEYS, EXPECTED, NOW)["sub"] == "u-17"
    assert read_logout_token(signed(without(LOGOUT, "sub") | {"sid": "s"}), KEYS, EXPECTED, NOW)["sid"] == "s"
    with pytest.raises(TokenRefused):
        read_logout_token(signed(claims), KEYS, EXPECTED, NOW)
    with pytest.raises(TokenRefused):
        read_id_token(signed(LOGOUT), KEYS, EXPECTED, nonce="n", access_token="a", now=NOW)
