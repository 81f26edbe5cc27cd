"""Messenger: 2,000 characters, three buttons below 640 of them, thirteen quick replies."""

from tests.support.specimens.base import utf16
from tests.support.specimens.meta_messaging import specimen, within


def _longest(text: str) -> None:
    assert utf16(text) <= 2_000


SPECIMEN = specimen("messenger", "page", within(_longest, template_buttons=3, files=("image", "file")))
