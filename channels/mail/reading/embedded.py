"""Pictures that a web page of a mail program wrote into the HTML itself (`<img src="data:image/jpeg;base64,…">`). They are
named and not shown; without them the words around stay within what is read. Linear."""

import re
from collections.abc import Sequence

from channels.mail.reading.images import SMALLEST_INLINE
from channels.mail.reading.mail import File

MOST_BYTES = 16 * 1024 * 1024  # of HTML that is searched for them
_PICTURE = re.compile(rb"data:(image/[a-zA-Z0-9.+-]{1,40});base64,[A-Za-z0-9+/=\s%]*", re.IGNORECASE)


def without_embedded(html: bytes) -> tuple[bytes, Sequence[File]]:
    """The HTML without them, and those that are no logos."""
    if b"data:image" not in html:
        return html, ()
    found: list[File] = []

    def named(picture: re.Match[bytes]) -> bytes:
        if len(picture[0]) * 3 // 4 >= SMALLEST_INLINE:
            found.append(File(picture[1].decode().lower(), None))
        return b""

    return _PICTURE.sub(named, html), found
