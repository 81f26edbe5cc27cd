"""Passkeys (WebAuthn, by the library `webauthn`). The device checks who holds it, so that a passkey alone is two factors.

A passkey belongs to the host name of the public address; browsers offer none for an address that is a number.
"""

import secrets
from datetime import datetime, timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from desk.model import Clock, DeskError
from desk.people.sessions import hash_of
from desk.store.people import factors, steps
from desk.store.people.factors import Passkey
from desk.store.people.steps import Step
from desk.store.pool import Executor, Store

LIFE = timedelta(minutes=5)
"""So long a challenge may be answered, once."""
MOST = 10
LONGEST_NAME = 60
LONGEST_ANSWER = 20_000
NEW, SIGN_IN = "passkey_new", "passkey"


class PasskeyRefused(DeskError):
    """The passkey cannot be added, or does not open this account."""


class Passkeys:
    """Built once. `public_url` is where people reach the console; `title` is what their device shows."""

    def __init__(self, store: Store, clock: Clock, public_url: str, title: str) -> None:
        parts = urlsplit(public_url)
        self._store = store
        self._clock = clock
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._host = parts.hostname or ""
        self._title = title

    @property
    def available(self) -> bool:
        """Whether browsers offer passkeys at this address."""
        try:
            ip_address(self._host)
        except ValueError:
            return bool(self._host) and (self._origin.startswith("https://") or self._host == "localhost")
        return False

    async def begin_adding(self, agent_id: UUID, email: str, name: str) -> tuple[str, str]:
        """A token for the browser's cookie, and the options for its authenticator as JSON."""
        known = await factors.list_passkeys(self._store.pool, agent_id)
        if len(known) >= MOST:
            raise PasskeyRefused(f"There are {MOST} passkeys already. Remove one first.")
        options = generate_registration_options(
            rp_id=self._host,
            rp_name=self._title,
            user_id=agent_id.bytes,
            user_name=email,
            user_display_name=name,
            challenge=secrets.token_bytes(32),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        )
        return await self._keep(Step(NEW, agent_id, _challenge(options.challenge))), options_to_json(options)

    async def add(
        self, executor: Executor, agent_id: UUID, token: str, answer: str, name: str, now: datetime
    ) -> Passkey:
        """Store what the authenticator made. Raises PasskeyRefused."""
        step = await self._take(token, NEW)
        if step.agent_id != agent_id:
            raise PasskeyRefused("This took too long. Try again.")
        try:
            made = verify_registration_response(
                credential=answer[:LONGEST_ANSWER],
                expected_challenge=base64url_to_bytes(step.detail["challenge"]),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            raise PasskeyRefused(
                "The passkey could not be checked. Nothing was changed. Try again."
            ) from None
        passkey = Passkey(
            made.credential_id, agent_id, made.credential_public_key, made.sign_count,
            " ".join(name.split())[:LONGEST_NAME] or "Passkey", now, None,
        )  # fmt: skip
        if not await factors.add_passkey(executor, passkey):
            raise PasskeyRefused("This passkey is known already.")
        return passkey

    async def begin_sign_in(self) -> tuple[str, str]:
        """A token for the browser's cookie, and the options as JSON: any passkey of this host may answer."""
        options = generate_authentication_options(
            rp_id=self._host,
            challenge=secrets.token_bytes(32),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return await self._keep(Step(SIGN_IN, None, _challenge(options.challenge))), options_to_json(options)

    async def check(self, token: str, answer: str) -> UUID:
        """Whose passkey answered. Raises PasskeyRefused, in one sentence for all reasons."""
        step = await self._take(token, SIGN_IN)
        try:
            credential = parse_authentication_credential_json(answer[:LONGEST_ANSWER])
            known = await factors.get_passkey(self._store.pool, credential.raw_id)
            if known is None:
                raise PasskeyRefused("This passkey opens no account here. Sign in in another way.")
            done = verify_authentication_response(
                credential=credential,
                expected_challenge=base64url_to_bytes(step.detail["challenge"]),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError):
            raise PasskeyRefused("This passkey opens no account here. Sign in in another way.") from None
        await factors.mark_passkey_used(
            self._store.pool, known.credential_id, done.new_sign_count, self._clock()
        )
        return known.agent_id

    async def _keep(self, step: Step) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        await steps.add_step(self._store.pool, hash_of(token), step, now, now + LIFE)
        return token

    async def _take(self, token: str, kind: str) -> Step:
        key = hash_of(token)
        step = await steps.get_step(self._store.pool, key, kind, self._clock())
        if step is None or not await steps.delete_step(self._store.pool, key):
            raise PasskeyRefused("This took too long. Try again.")
        return step


def _challenge(challenge: bytes) -> dict[str, str]:
    return {"challenge": bytes_to_base64url(challenge)}
