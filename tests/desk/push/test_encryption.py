"""The encryption gives exactly the bytes of RFC 8291, Appendix A; keys that are none are refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from desk.push.encryption import BadKeys, check_keys, encrypt
from desk.push.keys import PushKeys


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


TEXT = b"When I grow up, I want to be a watermelon"
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = bytes_of("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
AUTH = bytes_of("BTBZMqHH6r4Tts7J_aSIgg")
SALT = bytes_of("DGv6ra1nlYgDCS1FRnbzlw")
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_bytes_are_those_of_the_rfc() -> None:
    private = ec.derive_private_key(int.from_bytes(bytes_of(SENDER)), ec.SECP256R1())
    assert encrypt(TEXT, RECEIVER, AUTH, private=private, salt=SALT, padded=0) == bytes_of(BODY)


def test_the_length_says_nothing_and_no_two_bodies_are_alike() -> None:
    bodies = [encrypt(text, RECEIVER, AUTH) for text in (b"", b"a", b"a", b"a" * 100)]
    assert len({len(body) for body in bodies}) == 1 and len(set(bodies)) == 4


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [(b"", AUTH), (RECEIVER[:-1], AUTH), (b"\x04" + bytes(64), AUTH), (RECEIVER, AUTH[:-1])],
    ids=["empty", "short", "off the curve", "short secret"],
)
def test_keys_that_are_none_are_refused(p256dh: bytes, auth: bytes) -> None:
    check_keys(RECEIVER, AUTH)
    with pytest.raises(BadKeys):
        check_keys(p256dh, auth)


def test_the_desks_key_depends_on_its_secret_alone() -> None:
    one, same, other = PushKeys(b"a", "x"), PushKeys(b"a", "y"), PushKeys(b"b", "x")
    assert one.public == same.public != other.public
    assert len(bytes_of(one.public)) == 65
