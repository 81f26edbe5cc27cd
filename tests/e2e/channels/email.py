"""A mail provider, as far as a conversation needs it: hoodiecrow keeps the mailbox, aiosmtpd takes what we send."""

import base64
import contextlib
import email
import email.policy
import itertools
from collections.abc import Mapping
from email.message import EmailMessage

from aiohttp import web

from channels.base import Request
from tests.e2e.channels.platform import Platform, Seen
from tests.support.imap_peer import Mailbox, imap_server
from tests.support.mail_side import ADDRESS, CITIZEN, PASSWORD, SETTINGS, smtp_server
from tests.support.specimens.email import within


class Email(Platform):
    """A mailbox at a provider, and a citizen's mail program, which quotes what it answers."""

    channel = "email"
    called = "Ana Diaz"

    def __init__(self) -> None:
        super().__init__()
        self._numbers = itertools.count(1)
        self._open = contextlib.ExitStack()
        self._mailbox: Mailbox | None = None
        self._smtp = contextlib.AsyncExitStack()
        self._smtp_port = 0
        self._last: EmailMessage | None = None

    @property
    def settings(self) -> Mapping[str, str]:
        assert self._mailbox is not None
        return {**SETTINGS, "imap_port": str(self._mailbox.port), "smtp_port": str(self._smtp_port)}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.refused.append(f"{request.method} {request.path}")
        return web.Response(status=404)

    def start(self) -> None:
        super().start()
        self._mailbox = self._open.enter_context(imap_server(PASSWORD))
        taken = self.run(self._smtp.enter_async_context(smtp_server()))
        taken.heard = self._heard
        self._smtp_port = taken.port

    def stop(self) -> None:
        self._open.close()
        self.run(self._smtp.aclose())
        super().stop()

    def _heard(self, raw: bytes) -> None:
        """A mail of ours arrives at the citizen's."""
        got = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(got, EmailMessage)
        plain, html = got.get_body(("plain",)), got.get_body(("html",))
        try:
            assert plain is not None and html is not None
            text = str(plain.get_content()).replace("\r\n", "\n")
            payload = {
                "to": str(got["To"]),
                "message_id": str(got["Message-ID"]),
                "reply_to": str(got["Reply-To"].addresses[0].addr_spec),
                "subject": str(got["Subject"]),
                "language": str(got["Content-Language"]),
                "references": str(got["References"] or "").split(),
            }
            within(Request("mail", payload))
            assert got["Subject"] == "Re: Broken light"
            assert (got["Auto-Submitted"] is None) == ("Peacocks need" in text or "Nothing at all" in text)
        except (AssertionError, KeyError, TypeError) as error:
            self.refused.append(f"{error!r}: {got}")
            return
        self._last = got
        pictures = [one for one in got.walk() if one.get_content_maintype() == "image"]
        files = [base64.b64encode(one.get_content()).decode() for one in pictures]
        self.seen.append(Seen(text, files=tuple(f"data:image/jpeg;base64,{one}" for one in files)))

    def _write(self, text: str, photo: bytes | None = None) -> None:
        message = EmailMessage()
        message["From"] = f"Ana Diaz <{CITIZEN}>"
        message["Message-ID"] = f"<{next(self._numbers)}@mail.example>"
        if self._last is None:
            message["To"], message["Subject"] = ADDRESS, "Broken light"
            message.set_content(text)
        else:
            message["To"] = self._last["Reply-To"].addresses[0].addr_spec
            message["Subject"] = self._last["Subject"]
            message["In-Reply-To"] = self._last["Message-ID"]
            message["References"] = f"{self._last['References'] or ''} {self._last['Message-ID']}".strip()
            quoted = "\n".join(f"> {line}" for line in self.seen[-1].text.splitlines())
            message.set_content(f"{text}\n\nOn Sun, Nov 22, 2026 City wrote:\n{quoted}\n\n-- \nAna Diaz\n")
        if photo is not None:
            message.add_attachment(photo, maintype="image", subtype="jpeg", filename="light.jpg")
        assert self._mailbox is not None
        self._mailbox.put(message.as_bytes(policy=email.policy.SMTP))

    def say(self, text: str) -> None:
        self._write(text)

    def press(self, title: str) -> None:
        self.say(self.tapped(title))

    def send_photo(self, photo: bytes) -> None:
        self._write("", photo)

    def tell_where(self) -> str:
        self.say("12 Elm Street")
        return "12 Elm Street"
