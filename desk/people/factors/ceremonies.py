"""The two ceremonies of WebAuthn, by the library `webauthn`: make a passkey, sign in with one. Pure functions."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

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
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from desk.people.factors.passkeys import Site

_BAD = (WebAuthnException, ValueError, KeyError, TypeError)


class NotVerified(Exception):
    """The browser's answer is damaged, forged, or belongs to another challenge."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A new credential from an authenticator."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that can be read, and is not verified yet."""

    credential_id: bytes
    credential: AuthenticationCredential


def new_passkey(site: Site, user_id: bytes, email: str, name: str, known: Iterable[bytes]) -> tuple[str, str]:
    """The challenge (base64url), and the options for the browser as JSON. `known` passkeys are not made again."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.title,
        user_id=user_id,
        user_name=email,
        user_display_name=name,
        challenge=secrets.token_bytes(32),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return bytes_to_base64url(options.challenge), options_to_json(options)


def read_new_passkey(site: Site, challenge: str, answer: str) -> NewPasskey:
    """The authenticator's new credential. Raises NotVerified."""
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _BAD as error:
        raise NotVerified from error
    return NewPasskey(made.credential_id, made.credential_public_key, made.sign_count)


def sign_in(site: Site) -> tuple[str, str]:
    """The challenge (base64url), and the options as JSON: any passkey of this host may answer."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=secrets.token_bytes(32),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return bytes_to_base64url(options.challenge), options_to_json(options)


def read_answer(answer: str) -> Answered:
    """Which passkey claims to answer. Raises NotVerified where the answer cannot be read."""
    try:
        credential = parse_authentication_credential_json(answer)
    except _BAD as error:
        raise NotVerified from error
    return Answered(credential.raw_id, credential)


def read_sign_in(site: Site, challenge: str, answered: Answered, public_key: bytes, sign_count: int) -> int:
    """The authenticator's new sign count. Raises NotVerified."""
    try:
        done = verify_authentication_response(
            credential=answered.credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _BAD as error:
        raise NotVerified from error
    return done.new_sign_count
