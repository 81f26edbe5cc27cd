"""How people write places in one language, as far as towns are recognised (city/outside/elsewhere.py)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """All in lower case, without accents. `within` precedes a town, `articles` may stand before a name. `streets_after` and
    `streets_before` are kinds of street, which follow or precede a street's name. `one` are words for any one of them, and `along` leads to a street. `parts` are parts of a town.
    `no_places` are entries of the world's lists of places that are no towns, or common words.
    """

    within: str = ""
    articles: str = ""
    streets_after: str = ""
    streets_before: str = ""
    one: str = ""
    along: str = ""
    parts: str = ""
    no_places: tuple[str, ...] = ()
