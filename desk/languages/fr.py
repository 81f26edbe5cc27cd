"""French."""

from desk.languages.words import Words

WORDS = Words(
    days="du {first} au {last}",
    span="de {start} à {end}",
    moment="le {day} à {time}",
    time="H 'h' mm",
    day="EEEE d MMMM",
    date="d MMMM y",
    days_word="jours",
    numbers="deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze",
    number_words={"vingt": 20, "trente": 30, "soixante": 60},
    named_times={"midi": 12, "minuit": 0},
)
