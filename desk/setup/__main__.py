"""`python -m desk.setup first-admin`: prints a link that creates the first account of a new desk.

The link works once, for a day, and only while nobody has an account.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from city import CityError, load_city
from desk.model import DeskError
from desk.people.passwords import Passwords
from desk.runtime.clock import utc_now
from desk.setup.first_admin import FirstAdmin
from desk.store.pool import open_store

PATH = "/console/sign-in/first-admin?link="


def main(arguments: list[str]) -> int:
    """Exit code 0 when done, 2 with one sentence when not."""
    parser = argparse.ArgumentParser(prog="python -m desk.setup", description=(__doc__ or "").splitlines()[0])
    parser.add_subparsers(dest="what", required=True).add_parser("first-admin", help="print the link")
    parser.parse_args(arguments)
    try:
        city = load_city(Path(os.environ.get("CIVICDESK_CITY", "city.yml")))
        print(asyncio.run(first_admin_link(_database_url(), city.name)))
    except (DeskError, CityError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print("Open it within a day, and give it to nobody else. It works once.", file=sys.stderr)
    return 0


async def first_admin_link(url: str, city: str) -> str:
    """The link. Raises HasAccounts."""
    store = await open_store(url, size=1, patience=5)
    try:
        token = await FirstAdmin(store, Passwords(), utc_now, city).new_token()
    finally:
        await store.close()
    base = os.environ.get("CIVICDESK_PUBLIC_URL", "http://127.0.0.1:8080").rstrip("/")
    return f"{base}{PATH}{token}"


def _database_url() -> str:
    path = os.environ.get("DATABASE_URL_FILE")
    url = os.environ.get("DATABASE_URL") or (Path(path).read_text(encoding="utf-8").strip() if path else "")
    if not url:
        raise DeskError("DATABASE_URL is not set. Set it to the database of the desk and try again.")
    return url


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
