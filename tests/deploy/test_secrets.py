"""deploy/make-secrets.sh: every secret that the compose file names, once, in a private folder."""

import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.deploy.compose import TOP, load


def make(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TOP / "deploy/make-secrets.sh", folder], capture_output=True, text=True, timeout=60
    )


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_makes_every_secret_of_the_compose_file_and_keeps_them(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    assert make(folder).returncode == 0
    made = contents(folder)
    assert set(made) == set(load()["secrets"])
    assert folder.stat().st_mode & 0o777 == 0o700
    # The containers' own users read them through the mount; nobody else gets past the folder.
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir() if path.is_file()} == {0o444}
    inboxes = folder / "inboxes"
    assert inboxes.stat().st_mode & 0o777 == 0o755 and not list(inboxes.iterdir())
    (inboxes / "text_line_auth_token").write_text("the city's own")
    again = make(folder)
    assert (again.returncode, again.stdout) == (0, "")
    assert contents(folder) == made
    assert (inboxes / "text_line_auth_token").read_text() == "the city's own"


def test_addresses_hold_the_passwords_that_the_servers_are_given(tmp_path: Path) -> None:
    make(tmp_path)
    made = contents(tmp_path)
    for url, user, password, host in (
        (made["database_url"], "civicdesk", made["database_password"], "postgres"),
        (made["gateway_database_url"], "civicdesk_gateway", made["gateway_database_password"], "postgres"),
        (made["worker_database_url"], "civicdesk_worker", made["worker_database_password"], "postgres"),
        (made["bot_database_url"], "civicdesk_bot", made["bot_database_password"], "postgres"),
        (made["trainer_database_url"], "civicdesk_trainer", made["trainer_database_password"], "postgres"),
        (made["redis_url"], "", made["redis_auth"].removeprefix("requirepass "), "redis"),
    ):
        parts = urlsplit(url)
        assert (parts.username, parts.password, parts.hostname) == (user, password, host)
        assert len(password) >= 32


def test_a_certificate_of_the_citys_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "tls_key").write_text("the city's own")
    done = make(tmp_path)
    assert done.returncode == 2
    assert "holds only one of tls_key and tls_certificate" in done.stderr
    assert (tmp_path / "tls_key").read_text() == "the city's own"


def test_nothing_made_is_ever_committed() -> None:
    shown = subprocess.run(
        ["git", "check-ignore", "--no-index", *(f"deploy/secrets/{name}" for name in load()["secrets"])],
        cwd=TOP, capture_output=True, text=True,
    )  # fmt: skip
    assert len(shown.stdout.splitlines()) == len(load()["secrets"])
