"""A message that only one browser can read: aes128gcm (RFC 8188) with keys as in RFC 8291. Pure except for the random values.

The library is imported on first use, because it takes 6 MB.
"""

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

RECORD = 4096
PADDED = 128
"""Bytes of every message before encryption: its length says nothing."""
POINT = 65  # bytes of an uncompressed point of P-256
AUTH = 16


class BadKeys(ValueError):
    """The browser's keys are none."""


def check_keys(p256dh: bytes, auth: bytes) -> None:
    """Raise BadKeys unless a message can be encrypted with these."""
    from cryptography.hazmat.primitives.asymmetric import ec

    if len(p256dh) != POINT or len(auth) != AUTH:
        raise BadKeys("the keys have the wrong length")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)
    except ValueError:
        raise BadKeys("the key is not a point on the curve") from None


def encrypt(
    text: bytes,
    p256dh: bytes,
    auth: bytes,
    *,
    private: "EllipticCurvePrivateKey | None" = None,
    salt: bytes | None = None,
    padded: int = PADDED,
) -> bytes:
    """The body of the request. `private` and `salt` are new each time, but in the test with the values of the RFC."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    private = private or ec.generate_private_key(ec.SECP256R1())
    salt = salt or secrets.token_bytes(16)
    ours = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), p256dh)

    def derived(salt: bytes, info: bytes, key: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, salt=salt, info=info).derive(key)

    shared = private.exchange(ec.ECDH(), theirs)
    key = derived(auth, b"WebPush: info\0" + p256dh + ours, shared, 32)
    cipher = AESGCM(derived(salt, b"Content-Encoding: aes128gcm\0", key, 16))
    nonce = derived(salt, b"Content-Encoding: nonce\0", key, 12)
    record = cipher.encrypt(nonce, text + b"\x02" + bytes(max(0, padded - len(text) - 1)), None)
    return salt + RECORD.to_bytes(4) + bytes([POINT]) + ours + record
