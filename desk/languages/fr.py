"""French."""

from desk.languages.words import Words

WORDS = Words(
    days="du {first} au {last}",
    span="de {start} à {end}",
    moment="le {day} à {time}",
    time="H 'h' mm",
    day="EEEE d MMMM",
    date="d MMMM y",
)
