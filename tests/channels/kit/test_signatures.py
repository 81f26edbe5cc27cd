"""Signatures: known results, and everything else refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import NotAuthentic
from channels.kit.signatures import SharedSecret, Signature

BODY = b"what do ya want for nothing?"
# RFC 4231, test case 2: key "Jefe".
KNOWN = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_known_answers() -> None:
    assert Signature("Jefe", prefix="sha256=").of(BODY) == f"sha256={KNOWN}"
    assert Signature("Jefe", encoding="base64").of(BODY) == "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="
    # RFC 2202, test case 2.
    assert Signature("Jefe", algorithm="sha1").of(BODY) == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"


def test_the_right_one_passes_and_one_byte_less_does_not() -> None:
    signature = Signature("Jefe", prefix="sha256=")
    signature.check(BODY, f"sha256={KNOWN}")
    with pytest.raises(NotAuthentic):
        signature.check(BODY[:-1], f"sha256={KNOWN}")
    with pytest.raises(NotAuthentic):
        signature.check(BODY, KNOWN)


@given(st.one_of(st.none(), st.text(alphabet=st.characters(codec=None))))
def test_anything_else_is_refused(given_value: str | None) -> None:
    with pytest.raises(NotAuthentic):
        Signature("Jefe").check(BODY, given_value)
    with pytest.raises(NotAuthentic):
        SharedSecret("a secret").check(given_value)


def test_a_shared_secret() -> None:
    SharedSecret("schlüssel").check("schlüssel")


@pytest.mark.parametrize("secret", ["", "  "])
def test_an_unset_secret_does_not_start(secret: str) -> None:
    for make in (Signature, SharedSecret):
        with pytest.raises(ValueError, match="not set"):
            make(secret)
