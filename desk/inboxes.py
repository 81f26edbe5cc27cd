"""`python -m desk.inboxes check NAME [--register] | resume NAME | list`: what an inbox is missing, in plain language.

Exit code 0 when all is well, 1 when something has to be done, 2 when it cannot be checked.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import aiohttp

from channels.base import Checks, Finding, Handshakes, Registers
from channels.kit.setup import variable
from channels.registry import CHANNELS, ChannelSetup, Factory, declared, open_inboxes
from city import City, CityError, InboxConfig, load_city
from desk.model import DeskError
from desk.settings import file_secrets
from desk.store.outbound import inbox_health as health
from desk.store.pool import open_store

PUBLIC = "CIVICDESK_PUBLIC_URL"


def main(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Run the command; an error is printed as one sentence. Returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        city = load_city(environ.get("CIVICDESK_CITY", "city.yml"))
        if options.what == "list":
            return _list(city)
        inbox = _known(city, options.name)
        if options.what == "resume":
            return asyncio.run(_resume(inbox, environ))
        return asyncio.run(_check(city, inbox, environ, register=options.register))
    except (DeskError, CityError, LookupError) as error:
        print(error, file=sys.stderr)
        return 2


async def findings(
    inbox: InboxConfig,
    environ: Mapping[str, str],
    *,
    calling_code: str = "",
    register: bool = False,
    channels: Mapping[str, Factory] = CHANNELS,
) -> list[Finding]:
    """Check an inbox; with `register`, its webhook is first registered with the provider.

    Raises InboxError or LookupError, with a readable message, if the inbox cannot be opened at all."""
    public = environ.get(PUBLIC, "").rstrip("/") or "http://127.0.0.1:8080"
    async with aiohttp.ClientSession(trust_env=False) as session:
        setup = ChannelSetup(_nobody, public_url=public, http=session, calling_code=calling_code)
        # Typed `object`, because the protocols below say what a channel can do.
        channel: object = open_inboxes([inbox], environ, setup, channels)[inbox.name]
        needs = [one.name for one in declared(inbox.channel, channels) if one.required]
        found = [Finding(f"settings: {', '.join(needs) or 'none needed'}", True)]
        url = f"{public}/webhooks/{inbox.name}"
        if isinstance(channel, Registers | Handshakes):
            found.append(_address(public))
        if register and isinstance(channel, Registers):
            found += await channel.register(url)
        elif register:
            todo = f"Enter {url} in the provider's own console."
            found.append(Finding("this channel's webhook cannot be registered from here", False, todo))
        if isinstance(channel, Checks):
            found += await channel.check(url)
        return found


def written(inbox: InboxConfig, found: Sequence[Finding]) -> str:
    """The findings as lines for a terminal."""
    lines = [f"Inbox '{inbox.name}' ({inbox.channel})"]
    for one in found:
        lines.append(f"  {'fine ' if one.fine else 'WRONG'}  {one.what}")
        if one.todo:
            lines.append(f"         -> {one.todo}")
    wrong = sum(not one.fine for one in found)
    lines.append("All is well." if not wrong else f"{wrong} to mend.")
    return "\n".join(lines)


async def _check(city: City, inbox: InboxConfig, environ: Mapping[str, str], *, register: bool) -> int:
    found = await findings(inbox, environ, register=register, calling_code=city.calling_code or "")
    print(written(inbox, found))
    return 0 if all(one.fine for one in found) else 1


async def _resume(inbox: InboxConfig, environ: Mapping[str, str]) -> int:
    found = {**file_secrets(environ, ["DATABASE_URL"]), **environ}
    if not found.get("DATABASE_URL"):
        raise LookupError("DATABASE_URL is not set, so the desk cannot be notified.")
    store = await open_store(found["DATABASE_URL"], size=1, patience=5)
    try:
        resumed = await health.mark_resumed(store.pool, inbox.name)
    finally:
        await store.close()
    print(f"'{inbox.name}' sends again." if resumed else f"'{inbox.name}' was not stopped.")
    return 0


def _list(city: City) -> int:
    for inbox in city.inboxes:
        secrets = [variable(inbox.name, one.name) for one in declared(inbox.channel) if one.secret]
        print(f"{inbox.name}\t{inbox.channel}\t{' '.join(secrets)}".rstrip())
    return 0


def _known(city: City, name: str) -> InboxConfig:
    inbox = city.inbox(name)
    if inbox is None:
        known = ", ".join(one.name for one in city.inboxes)
        raise LookupError(f"city.yml has no inbox '{name}'. It has: {known}.")
    return inbox


def _address(public: str) -> Finding:
    parts = urlsplit(public)
    local = parts.hostname in (None, "localhost", "127.0.0.1", "::1")
    fine = parts.scheme == "https" and not local
    todo = f"Set {PUBLIC} to the HTTPS address that the internet reaches this desk at."
    return Finding(f"public address: {public}", fine, "" if fine else todo)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m desk.inboxes", description=__doc__)
    what = parser.add_subparsers(dest="what", required=True)
    what.add_parser("list", help="every inbox and the variables of its secrets")
    check = what.add_parser("check", help="what is missing or wrong")
    check.add_argument("name")
    check.add_argument("--register", action="store_true", help="set the webhook at the provider")
    resume = what.add_parser("resume", help="send again after the provider had refused the account")
    resume.add_argument("name")
    return parser


async def _nobody(_: str) -> None:
    """Do nothing: this command delivers no messages."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
