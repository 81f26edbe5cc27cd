"""A new CIVICDESK_SECRET: what the previous one has encrypted still opens, and is encrypted anew by a command."""

import os
import subprocess
import sys

from desk.people.agents import add_agent
from desk.people.factors.totp import PURPOSE, CodeApps, renew_secrets
from desk.people.passwords import Passwords
from desk.runtime.secret_box import SecretBox
from desk.store.people import factors
from desk.store.pool import Store

OLD, NEW = b"the secret of last year", b"the secret of this year"
PASSWORD = "a password of the tests"


def test_the_previous_secret_opens_and_the_new_one_seals() -> None:
    sealed = SecretBox(OLD, "x").seal(b"value", "ana")
    both = SecretBox(NEW, "x", OLD)
    assert both.open(sealed, "ana") == b"value" and both.open(sealed, "ben") is None
    assert (
        SecretBox(NEW, "x").open(sealed, "ana") is None
        and SecretBox(NEW, "y", OLD).open(sealed, "ana") is None
    )
    renewed = both.renewed(sealed, "ana")
    assert renewed is not None and SecretBox(NEW, "x").open(renewed, "ana") == b"value"
    assert both.renewed(renewed, "ana") is None and both.renewed(b"no such thing" * 3, "ana") is None


async def test_apps_work_before_and_after_the_command(pg_url: str, store: Store) -> None:
    agent_id = await add_agent(
        store, Passwords(), email="a@b.example", name="A", role="agent", teams=(), password=PASSWORD
    )
    secret = await CodeApps(SecretBox(OLD, PURPOSE)).new_secret(store.pool, agent_id)
    assert await CodeApps(SecretBox(NEW, PURPOSE, OLD)).new_secret(store.pool, agent_id) == secret
    done = subprocess.run(
        [sys.executable, "-m", "desk.people", "renew-secrets"],
        env={
            **os.environ, "DATABASE_URL": pg_url, "CIVICDESK_SECRET": NEW.decode(),
            "CIVICDESK_PREVIOUS_SECRET": OLD.decode(),
        },
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "Secrets of authenticator apps encrypted with the new secret: 1.\n"
    (sealed,) = (await factors.list_totp(store.pool)).values()
    assert SecretBox(NEW, PURPOSE).open(sealed, str(agent_id)) == secret.encode()
    assert await renew_secrets(store, SecretBox(NEW, PURPOSE, OLD)) == (0, 0)
    assert await renew_secrets(store, SecretBox(b"another secret of nobody", PURPOSE, OLD)) == (0, 1)
