"""Portuguese."""

from desk.languages.words import Words

WORDS = Words(
    days="de {first} a {last}",
    span="das {start} às {end}",
    moment="{day}, às {time}",
    time="HH:mm",
    day="EEEE, d 'de' MMMM",
    date="long",
)
