"""`python -m desk.people add|password|deactivate|reactivate|end-sessions|reset-factors|link|renew-secrets`: who may sign in.

Passwords are asked for and never shown; with no terminal they are read from standard input, one line.
"""

import argparse
import asyncio
import getpass
import os
import sys
from pathlib import Path

from city import City, CityError, load_city
from desk.model import DeskError
from desk.people.agents import (
    AgentError,
    add_agent,
    deactivate,
    end_sessions,
    link_identity,
    reactivate,
    reset_factors,
    set_password,
)
from desk.people.factors.totp import PURPOSE, renew_secrets
from desk.people.passwords import Passwords
from desk.people.permissions import PERMISSIONS
from desk.routing.team_directory import TeamDirectory
from desk.runtime.secret_box import SecretBox
from desk.settings import file_secrets
from desk.store.pool import Store, open_store


def main(arguments: list[str]) -> int:
    """Exit code 0 when done, 2 with one sentence when not."""
    options = _parser().parse_args(arguments)
    try:
        url = _database_url()
        city = load_city(Path(os.environ.get("CIVICDESK_CITY", "city.yml")))
        password = _ask_password() if options.what in ("add", "password") else ""
        asyncio.run(_carry_out(url, options, password, city))
    except (DeskError, CityError) as error:
        print(error, file=sys.stderr)
        return 2
    except (KeyboardInterrupt, EOFError):
        print("Stopped; nothing was changed.", file=sys.stderr)
        return 2
    if options.what != "renew-secrets":
        print(f"{options.email}: done.")
    return 0


async def _carry_out(url: str, options: argparse.Namespace, password: str, city: City) -> None:
    passwords = Passwords()
    store = await open_store(url, size=1, patience=5)
    try:
        if options.what == "renew-secrets":
            print(await _renew_secrets(store))
        elif options.what == "add":
            chosen = await _teams(store, options.team, city)
            await add_agent(
                store, passwords, email=options.email, name=options.name, role=options.role,
                teams=chosen, password=password, city=city.name, only_own_teams=options.only_own_teams,
                break_glass=options.emergency,
            )  # fmt: skip
        elif options.what == "password":
            await set_password(store, passwords, email=options.email, password=password, city=city.name)
        elif options.what == "deactivate":
            await deactivate(store, email=options.email)
        elif options.what == "end-sessions":
            await end_sessions(store, email=options.email)
        elif options.what == "reset-factors":
            await reset_factors(store, email=options.email)
        elif options.what == "link":
            provider = city.sign_in.provider
            if provider is None:
                raise AgentError("city.yml has no provider under 'sign_in'.")
            await link_identity(store, email=options.email, issuer=provider.issuer, subject=options.subject)
        else:
            await reactivate(store, email=options.email)
    finally:
        await store.close()


async def _renew_secrets(store: Store) -> str:
    names = ("CIVICDESK_SECRET", "CIVICDESK_PREVIOUS_SECRET")
    given = {**file_secrets(os.environ, names), **os.environ}
    if missing := [name for name in names if not given.get(name)]:
        raise AgentError(
            f"{missing[0]} is not set. Set the new and the previous secret; nothing was changed."
        )
    new, previous = (given[name].encode() for name in names)
    renewed, lost = await renew_secrets(store, SecretBox(new, PURPOSE, previous))
    said = f"Secrets of authenticator apps encrypted with the new secret: {renewed}."
    if lost:
        said += f" Neither secret opens {lost} of them: reset the factors of these agents."
    return said


async def _teams(store: Store, asked: list[str] | None, city: City) -> list[str]:
    known = sorted(team.name for team in await TeamDirectory(city).read(store.pool))
    if unknown := sorted(set(asked or ()) - set(known)):
        raise AgentError(f"There is no team {unknown[0]!r}; there are: {', '.join(known)}.")
    return asked or known[:1]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m desk.people", description=(__doc__ or "").splitlines()[0]
    )
    commands = parser.add_subparsers(dest="what", required=True)
    add = commands.add_parser("add", help="add an agent")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="as citizens see it")
    add.add_argument("--role", choices=sorted(PERMISSIONS), default="agent")
    add.add_argument("--team", action="append", help="a team; may be given more than once")
    add.add_argument("--only-own-teams", action="store_true", help="a supervisor of their own teams only")
    add.add_argument(
        "--emergency", action="store_true", help="works while the provider does not; its use is an alarm"
    )
    commands.add_parser(
        "renew-secrets",
        help="encrypt the secrets of authenticator apps with CIVICDESK_SECRET, after it has replaced CIVICDESK_PREVIOUS_SECRET",
    )
    link = commands.add_parser("link", help="this account is the person whom the provider knows as SUBJECT")
    link.add_argument("email")
    link.add_argument("subject")
    for what, about in (
        ("password", "set a new password; every session ends"),
        ("deactivate", "no longer let an agent in; every session ends at once"),
        ("reactivate", "let an agent in again"),
        ("end-sessions", "sign an agent out everywhere"),
        ("reset-factors", "forget lost second factors; make sure who asks for it first"),
    ):
        commands.add_parser(what, help=about).add_argument("email")
    return parser


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != first:
        raise AgentError("The two passwords differ; nothing was changed.")
    return first


def _database_url() -> str:
    url = os.environ.get("DATABASE_URL")
    path = os.environ.get("DATABASE_URL_FILE")
    try:
        url = url or (Path(path).read_text(encoding="utf-8").strip() if path else None)
    except OSError:
        raise AgentError(f"DATABASE_URL_FILE names {path}, which cannot be read.") from None
    if not url:
        raise AgentError("DATABASE_URL is not set. Set it to the database of the desk and try again.")
    return url


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
