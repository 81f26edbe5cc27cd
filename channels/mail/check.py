"""Checks an e-mail inbox and reports to the operator in sentences."""

from channels.base import Finding, InboxBroken, RetryLater
from channels.mail.imap import AWAY, Account, MailboxRefused
from channels.mail.smtp import Server


async def look(account: Account, server: Server, authority: str, poll: float) -> list[Finding]:
    """Sign in to both servers without changing anything. Raises nothing."""
    found = [await _mailbox(account, poll), await _sending(server)]
    if not authority:
        todo = (
            "Set 'authority' to the first word of Authentication-Results in a mail that your server took in."
        )
        found.append(Finding("who is verified: only who answers a mail of ours", False, todo))
    return found


async def _mailbox(account: Account, poll: float) -> Finding:
    try:
        async with account.open() as mailbox:
            if await mailbox.idles():
                return Finding("mailbox", True)
            return Finding(
                f"mailbox; it cannot tell of news (IDLE), so it is asked every {poll:.0f} seconds", True
            )
    except MailboxRefused as error:
        return Finding("mailbox", False, f"{_sentence(error)} Check user, password and imap_folder.")
    except AWAY as error:
        return Finding(
            "mailbox", False, f"No connection ({type(error).__name__}). Check imap_host and imap_port."
        )


async def _sending(server: Server) -> Finding:
    try:
        await server.look()
    except InboxBroken as error:
        return Finding("sending", False, f"{_sentence(error)} Check user and password.")
    except RetryLater as error:
        return Finding("sending", False, f"{_sentence(error)} Check smtp_host and smtp_port.")
    return Finding("sending", True)


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
