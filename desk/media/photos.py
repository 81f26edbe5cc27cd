"""Photos: how large one may be, and what a person is told when one cannot be kept. Nothing here opens a picture."""

from dataclasses import dataclass

from desk.model import DeskError

LONGEST_SIDE = 2_560  # pixels kept: a pothole and a licence plate stay legible

SENTENCES = {
    "not_a_photo": "This file is not a photo we can show. Send a JPEG, PNG, WebP, HEIC or GIF picture.",
    "photo_kind": "We cannot open this kind of picture, such as AVIF or TIFF. Nothing was kept. "
    "Send it as a JPEG or PNG, or send a screenshot of it.",
    "photo_too_many_pixels": "This picture has too many pixels. Nothing was kept. "
    "Send a smaller one, or save it as a JPEG first.",
    "photo_damaged": "This picture is damaged and cannot be opened. Nothing was kept. Send another one.",
    "photo_empty": "The photo was empty. Nothing was kept. Choose it again and send it.",
    "document_damaged": "This PDF is not complete. Nothing was kept. Send it again, or send photos of its pages.",
    "document_unsafe": "The virus scanner did not accept this PDF. Nothing was kept. Send photos of its pages instead.",
    "not_scanned": "PDFs cannot be checked for viruses at the moment. This one was not kept. "
    "Send it again later, or send photos of its pages.",
    "photo_busy": "We are working on many photos at the moment. This one was not kept. "
    "Send it again in a moment.",
    "photo_quota": "You have sent many photos today, and we cannot keep more. This one was not kept. "
    "Send your message without it, or send the photo tomorrow.",
    "no_room": "We cannot keep photos at the moment. Nothing was kept. Send your message without the photo.",
}
"""What the person is told, by code."""


class BadPhoto(DeskError):
    """A photo cannot be kept. `code` is one of SENTENCES or photo_too_large; `retry_after` is in seconds, where a
    later try can succeed."""

    def __init__(self, code: str, sentence: str | None = None, *, retry_after: float | None = None) -> None:
        super().__init__(sentence or SENTENCES[code])
        self.code = code
        self.retry_after = retry_after


def too_large(limit: int) -> BadPhoto:
    """The refusal of a file above `limit` bytes."""
    return BadPhoto(
        "photo_too_large",
        f"This photo is larger than {limit // 1_048_576} MB. Nothing was kept. Send a smaller one.",
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """How large a kept photo may be: `longest` in pixels. With `most` (bytes) it becomes a JPEG of at most that size;
    without, it takes no more room on disk than the file that was sent."""

    longest: int = LONGEST_SIDE
    most: int | None = None


TO_KEEP = Fit()
TO_SEND = Fit(1_600, 1_000_000)
"""What every provider takes: LINE shows a preview of 1 MB at most, the others take 5 MB and more (docs/channels.md)."""
