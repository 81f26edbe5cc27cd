"""What a channel has to say or to read by itself in one language. Everything else comes from content/."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`share_location` labels a button that sends a pin and `choose` one that opens a list: 20 characters at most.

    `photo` stands before the address of a picture where the channel shows none. `greeting` is what a tap on a
    platform's Start button means. `subject` is for a mail that answers none and has no subject of its own.
    `stop` and `start` end and resume text messages; they are folded: lower case, no accents.
    """

    share_location: str
    choose: str
    photo: str
    greeting: str
    subject: str = ""
    stop: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
