"""Spanish."""

from desk.languages.words import Words

WORDS = Words(
    days="de {first} a {last}",
    span="de {start} a {end}",
    moment="el {day} a las {time}",
    time="H:mm",
    day="EEEE d 'de' MMMM",
    date="long",
)
