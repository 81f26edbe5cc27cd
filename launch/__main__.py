"""`python -m launch`: starts the gateway at once, then engines, migrations and the other processes, until
Ctrl-C.

Slow imports happen while the gateway starts, so that the page does not wait for them.
"""

import argparse
import asyncio
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from launch import LaunchError
from launch.checks import check
from launch.embedded import Engines
from launch.processes import run_processes
from launch.secrets import secret_files

SETTINGS = """\
Its settings are environment variables (the default stands in brackets):

  CIVICDESK_PORT           the port of citizens' and agents' pages (8080)
  CIVICDESK_HOST           the address it listens on (127.0.0.1)
  CIVICDESK_PUBLIC_URL     where people reach it (http://HOST:PORT)
  CIVICDESK_BOT_PORT       the bot's port (5005)
  CIVICDESK_ACTIONS_PORT   the actions server's port (5055)
  CIVICDESK_DATA           the folder of the embedded database, secrets and photos (var)
  CIVICDESK_CITY           the city's settings (city.yml)
  CIVICDESK_DEMO           1: with the demo's agents; 0: without (1)
  DATABASE_URL, REDIS_URL  engines of your own instead of the embedded ones

The processes have more; gateway/settings.py and desk/settings.py list them.
"""
DATA = Path(os.environ.get("CIVICDESK_DATA", "var"))


def main(arguments: Sequence[str] = ()) -> int:
    """Run the product. Exit code 0 after Ctrl-C, 1 if a process died, 2 if it could not start."""
    _parser().parse_args(arguments)
    host = os.environ.get("CIVICDESK_HOST", "127.0.0.1")
    ports = {
        "gateway": int(os.environ.get("CIVICDESK_PORT", "8080")),
        "bot": int(os.environ.get("CIVICDESK_BOT_PORT", "5005")),
        "actions": int(os.environ.get("CIVICDESK_ACTIONS_PORT", "5055")),
    }
    try:
        check(city=Path(os.environ.get("CIVICDESK_CITY", "city.yml")), host=host, ports=ports, folder=DATA)
        engines = Engines(DATA, os.environ)
        environ = dict(os.environ)
        environ.update(engines.environ)
        environ.update(secret_files(DATA / "secrets", os.environ))
        environ.setdefault("CIVICDESK_PUBLIC_URL", f"http://{host}:{ports['gateway']}")
        environ.setdefault("CIVICDESK_OPEN311_URL", f"http://127.0.0.1:{ports['gateway']}/open311/v2")
        environ.setdefault("CIVICDESK_BOT_URL", f"http://127.0.0.1:{ports['bot']}")
        environ.setdefault("CIVICDESK_ACTIONS_URL", f"http://127.0.0.1:{ports['actions']}")
        environ.setdefault("CIVICDESK_MEDIA_DIR", str((DATA / "media").absolute()))
        environ.setdefault("CIVICDESK_DEMO", "1")
        environ["PYTHONUNBUFFERED"] = "1"
        try:
            prepare = partial(_prepare, engines, environ)
            return run_processes(Path("Procfile"), environ, prepare, _databases(engines))
        finally:
            engines.stop()
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m launch",
        description="Start the product and run it until Ctrl-C.",
        epilog=SETTINGS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return parser


def _databases(engines: Engines) -> dict[str, dict[str, str]]:
    """The role of each process on the embedded database; an external server is used with the URL it was given
    with."""
    return {role.removeprefix("civicdesk_"): {"DATABASE_URL": url} for role, url in engines.role_urls.items()}


def _prepare(engines: Engines, environ: dict[str, str], ready: Callable[[], None]) -> None:
    """Bring up the engines, migrate the schema, let the other processes start, and print where to go."""
    from desk.model import DatabaseUnavailable

    engines.start()
    try:
        from desk.store.migrate import migrate

        asyncio.run(migrate(environ["DATABASE_URL"]))
        # On two cores, three more processes would take half of the gateway's time: the page comes first.
        listens = _listens(environ.get("CIVICDESK_PORT", "8080"))
        ready()
        if listens:
            _announce(environ)
    except DatabaseUnavailable as error:
        raise LaunchError(str(error)) from None


def _announce(environ: dict[str, str]) -> None:
    """Print the address and who may sign in."""
    from desk.people.demo import DEMO_AGENTS, ensure_demo_agents

    url = environ["CIVICDESK_PUBLIC_URL"]
    lines = ["", f"  Civicdesk is up.   Citizens:  {url}/", f"                     Agents:    {url}/console/"]
    if environ["CIVICDESK_DEMO"] == "1":
        given = environ.get("CIVICDESK_DEMO_PASSWORD")
        password = given or Path(environ["CIVICDESK_DEMO_PASSWORD_FILE"]).read_text().strip()
        asyncio.run(ensure_demo_agents(environ["DATABASE_URL"], password))
        lines.append(f"  Demo sign-in:      {DEMO_AGENTS[0].email}   password: {password}")
        lines += [
            f"                     {agent.email} ({agent.role}, the same password)"
            for agent in DEMO_AGENTS[1:]
        ]
    else:
        lines += _first_admin(environ)
    lines += ["  Stop with Ctrl-C.", ""]
    print("\n".join(lines), flush=True)


def _first_admin(environ: dict[str, str]) -> list[str]:
    """Where the first account is made; nothing if there are accounts."""
    from city import load_city
    from desk.setup.__main__ import first_admin_link
    from desk.setup.first_admin import HasAccounts

    os.environ.setdefault("CIVICDESK_PUBLIC_URL", environ["CIVICDESK_PUBLIC_URL"])
    city = load_city(environ.get("CIVICDESK_CITY", "city.yml"))
    try:
        link = asyncio.run(first_admin_link(environ["DATABASE_URL"], city.name))
    except HasAccounts:
        return []
    return ["  This desk has no accounts yet. Make the first administrator's within a day:", f"  {link}"]


def _listens(port: str) -> bool:
    """Wait until the page really answers. If the gateway ends, we are stopped too, so this need not check for
    that."""
    probe = f"http://127.0.0.1:{port}/live"
    for _ in range(1200):
        try:
            with urllib.request.urlopen(probe, timeout=2):  # our own loopback address
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
