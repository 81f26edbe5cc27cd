"""The reasons for refusing a request body, each as a sentence for the person who sent it."""


class BodyRefused(Exception):
    """`status` is 400, 408, 413, 429 or 507, `code` is stable for programs, and the text is for people."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence


def unreadable() -> BodyRefused:
    """The body is not a UTF-8 form, or it has more parts or longer names than any of our forms."""
    return BodyRefused(
        400,
        "form_unreadable",
        "This form could not be read. Nothing was changed. Reload the page and try again.",
    )


def too_large() -> BodyRefused:
    """The body is larger than this endpoint accepts."""
    return BodyRefused(
        413, "too_large", "This is too large to send. Nothing was changed. Send less and try again."
    )


def too_many_bodies() -> BodyRefused:
    """Other bodies take all the memory that there is for them."""
    return BodyRefused(
        429, "busy", "Too much is arriving at the moment. Nothing was changed. Please try again in a moment."
    )


def no_space() -> BodyRefused:
    """There is no space for the files of the form."""
    return BodyRefused(
        507, "no_room", "We cannot take photos at the moment. Nothing was kept. Send it without the photo."
    )


def too_slow() -> BodyRefused:
    """The body did not arrive in time."""
    return BodyRefused(
        408, "too_slow", "This took too long to arrive. Nothing was changed. Please try again."
    )
