"""Spanish."""

from desk.languages.words import Words

WORDS = Words(
    days="de {first} a {last}",
    span="de {start} a {end}",
    moment="el {day} a las {time}",
    time="H:mm",
    day="EEEE d 'de' MMMM",
    date="long",
    days_word="días",
    numbers="dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
    number_words={"ambos": 2, "ambas": 2, "veinte": 20, "treinta": 30, "sesenta": 60},
    named_times={"mediodía": 12, "medianoche": 0},
)
