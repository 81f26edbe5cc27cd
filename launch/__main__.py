"""`python -m launch`: engines, migrations, demo sign-in, then the four processes, until Ctrl-C."""

import asyncio
import os
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from desk.model import DatabaseUnavailable
from desk.people.demo import DEMO_AGENTS, ensure_demo_agents
from desk.store.migrate import migrate
from launch.checks import check
from launch.embedded import Engines
from launch.errors import LaunchError
from launch.processes import run_processes
from launch.secrets import secret_files

DATA = Path(os.environ.get("CIVICDESK_DATA", "var"))


def main() -> int:
    """Run the product. Exit code 0 after Ctrl-C, 1 when a process died, 2 when it could not start."""
    host = os.environ.get("CIVICDESK_HOST", "127.0.0.1")
    ports = {
        "gateway": int(os.environ.get("CIVICDESK_PORT", "8080")),
        "bot": int(os.environ.get("CIVICDESK_BOT_PORT", "5005")),
        "actions": int(os.environ.get("CIVICDESK_ACTIONS_PORT", "5055")),
    }
    try:
        check(city=Path(os.environ.get("CIVICDESK_CITY", "city.yml")), host=host, ports=ports, folder=DATA)
        with Engines(DATA, os.environ) as engines:
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
            _migrate(environ)
            # Hashing the demo's passwords takes a second, which the page need not wait for.
            threading.Thread(target=_announce, args=(environ,), daemon=True).start()
            return run_processes(Path("Procfile"), environ)
    except LaunchError as error:
        print(error, file=sys.stderr)
        return 2


def _migrate(environ: dict[str, str]) -> None:
    try:
        asyncio.run(migrate(environ["DATABASE_URL"]))
    except DatabaseUnavailable as error:
        raise LaunchError(str(error)) from None


def _demo_agents(environ: dict[str, str]) -> str | None:
    """Make the demo's agents where this is the demo. Returns their password."""
    if environ["CIVICDESK_DEMO"] != "1":
        return None
    given = environ.get("CIVICDESK_DEMO_PASSWORD")
    password = given or Path(environ["CIVICDESK_DEMO_PASSWORD_FILE"]).read_text().strip()
    asyncio.run(ensure_demo_agents(environ["DATABASE_URL"], password))
    return password


def _announce(environ: dict[str, str]) -> None:
    """Say where to go once the page really answers, and who may sign in."""
    url = environ["CIVICDESK_PUBLIC_URL"]
    port = environ.get("CIVICDESK_PORT", "8080")
    probe = f"http://127.0.0.1:{port}/live"
    for _ in range(600):
        try:
            with urllib.request.urlopen(probe, timeout=2):  # our own loopback address
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    else:
        return
    password = _demo_agents(environ)
    lines = ["", f"  Civicdesk is up.   Citizens:  {url}/", f"                     Agents:    {url}/console/"]
    if password:
        lines.append(f"  Demo sign-in:      {DEMO_AGENTS[0].email}   password: {password}")
        lines += [f"                     {agent.email} (the same password)" for agent in DEMO_AGENTS[1:]]
    lines += ["  Stop with Ctrl-C.", ""]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
