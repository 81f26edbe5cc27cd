"""Portuguese."""

from city.languages.words import Words

WORDS = Words(
    within="em",
    articles="da do",
)
