"""English."""

from city.languages.words import Words

WORDS = Words(
    within="in at near to",
    articles="the of",
    streets_after="street st road rd avenue ave lane ln drive dr square sq boulevard blvd way court place terrace row",
    along="on by",
    one="a",
    parts="middle centre center heart outskirts suburbs downtown north south east west",
    no_places=(
        "unknown city",
        "world",
        "north",
        "south",
        "west",
        "christmas",
        "easter",
        "midway",
        "wake",
        "male",
        "center",
        "virgin",
        "yap",
        "canary",
    ),
)
