"""Instagram: 1,000 bytes, quick replies only, images only."""

from tests.support.specimens.meta_messaging import specimen, within


def _longest(text: str) -> None:
    assert len(text.encode()) <= 1_000


SPECIMEN = specimen(
    "instagram",
    "instagram",
    within(_longest, template_buttons=0, files=("image",)),
    signing_secret="the-secret-of-instagram-login",
)
