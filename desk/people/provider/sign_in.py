"""Signing in at the provider: the code flow with PKCE, state and nonce; and a sign-out that the provider announces.

    begin ──> the provider's page ──> finish: state, issuer, code for tokens, ID token, userinfo ──> role ──> session

A person is identified by issuer and `sub`, never by an e-mail address. Name, role and teams are updated from the provider each time.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from city.sign_in import ProviderConfig, SignInConfig
from desk.model import Clock
from desk.people import audit
from desk.people.provider.client import ProviderClient
from desk.people.provider.errors import ProviderAway, ProviderRefused
from desk.people.provider.roles import Person, person_of
from desk.people.provider.tokens import (
    Expected,
    TokenRefused,
    UnknownKey,
    read_id_token,
    read_logout_token,
)
from desk.people.sign_in import SignedIn, SignIn
from desk.runtime.secret_box import SecretBox
from desk.runtime.user_agents import Place
from desk.store.people import agents, sessions
from desk.store.pool import Store

log = structlog.get_logger("security")

LIFE = timedelta(minutes=10)
"""So long somebody may take at the provider's page."""
_OWNER = "begun"
_NOT_BELIEVED = "The response of the city's sign-in could not be verified. You were not signed in. Try again."


@dataclass(frozen=True, slots=True)
class Begun:
    """`address` is the provider's page; `cookie` comes back with its answer, within `life`."""

    address: str
    cookie: str
    life: timedelta = LIFE


