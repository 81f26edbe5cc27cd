"""The settings of an e-mail inbox, and the two servers, the threads and the signature built from them."""

import re
from dataclasses import dataclass, field

from channels.base import Setting
from channels.kit.calls import keeps_secret
from channels.kit.setup import ChannelSetup, InboxError
from channels.kit.signatures import Signature
from channels.mail.imap import Account
from channels.mail.smtp import Server
from channels.mail.thread import Threads

SETTINGS = (
    Setting("address", "The inbox's address, like help@city.example. No person should read mail there."),
    Setting("name", "The name beside the address, like City of Lindenport.", required=False),
    Setting("imap_host", "Your mail provider's IMAP server."),
    Setting("imap_port", "993, or 143 with STARTTLS.", required=False, default="993"),
    Setting("imap_folder", "The folder to listen to.", required=False, default="INBOX"),
    Setting("smtp_host", "Your mail provider's SMTP server, for submission."),
    Setting("smtp_port", "587 with STARTTLS, or 465.", required=False, default="587"),
    Setting("user", "The user of both servers, if it is not the address.", required=False),
    Setting("password", "The user's password, or one for applications.", secret=True),
    Setting("thread_secret", "Any long random text. It signs reply addresses; keep it.", secret=True),
    Setting(
        "subaddress",
        "What your server puts between the mailbox and a detail: help+detail@. 'none' if it knows no such thing.",
        required=False,
        default="+",
    ),
    Setting(
        "authority",
        "The name your mail server writes first in Authentication-Results. Without it no sender counts as verified.",
        required=False,
    ),
    Setting(
        "lists",
        "If the address is itself a group or a mailing list: its List-ID or address, several with commas between.",
        required=False,
    ),
)


@dataclass(frozen=True, slots=True)
class MailInbox:
    """`arrivals` signs what the listener delivers; `authority` is the trusted authserv-id in
    Authentication-Results; `lists` are the city's own lists."""

    name: str
    account: Account
    server: Server
    threads: Threads
    arrivals: Signature = field(repr=False)
    authority: str = ""
    lists: tuple[str, ...] = ()


def mail_inbox(setup: ChannelSetup) -> MailInbox:
    """Built from an inbox's settings. Raises InboxError, or ValueError for a missing secret, with a sentence."""
    given = setup.settings
    address = given.get("address", "").lower()
    if not re.fullmatch(r"[a-z0-9._-]{1,20}@[a-z0-9.-]+", address):
        # The part before the @ may have 64 characters, and the signed token takes 44 of them.
        raise InboxError(
            f"The inbox '{setup.inbox}' needs an 'address' like help@city.example, with 20 characters at most before the @."
        )
    secret, password = given.get("thread_secret", ""), given.get("password", "")
    if not password:
        raise ValueError(f"The inbox '{setup.inbox}' has no 'password'. Set it and start again.")
    user, separator = given.get("user") or address, given.get("subaddress") or "+"
    imap, smtp = given.get("imap_host", ""), given.get("smtp_host", "")
    return MailInbox(
        name=given.get("name", ""),
        account=Account(
            imap,
            _port(given.get("imap_port"), 993),
            user,
            password,
            given.get("imap_folder") or "INBOX",
            tls=not _this_machine(imap),
        ),
        server=Server(smtp, _port(given.get("smtp_port"), 587), user, password, tls=not _this_machine(smtp)),
        threads=Threads(address, secret, "" if separator == "none" else separator),
        arrivals=Signature(secret),
        authority=given.get("authority", ""),
        lists=tuple(one.strip().lower() for one in given.get("lists", "").split(",") if one.strip()),
    )


def _port(given: str | None, usual: int) -> int:
    if given and not given.isdigit():
        raise InboxError(f"'{given}' is no port. The usual one is {usual}.")
    return int(given or usual)


def _this_machine(host: str) -> bool:
    """True if traffic stays on this machine, so nothing has to be encrypted."""
    return keeps_secret(f"http://[{host}]" if ":" in host else f"http://{host}")
