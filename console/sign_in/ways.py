"""Builds every way to sign in, and adds their routes."""

from typing import TYPE_CHECKING

from sanic import Blueprint

from console.deps import ConsoleDeps
from console.guard import Guard
from console.rendering import Pages
from console.sign_in.first_admin import FirstAdminPages
from console.sign_in.let_in import LetIn
from console.sign_in.new_password import NewPasswordPages
from console.sign_in.pages import SignInPages
from console.sign_in.passkeys import PasskeySignIn
from console.sign_in.provider import ProviderPages
from desk.people.factors.own_factors import OwnFactors
from desk.people.factors.passkeys import Passkeys
from desk.people.factors.totp import PURPOSE, CodeApps
from desk.people.own_password import OwnPassword
from desk.people.sign_in import SignIn
from desk.routing.presence import Presences
from desk.runtime.secret_box import SecretBox
from desk.setup.first_admin import FirstAdmin
from desk.setup.password_links import PasswordLinks
from forms.cookies import Cookies

if TYPE_CHECKING:
    from desk.people.provider.sign_in import ProviderSignIn

CALLBACK = "/console/sign-in/provider/callback"


class WaysIn:
    """Built once with the blueprint."""

    def __init__(
        self, deps: ConsoleDeps, pages: Pages, cookies: Cookies, guard: Guard, presences: Presences
    ) -> None:
        self._deps = deps
        rules = deps.city.sign_in
        self._apps = CodeApps(SecretBox(deps.secret, PURPOSE, deps.previous_secret))
        self.passkeys = Passkeys(deps.store, deps.clock, deps.public_url, f"{deps.city.name} front desk")
        sign_in = SignIn(deps.store, deps.passwords, deps.devices, deps.clock, rules, self._apps)
        let_in = LetIn(deps, pages, cookies, presences)
        provider = _provider(deps, sign_in)
        self.password_links = PasswordLinks(deps.store, deps.passwords, deps.clock, deps.city.name)
        self._new_password = NewPasswordPages(self.password_links, let_in, cookies)
        first_admin = FirstAdmin(deps.store, deps.passwords, deps.clock, deps.city.name)
        self._first_admin = FirstAdminPages(first_admin, let_in, cookies)
        self.pages = SignInPages(
            deps, let_in, cookies, guard, sign_in, self.passkeys, provider, presences, first_admin
        )
        self._passkey = PasskeySignIn(deps, let_in, cookies, self.pages, sign_in, self.passkeys)
        self._provider = ProviderPages(deps, let_in, cookies, self.pages, provider)

    def own_factors(self, password: OwnPassword) -> OwnFactors:
        """An agent's own second factors."""
        deps = self._deps
        return OwnFactors(deps.store, deps.clock, self._apps, self.passkeys, password, deps.city.sign_in)

    def add_routes(self, blueprint: Blueprint, guard: Guard) -> None:
        """The routes of those who are not signed in."""
        for method, path, handler in (
            ("GET", "/sign-in", self.pages.form),
            ("POST", "/sign-in", self.pages.submit),
            ("GET", "/sign-in/second", self.pages.second),
            ("POST", "/sign-in/second", self.pages.submit_second),
            ("GET", "/sign-in/new-password", self._new_password.form),
            ("POST", "/sign-in/new-password", self._new_password.submit),
            ("GET", "/sign-in/first-admin", self._first_admin.form),
            ("POST", "/sign-in/first-admin", self._first_admin.submit),
            ("POST", "/sign-in/passkey/options", self._passkey.options),
            ("POST", "/sign-in/passkey", self._passkey.submit),
            ("GET", "/sign-in/provider", self._provider.begin),
            ("GET", "/sign-in/provider/callback", self._provider.callback),
            ("POST", "/sign-in/provider/ended", self._provider.ended),
        ):
            name = f"{method.lower()}_{path.strip('/').replace('/', '_').replace('-', '_')}"
            blueprint.add_route(guard.anybody(handler), path, methods=[method], name=name)


def _provider(deps: ConsoleDeps, sign_in: SignIn) -> "ProviderSignIn | None":
    config = deps.city.sign_in.provider
    if config is None:
        return None
    # Only here: the libraries of OpenID Connect take 8 MB, and few cities have a provider.
    from desk.people.provider.client import Client, ProviderClient
    from desk.people.provider.sign_in import ProviderSignIn

    secret = _secret(deps, config.client_secret_env)
    return ProviderSignIn(
        deps.store,
        deps.clock,
        sign_in,
        ProviderClient(config.issuer, Client(config.client_id, secret)),
        deps.city.sign_in,
        SecretBox(deps.secret, "provider", deps.previous_secret),
        deps.public_url + CALLBACK,
    )


def _secret(deps: ConsoleDeps, name: str) -> str:
    """From the variable, or from the file that NAME_FILE names; none at all for a public client."""
    path = deps.environ.get(f"{name}_FILE")
    if path:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    return deps.environ.get(name, "")
