"""Listens to a mailbox: each new mail is counted, read, stored, and only then marked. The listener recovers
from any failure by itself. A mail that cannot be read is flagged after a few attempts and never delays the
others.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from random import SystemRandom
from typing import Protocol

import structlog
from imapclient.exceptions import IMAPClientError

from channels.base import Tries
from channels.errors import InboxBroken, MalformedPayload, NotAuthentic, RetryLater
from channels.mail.imap import AWAY, LOST, Account, Mailbox, MailboxRefused
from channels.mail.reader import TooCostly
from channels.mail.reading.limits import Unreadable

log = structlog.get_logger("email")

FEWEST_REFUSALS = 3
"""If the server refuses this many mails and gives none in one round, it has a problem, and is asked again later. One
mail that it gives proves that the others are at fault."""
TROUBLE = "[UNAVAILABLE]"
"""RFC 5530: the server says itself that no mail is at fault."""
PROOF_SECONDS = 120.0
"""How long a mail that was given proves that."""


class Handling(Protocol):
    """Processes a mail. Each method returns once it is committed; false if the mail is gone.

    Raises TooCostly, MalformedPayload, NotAuthentic, RetryLater, one of AWAY, or anything else.
    """

    async def take(self, mailbox: Mailbox, uid: int) -> bool:
        """Read the mail and store it."""
        ...

    async def tell(self, mailbox: Mailbox, uid: int, reason: Unreadable) -> bool:
        """Tell an agent that the mail could not be read, from its headers alone."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """Intervals in seconds, and the maximum numbers of tries and refusals.

    `idle` is short compared with the 29 minutes of RFC 2177: a mail that arrives between the search and the
    IDLE may be announced while we are not reading, and is found in the next round.
    """

    idle: float = 10.0
    poll: float = 20.0  # if the server has no IDLE
    first: float = 1.0
    longest: float = 300.0
    refused: float = 20.0
    refusals: int = 3  # mail servers occasionally refuse a correct password
    tries: int = 3
    again: float = 5.0  # before the second attempt at a mail; doubled for each further one


class Listener:
    """Listens to one mailbox."""

    def __init__(
        self, account: Account, handling: Handling, tries: Tries, inbox: str, patience: Patience
    ) -> None:
        self._account = account
        self._handling = handling
        self._tries = tries
        self._inbox = inbox
        self._patience = patience
        self._due: dict[str, float] = {}  # mails that failed, and when each is retried
        self._given_up: set[str] = set()  # mails that the server does not allow to be marked
        self._why: dict[str, Unreadable] = {}  # mails that failed for another reason than reading them
        self._gone: set[str] = set()  # mails that were listed, and that the server did not give
        self._took_at: float | None = None  # when a mail was taken last over this connection

    async def run(self) -> None:
        """Runs until cancelled. Raises InboxBroken once user, password or folder are refused repeatedly."""
        failures = refusals = 0
        while True:
            try:
                async with self._account.open() as mailbox:
                    refusals, self._took_at = 0, None
                    log.info("mailbox_open", inbox=self._inbox)
                    while True:
                        try:
                            found = await self._round(mailbox)
                        except RetryLater as error:
                            # Nothing can be stored: the mails stay unseen in their mailbox, where they are
                            # just as safe.
                            failures += 1
                            log.warning("mails_wait", inbox=self._inbox, reason=str(error))
                            await asyncio.sleep(self._backoff(failures))
                            continue
                        failures = 0
                        if not found:
                            # Only after a search that found nothing: more may have arrived during the last
                            # round.
                            await self._wait(mailbox)
            except MailboxRefused as error:
                refusals += 1
                if refusals >= self._patience.refusals:
                    raise InboxBroken(str(error), "imap") from None
                log.warning("mailbox_refused", inbox=self._inbox, reason=str(error))
                await asyncio.sleep(self._patience.refused)
            except AWAY as error:
                # A server that hangs up over one mail gave others before: it is asked for the rest at once.
                failures = failures + 1 if self._took_at is None else 1
                log.warning("mailbox_away", inbox=self._inbox, error=type(error).__name__)
                await asyncio.sleep(self._backoff(failures))

    async def _round(self, mailbox: Mailbox) -> int:
        """Process the new mails; returns how many were attempted."""
        given_up = {_uid(place) for place in self._given_up if place.startswith(f"{mailbox.validity}.")}
        unseen = await mailbox.unseen(given_up)
        now = asyncio.get_running_loop().time()
        places = {f"{mailbox.validity}.{uid}": uid for uid in unseen}
        self._due = {place: due for place, due in self._due.items() if place in places}
        for place in self._gone - places.keys():
            await self._forget(place)  # really gone: somebody deleted it
        ready = [place for place in places if self._due.get(place, now) <= now]
        # Mails that failed before come last, so that whatever is wrong with them does not delay the others.
        ready.sort(key=lambda place: place in self._due)
        refused: list[str] = []
        error: IMAPClientError | None = None
        for place in ready:
            said = await self._one(mailbox, places[place], place)
            if said is not None:
                refused.append(place)
                error = said
        proved = self._took_at is not None and self._took_at > now - PROOF_SECONDS
        if error is not None and len(refused) == len(ready) >= FEWEST_REFUSALS and not proved:
            # The server refuses every request: no mail is at fault.
            for each in refused:
                await self._forget(each)
            raise error
        return len(ready)

    async def _one(self, mailbox: Mailbox, uid: int, place: str) -> IMAPClientError | None:
        """Process one mail; returns what the server said if it refused to give it or to mark it."""
        # Counted before any of it is read, so that a mail that crashes this process is recognised by its
        # count.
        count = await self._tries.count(place)
        try:
            if count > self._patience.tries:
                tell = count <= 2 * self._patience.tries
                await self._set_aside(mailbox, uid, place, self._why.pop(place, "tries"), tell=tell)
                return None
            if not await self._handling.take(mailbox, uid):
                self._gone.add(place)
                self._why[place] = "refused"
                self._later(place, count)  # listed again, it is a mail that the server cannot give
                return None
            self._took_at = asyncio.get_running_loop().time()
            await self._mark(mailbox.seen, uid, place)
            await self._forget(place)
        except TooCostly as error:
            # It would be just as expensive the next time.
            await self._set_aside(mailbox, uid, place, error.reason, tell=True)
        except (MalformedPayload, NotAuthentic):
            await self._set_aside(mailbox, uid, place, "no_mail", tell=True)
        except RetryLater:
            await self._forget(place)  # the mail is not at fault
            raise
        except LOST:
            self._later(place, count)  # others first, in case the server fails on this mail
            raise
        except IMAPClientError as error:
            if TROUBLE in str(error).upper():
                await self._forget(place)
                raise
            log.warning("mail_refused", inbox=self._inbox, uid=uid, tries=count)
            self._why[place] = "refused"
            self._later(place, count)
            return error
        except Exception as error:
            log.warning(
                "mail_not_kept", inbox=self._inbox, uid=uid, tries=count, error=_named(error)
            )  # fmt: skip
            self._later(place, count)
        return None

    async def _set_aside(
        self, mailbox: Mailbox, uid: int, place: str, reason: Unreadable, *, tell: bool
    ) -> None:
        """Flag it for a person after telling an agent. If telling the agent fails, it is flagged all the
        same."""
        log.error("mail_set_aside", inbox=self._inbox, uid=uid, reason=reason)
        try:
            if tell:
                await self._handling.tell(mailbox, uid, reason)
        except (RetryLater, *LOST):
            raise
        except Exception as error:
            log.error("mail_not_told", inbox=self._inbox, uid=uid, error=_named(error))
        await self._mark(mailbox.set_aside, uid, place)
        await self._forget(place)

    async def _mark(self, mark: Callable[[int], Awaitable[None]], uid: int, place: str) -> None:
        """Mark a mail that is done with. If the server refuses that, it is not looked at again by this process."""
        try:
            await mark(uid)
        except LOST:
            raise
        except IMAPClientError:
            log.error("mail_not_marked", inbox=self._inbox, uid=uid)
            self._given_up.add(place)

    async def _forget(self, place: str) -> None:
        self._due.pop(place, None)
        self._why.pop(place, None)
        self._gone.discard(place)
        with suppress(RetryLater):
            await self._tries.forget(place)

    def _later(self, place: str, count: int) -> None:
        now = asyncio.get_running_loop().time()
        self._due[place] = now + min(self._patience.longest, self._patience.again * 2 ** (count - 1))

    async def _wait(self, mailbox: Mailbox) -> None:
        """Wait until the server has news, or until a retry is due."""
        seconds = self._patience.idle if await mailbox.idles() else self._patience.poll
        if self._due:
            seconds = min(seconds, max(0.0, min(self._due.values()) - asyncio.get_running_loop().time()))
        await mailbox.wait(seconds)

    def _backoff(self, failures: int) -> float:
        longest = min(self._patience.longest, self._patience.first * 2 ** min(failures - 1, 20))
        return float(SystemRandom().uniform(0.5, 1.0) * longest)


def _uid(place: str) -> int:
    return int(place.partition(".")[2])


def _named(error: Exception) -> str:
    """The error without any content of the mail: only our own errors have a text that is safe to store."""
    safe = type(error).__module__.startswith("channels.")
    return f"{type(error).__name__}: {error}" if safe else type(error).__name__
