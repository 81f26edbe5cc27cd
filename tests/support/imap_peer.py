"""hoodiecrow, an IMAP server of another author: mails are put into it and looked at through a second connection."""

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from launch.web import node_environment
from tests.support.ports import free_ports

PEERS = Path(__file__).parents[1] / "peers"
SERVER = """
const [port, plugins, password, certificate, implicit] = process.argv.slice(1)
const fs = require('fs')
const users = { help: { password } }
const credentials = certificate && { key: fs.readFileSync(certificate), cert: fs.readFileSync(certificate) }
const options = { plugins: JSON.parse(plugins), users, storage: { INBOX: {} }, secureConnection: implicit === 'yes' }
const server = require('hoodiecrow-imap')(credentials ? { ...options, credentials } : options)
server.listen(Number(port))
"""
EVERYTHING = ("ID", "STARTTLS", "IDLE", "UIDPLUS", "LITERALPLUS")


@dataclass
class Mailbox:
    """The server, from the side of who sends mail and who looks into the mailbox."""

    port: int
    password: str

    @contextlib.contextmanager
    def signed_in(self) -> Iterator[IMAPClient]:
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10)
        try:
            client.login("help", self.password)
            client.select_folder("INBOX")
            yield client
        finally:
            client.shutdown()

    def put(self, *mails: bytes) -> None:
        """Mails arrive."""
        with self.signed_in() as client:
            for mail in mails:
                client.append("INBOX", mail)

    def flags(self) -> list[set[bytes]]:
        """The marks of each mail, oldest first, without those of the session."""
        with self.signed_in() as client:
            found = client.get_flags(client.search("ALL"))
        return [set(found[uid]) - {b"\\Recent"} for uid in sorted(found)]


@contextlib.contextmanager
def imap_server(
    password: str,
    plugins: Sequence[str] = EVERYTHING,
    port: int = 0,
    *,
    certificate: Path | None = None,
    implicit: bool = False,
) -> Iterator[Mailbox]:
    """The server while the block runs.

    `certificate` is its own with its key, in one file; `implicit`: encrypted from the first byte."""
    assert (PEERS / "node_modules" / "hoodiecrow-imap").exists(), "run `make peers`"
    port = port or free_ports(1)[0]
    process = subprocess.Popen(
        [
            *("node", "-e", SERVER, str(port), json.dumps(plugins), password),
            *(str(certificate or ""), "yes" if implicit else "no"),
        ],
        cwd=PEERS,
        env=node_environment(),
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 5).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise AssertionError("hoodiecrow does not answer")
        yield Mailbox(port, password)
    finally:
        process.terminate()
        process.wait(20)
