"""What mail programs add around a reply or a forward in one language, and what people write below it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MailWords:
    """All in lower case, with accents; apostrophes are straight.

    `sender`, `sent`, `to`, `copy`, `reply_to` and `subject` are the names in the header that a program copies
    above an old mail. `starts` begin an attribution ("on Monday …") and `wrote` is its verb; `i_wrote` means
    that the citizen quotes their own words. `original` and `forwarded` stand between hyphens above an old mail.
    `forwards` begin a forward's subject, `automatic` that of an automatic answer (with a colon: only
    before one), `receipts` that of a receipt. `advertisements` are added
    by apps below a text; "*" stands for anything. `closings` stand before a name; `choices` are answers of one
    word; `below` says that the answers are inside the quoted mail; `secret` is in what
    companies write below every mail ("This e-mail is confidential"); `towards` stand before a recipient in a sentence, and `whose` before a person of the citizen's
    ("my landlord wrote:"). `myself` are words of somebody who speaks of themselves: a signature and a company's notice have none.
    """

    sender: tuple[str, ...]
    sent: tuple[str, ...]
    to: tuple[str, ...]
    copy: tuple[str, ...]
    subject: tuple[str, ...]
    starts: tuple[str, ...]
    wrote: tuple[str, ...]
    original: tuple[str, ...]
    forwarded: tuple[str, ...]
    advertisements: tuple[str, ...]
    closings: tuple[str, ...]
    choices: tuple[str, ...]
    reply_to: tuple[str, ...] = ()
    i_wrote: tuple[str, ...] = ()
    forwards: tuple[str, ...] = ()
    automatic: tuple[str, ...] = ()
    receipts: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    towards: tuple[str, ...] = ()
    whose: tuple[str, ...] = ()
    myself: tuple[str, ...] = ()
