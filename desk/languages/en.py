"""English."""

from desk.languages.words import Words

WORDS = Words(
    days="{first} to {last}",
    span="{start} to {end}",
    moment="{day} at {time}",
    time="h:mm a",
    day="EEEE, MMMM d",
    date="MMMM d, y",
)