class ProviderSignIn:
    """Built once. `redirect_uri` is our own page that the provider sends people back to."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        sign_in: SignIn,
        client: ProviderClient,
        rules: SignInConfig,
        box: SecretBox,
        redirect_uri: str,
    ) -> None:
        assert rules.provider is not None
        self._store = store
        self._clock = clock
        self._sign_in = sign_in
        self._client = client
        self._config: ProviderConfig = rules.provider
        self._expected = Expected(client.issuer, rules.provider.client_id, rules.clock_skew)
        self._box = box
        self._redirect_uri = redirect_uri

    @property
    def title(self) -> str:
        """What the button says."""
        return self._config.title

    async def begin(self, target: str) -> Begun:
        """Where to send the browser; `target` is our page to show afterwards. Raises ProviderAway."""
        described = await self._client.describe()
        methods = described.code_challenge_methods_supported
        if methods is not None and "S256" not in methods:
            raise ProviderAway("no_pkce")
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        more = {"acr_values": " ".join(self._config.acr)} if self._config.acr else {}
        address = prepare_grant_uri(
            described.authorization_endpoint, self._config.client_id, "code", self._redirect_uri,
            " ".join(self._config.scopes), state, nonce=nonce, code_challenge_method="S256",
            code_challenge=create_s256_code_challenge(verifier), **more,
        )  # fmt: skip
        until = str(int((self._clock() + LIFE).timestamp()))
        kept = {"state": state, "nonce": nonce, "verifier": verifier, "next": target, "until": until}
        return Begun(address, self._box.seal_text(kept, _OWNER))

    async def finish(
        self, cookie: str, given: Mapping[str, str], device_cookies: Mapping[str, str], place: Place
    ) -> tuple[SignedIn, str]:
        """The session, and our page to show. `given` is what the provider's answer carries. Raises ProviderAway or
        ProviderRefused."""
        kept = self._box.open_text(cookie, _OWNER)
        now = self._clock()
        if kept is None or now.timestamp() > int(kept["until"]):
            raise ProviderRefused("This took too long, or was started in another browser. Try again.", "over")
        if not hmac.compare_digest(given.get("state", "").encode(), kept["state"].encode()):
            raise self._refused("state")
        described = await self._client.describe()
        stated = given.get("iss")
        if (
            stated or described.authorization_response_iss_parameter_supported
        ) and stated != described.issuer:
            raise self._refused("iss")
        if given.get("error") or not given.get("code"):
            raise ProviderRefused(
                "The city's sign-in did not let you in. Try again, or ask an administrator.", "denied"
            )
        tokens = await self._client.exchange(given["code"], kept["verifier"], self._redirect_uri)
        claims = await self._read(
            lambda keys: read_id_token(
                tokens.id_token, keys, self._expected, nonce=kept["nonce"], access_token=tokens.access_token,
                now=self._clock(),
            )
        )  # fmt: skip
        more = await self._client.who(tokens.access_token)
        if more and more.get("sub") != claims["sub"]:
            raise self._refused("userinfo_sub")
        person = person_of({**more, **claims}, self._config)
        row = await self._known(person)
        cookie_name = self._sign_in.cookie_name(row["email"])
        signed_in = await self._sign_in.open(
            row, "provider", place, device_cookies.get(cookie_name), provider_session=person.provider_session
        )
        return signed_in, kept["next"]

    async def end(self, token: str) -> int:
        """The provider ended a session, or all of a person: so do we. How many ended. Raises ProviderAway or
        ProviderRefused."""
        claims = await self._read(lambda keys: read_logout_token(token, keys, self._expected, self._clock()))
        subject, sid = claims.get("sub"), claims.get("sid")
        async with self._store.transaction() as transaction:
            ended = await sessions.delete_of_provider(transaction, self._client.issuer, subject, sid)
            for agent_id in dict.fromkeys(ended):
                await audit.record(transaction, agent_id, "ended_by_provider", None, self._clock())
        return len(ended)

    async def _read(self, read: Any) -> Mapping[str, Any]:
        try:
            try:
                claims = read(await self._client.keys())
            except UnknownKey:
                claims = read(await self._client.keys(again=True))  # keys are changed from time to time
        except TokenRefused as error:
            raise self._refused(str(error)) from None
        return dict(claims)

    async def _known(self, person: Person) -> Any:
        """The row of this person, made or brought up to date."""
        pool, now = self._store.pool, self._clock()
        row = await agents.get_by_identity(pool, self._client.issuer, person.subject)
        if row is None:
            identity = (self._client.issuer, person.subject)
            async with self._store.transaction() as transaction:
                added: UUID | None = await agents.add_agent(
                    transaction, person.email, person.name, person.role, list(person.teams), None,
                    only_own_teams=person.only_own_teams, identity=identity,
                )  # fmt: skip
                if added is not None:
                    await audit.record(
                        transaction, added, "account_added", None, now, account=str(added), role=person.role
                    )
            row = await agents.get_by_identity(pool, *identity)
            if row is None:
                raise ProviderRefused(
                    "There is another account with your e-mail address. An administrator has to link the two.",
                    "email_taken",
                )
            return row
        if not row["active"]:
            await audit.record(pool, row["id"], "sign_in_refused", None, now)
            raise ProviderRefused("Your account is deactivated. Ask an administrator.", "deactivated")
        if (row["role"], tuple(row["teams"]), row["only_own_teams"], row["name"]) != (
            person.role, person.teams, person.only_own_teams, person.name,
        ):  # fmt: skip
            async with self._store.transaction() as transaction:
                await agents.set_place(
                    transaction,
                    row["id"],
                    person.name,
                    person.role,
                    list(person.teams),
                    person.only_own_teams,
                )
                if (row["role"], tuple(row["teams"])) != (person.role, person.teams):
                    # What is open elsewhere was opened with other rights.
                    await sessions.delete_sessions(transaction, row["id"])
                await audit.record(
                    transaction,
                    row["id"],
                    "account_role",
                    None,
                    now,
                    account=str(row["id"]),
                    role=person.role,
                )
            row = await agents.get_by_id(pool, row["id"])
        return row

    def _refused(self, reason: str) -> ProviderRefused:
        log.warning("provider_answer_refused", reason=reason)
        return ProviderRefused(_NOT_BELIEVED, reason)
