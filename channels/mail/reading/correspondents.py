"""Who writes to whom, as far as the recognition of quotes needs it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from channels.languages.mail import MAIL_WORDS

ADDRESS = re.compile(r"[^\s@<>(),:;\"\\\[\]']{1,64}@[^\s@<>(),:;\"\\\[\]']{1,253}")
SEPARATORS = "+-="  # between a mailbox and a detail
LONGEST_PREFIX = 8  # characters of what a program writes before a subject
_TOKEN = re.compile(r"[a-z2-7]{26}\.[a-z2-7]{16}")
_REPLIES = frozenset(
    ("re", "aw", "sv", "vs", "antw", "r", "rif", "res", "resp", "odp", "rép", "ref", "отв", "ответ", "відп")
)
"""What programs write before the subject of an answer, in all languages."""
_FORWARDS = tuple(sorted({word for words in MAIL_WORDS.values() for word in words.forwards}))


@dataclass(frozen=True, slots=True)
class Correspondents:
    """`own` are the inbox's addresses, `sender` and `name` the author's. `answers_us`: it is a reply to a mail of
    ours; `answers_others`: to other mails alone; neither is known if it names no mail. `forwards`: its subject says
    that it passes on another mail. `begins`: nothing says that it answers any mail, so all of it is the author's.
    `subject` is the mail's own."""

    own: Sequence[str] = ()
    sender: str = ""
    name: str = ""
    answers_us: bool = True
    answers_others: bool = False
    forwards: bool = False
    begins: bool = False
    subject: str = ""

    def is_own(self, address: str) -> bool:
        """Whether this is an address of the inbox, with or without a detail (help+detail@)."""
        local, _, domain = address.lower().rpartition("@")
        for one in self.own:
            own_local, _, own_domain = one.lower().rpartition("@")
            if domain != own_domain:
                continue
            if local == own_local or (local.startswith(own_local) and local[len(own_local)] in SEPARATORS):
                return True
        return False

    def names_own(self, text: str) -> bool:
        """Whether an address of the inbox is in this text."""
        return "@" in text and any(self.is_own(found) for found in ADDRESS.findall(text))

    def names_others(self, text: str) -> bool:
        """Whether this text names only people other than the inbox and the author: it is no mail of this
        conversation. False if that cannot be known."""
        if not self.own or "@" not in text:
            return False
        found = ADDRESS.findall(text)
        return bool(found) and not any(
            self.is_own(one) or one.lower() == self.sender.lower() for one in found
        )

    def without_own(self, text: str) -> str:
        """The text without the inbox's addresses, so that they are not taken for the citizen's."""
        if not self.names_own(text):
            return text
        return ADDRESS.sub(lambda found: "" if self.is_own(found[0]) else found[0], text).replace("<>", "")


def correspondents(
    own: str, sender: str, name: str | None, subject: str, recipients: str, references: Sequence[str]
) -> Correspondents:
    """From the headers of a mail to the inbox `own`; without `own` every mail may answer one of ours.

    A reply names a mail of ours, or goes to an address that we made for it. The channel decides whether that
    is proven; here it only means that the quoted text is ours."""
    domain = own.rpartition("@")[2].lower()
    answers = any(one.lower().rstrip(">").endswith(f"@{domain}") for one in references)
    about = Correspondents(
        (own,) if own else (), sender, name or "", forwards=is_forward(subject), subject=subject
    )
    made = any(about.is_own(one) and _TOKEN.search(one.lower()) for one in ADDRESS.findall(recipients))
    ours = not own or answers or made
    begins = not ours and not references and not about.forwards and not is_reply(subject)
    return replace(about, answers_us=ours, answers_others=bool(references) and not ours, begins=begins)


def bare_subject(subject: str) -> str:
    """A subject without what programs write before it ("Re: AW[2]: Lamp": "lamp")."""
    left = subject[:300].lower()
    for _ in range(6):
        prefix, colon, rest = left.partition(":")
        if not colon or not 0 < len(prefix.strip()) <= LONGEST_PREFIX or " " in prefix.strip():
            break
        left = rest
    return " ".join(left.split())


def is_reply(subject: str) -> bool:
    """Whether the first prefix of a subject says so ("Re: Heating", "AW[2]: Heizung")."""
    prefix, colon, _ = subject[:60].partition(":")
    return bool(colon) and prefix.partition("[")[0].strip(" (.\u00a0").lower() in _REPLIES


def is_forward(subject: str) -> bool:
    """Whether the first prefix of a subject says so ("Fwd: Heating")."""
    prefix, colon, _ = subject[:60].partition(":")
    return bool(colon) and prefix.strip(" [(").lower() in _FORWARDS
