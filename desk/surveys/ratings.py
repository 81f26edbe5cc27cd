"""Interprets a citizen's answer to the satisfaction question. Pure."""

from collections.abc import Sequence

from desk.turns.choice import choose

WORST, BEST = 1, 5
SORRY = 2
"""Up to this rating we ask whether it is solved."""
_LONGEST = 60
_STARS = "★⭐*"


def read_rating(text: str, titles: Sequence[str]) -> int | None:
    """The rating, 1 to 5, of a text that says nothing else: a number, a number word, a title, "4/5" or stars. None for
    anything else, which is a new question. `titles` are those of the buttons, the worst first."""
    said = text.strip()
    if not said or len(said) > _LONGEST:
        return None
    stars = said.replace(" ", "").replace("\ufe0f", "")
    if stars and all(character in _STARS for character in stars):
        return len(stars) if len(stars) <= BEST else None
    whole, slash, five = said.partition("/")
    if slash and five.strip().rstrip(".!") == str(BEST):
        said = whole.strip()
    while said and (said[-1] in _STARS or said[-1] == "\ufe0f"):
        said = said[:-1].rstrip()
    place = choose(said, titles)
    return place + 1 if place is not None else None
