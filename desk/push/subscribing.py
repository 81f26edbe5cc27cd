"""Validates a browser's push subscription: it comes from a script, so any of it may be wrong."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from desk.model import Refused
from desk.push.encryption import BadKeys, check_keys
from desk.push.keys import PushKeys
from desk.push.services import is_known
from desk.settings import PUSH_HOSTS
from desk.store.inbound.contact_devices import NewContactDevice
from desk.store.people.push_devices import NewDevice


@dataclass(frozen=True, slots=True)
class PushOffer:
    """How this desk offers notices: its key, and the push services that it calls."""

    keys: PushKeys
    hosts: Sequence[str] = PUSH_HOSTS
    private_hosts: Sequence[str] = ()


def push_offer(secret: str, public_url: str, hosts: Sequence[str], private_hosts: Sequence[str]) -> PushOffer:
    """As the settings of a process give it."""
    return PushOffer(PushKeys(secret.encode(), public_url), hosts, private_hosts)


@dataclass(frozen=True, slots=True)
class Subscription:
    """As the browser's script sends it; `p256dh` and `auth` in base64url."""

    endpoint: str
    p256dh: str
    auth: str


def new_device(
    offer: PushOffer,
    given: Subscription,
    *,
    agent_id: UUID,
    session_id: UUID,
    device: str,
    kinds: Sequence[str],
    on_call: bool,
) -> NewDevice:
    """The device that is to be kept. Raises Refused."""
    p256dh, auth = checked_keys(offer, given)
    return NewDevice(
        agent_id, session_id, given.endpoint, p256dh, auth, offer.keys.public, device, kinds, on_call
    )


def new_contact_device(
    offer: PushOffer, given: Subscription, *, contact_id: UUID, token_hash: bytes
) -> NewContactDevice:
    """The citizen's device that is to be kept. Raises Refused."""
    p256dh, auth = checked_keys(offer, given)
    return NewContactDevice(token_hash, contact_id, given.endpoint, p256dh, auth, offer.keys.public)


def checked_keys(offer: PushOffer, given: Subscription) -> tuple[bytes, bytes]:
    """`p256dh` and `auth` as bytes, of a subscription that can be used. Raises Refused."""
    if not is_known(given.endpoint, offer.hosts, frozenset(offer.private_hosts)):
        raise Refused(
            "push_service",
            "This browser's push service is not one that the desk may call. Nothing was turned on. Ask your administrator.",
        )
    try:
        p256dh, auth = _bytes(given.p256dh), _bytes(given.auth)
        check_keys(p256dh, auth)
    except (BadKeys, binascii.Error, ValueError):
        raise Refused(
            "push_keys", "The browser sent keys that do not work. Nothing was turned on. Please try again."
        ) from None
    return p256dh, auth


def _bytes(text: str) -> bytes:
    return base64.b64decode(text[:200].encode("ascii") + b"==", altchars=b"-_", validate=False)
