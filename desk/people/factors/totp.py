"""Codes of an authenticator app (RFC 6238): six digits, a new one each 30 seconds. No code is taken twice."""

import hmac
import io
from datetime import datetime
from uuid import UUID

import pyotp
import segno

from desk.runtime.secret_box import SecretBox
from desk.store.people import factors
from desk.store.pool import Executor, Store

PURPOSE = "second factors"
"""Of the box that encrypts the secrets."""
PERIOD = 30
DRIFT = 1
"""Steps before and after the present one whose codes are taken: clocks differ, and typing takes time."""
DIGITS = 6


class CodeApps:
    """Built once. The secrets are encrypted in the database."""

    def __init__(self, box: SecretBox) -> None:
        self._box = box

    async def new_secret(self, executor: Executor, agent_id: UUID) -> str:
        """A secret for the app (base32), which waits for its proof. One that waits already is shown again."""
        waiting = await factors.get_totp(executor, agent_id)
        if waiting and waiting.confirmed_at is None:
            opened = self._box.open(waiting.secret, str(agent_id))
            if opened is not None:
                return opened.decode()
        secret = pyotp.random_base32()
        await factors.add_totp(executor, agent_id, self._box.seal(secret.encode(), str(agent_id)))
        return secret

    async def use_code(
        self, executor: Executor, agent_id: UUID, code: str, now: datetime, *, confirmed: bool = True
    ) -> bool:
        """Whether this is a code of now that was not used before; it is used up then. `confirmed`: the app must have
        been proved before."""
        known = await factors.get_totp(executor, agent_id)
        digits = "".join(code.split())
        if known is None or (known.confirmed_at is not None) != confirmed or len(digits) != DIGITS:
            return False
        secret = self._box.open(known.secret, str(agent_id))
        if secret is None:
            return False
        step = step_of(secret.decode(), digits, now)
        return (
            step is not None
            and step > known.last_step
            and await factors.mark_step_used(executor, agent_id, step)
        )


async def renew_secrets(store: Store, box: SecretBox) -> tuple[int, int]:
    """(how many secrets were re-encrypted, how many neither the present nor the previous secret opens)."""
    renewed = lost = 0
    async with store.transaction() as transaction:
        for agent_id, sealed in (await factors.list_totp(transaction)).items():
            if again := box.renewed(sealed, str(agent_id)):
                await factors.set_totp_secret(transaction, agent_id, again)
                renewed += 1
            elif box.open(sealed, str(agent_id)) is None:
                lost += 1
    return renewed, lost


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step of this code, if it is one of the steps around now. Takes the same time for any code."""
    totp, here = pyotp.TOTP(secret, digits=DIGITS, interval=PERIOD), int(now.timestamp()) // PERIOD
    found = None
    for step in range(here - DRIFT, here + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", "surrogatepass")):
            found = step
    return found


def address_of(secret: str, email: str, city: str) -> str:
    """The otpauth address that an app reads from the picture."""
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=PERIOD)
    return totp.provisioning_uri(name=email, issuer_name=f"{city} front desk".replace(":", " "))


def picture_of(address: str) -> bytes:
    """The address as a QR code: a PNG."""
    data = io.BytesIO()
    segno.make(address, error="m").save(data, kind="png", scale=5, border=4)
    return data.getvalue()
