"""The words of one language that a channel itself has to write or recognise. Everything else comes from
content/.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """`share_location` labels a button that sends a pin and `choose` one that opens a list: 20 characters at
    most.

    `photo` precedes the address of a picture if the channel cannot show pictures. `greeting` is the text that
    a tap on a platform's Start button stands for. `subject` is for a mail that is not a reply and has no
    subject. `polite` may stand beside `stop`. `get_started` are the titles of Start buttons as other builders write them, normalised as `stop`. `stop` and `start` end and resume text messages; they are normalised: lower case, no accents.
    """

    share_location: str
    choose: str
    photo: str
    greeting: str
    subject: str = ""
    get_started: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
