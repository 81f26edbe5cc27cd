"""Portuguese: its name and those of others. The dialogue's words are not written yet."""

from actions.languages.words import Words

WORDS = Words(name="Português")
