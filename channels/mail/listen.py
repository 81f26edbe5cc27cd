"""Listening to a mailbox: each new mail is taken, kept, and only then marked. It comes back by itself after any trouble."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import SystemRandom

import structlog

from channels.errors import InboxBroken, MalformedPayload, NotAuthentic
from channels.mail.imap import AWAY, Account, Mailbox, MailboxRefused

log = structlog.get_logger("email")

Take = Callable[[int, int, bytes], Awaitable[None]]
"""UIDVALIDITY, UID and the mail; returns once it is committed."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, but for the tries.

    `idle` is short against the 29 minutes of RFC 2177: a mail that comes between the search and the IDLE is told of
    in a moment when we do not look, and is found at the next round.
    """

    idle: float = 10.0
    poll: float = 20.0  # where the server has no IDLE
    first: float = 1.0
    longest: float = 300.0
    refused: float = 20.0
    refusals: int = 3  # mail servers refuse a right password now and then
    tries: int = 8


async def listen(account: Account, take: Take, inbox: str, patience: Patience) -> None:
    """Until cancelled. Raises InboxBroken once user, password or folder are refused again and again."""
    troubles: Counter[tuple[int, int]] = Counter()
    failures = refusals = 0
    while True:
        try:
            async with account.open() as mailbox:
                refusals = 0
                log.info("mailbox_open", inbox=inbox)
                while True:
                    done, left = await _round(mailbox, take, inbox, patience, troubles)
                    failures = failures + 1 if left else 0
                    if left:
                        await asyncio.sleep(_backoff(patience, failures))
                    elif not done:
                        # Only after a search that found nothing: more may have come while the last ones were taken.
                        await mailbox.wait(patience.idle if await mailbox.idles() else patience.poll)
        except MailboxRefused as error:
            refusals += 1
            if refusals >= patience.refusals:
                raise InboxBroken(str(error), "imap") from None
            log.warning("mailbox_refused", inbox=inbox, reason=str(error))
            await asyncio.sleep(patience.refused)
        except AWAY as error:
            failures += 1
            log.warning("mailbox_away", inbox=inbox, error=type(error).__name__)
            await asyncio.sleep(_backoff(patience, failures))


async def _round(
    mailbox: Mailbox, take: Take, inbox: str, patience: Patience, troubles: Counter[tuple[int, int]]
) -> tuple[int, int]:
    """Take what is new: how many are done with, and how many have to be tried again."""
    kept, aside, failed = 0, 0, []
    for uid in await mailbox.unseen():
        place = mailbox.validity, uid
        raw = await mailbox.fetch(uid)
        if raw is None:
            continue
        try:
            await take(mailbox.validity, uid, raw)
        except (MalformedPayload, NotAuthentic) as error:
            log.error("mail_set_aside", inbox=inbox, uid=uid, reason=str(error))
            await mailbox.set_aside(uid)
            aside += 1
        except Exception as error:
            # The database is away, most likely: the mail stays unseen in its mailbox, which is as safe.
            troubles[place] += 1
            failed.append(uid)
            log.warning("mail_not_kept", inbox=inbox, uid=uid, error=type(error).__name__)
        else:
            troubles.pop(place, None)
            kept += 1
            await mailbox.seen(uid)
    for uid in failed if kept else ():
        # Others were kept, so it is this mail and not the database.
        if troubles[mailbox.validity, uid] >= patience.tries:
            log.error("mail_set_aside", inbox=inbox, uid=uid, reason="it could not be kept")
            await mailbox.set_aside(uid)
    return kept + aside, len(failed)


def _backoff(patience: Patience, failures: int) -> float:
    return float(
        SystemRandom().uniform(0.5, 1.0) * min(patience.longest, patience.first * 2 ** min(failures - 1, 20))
    )
