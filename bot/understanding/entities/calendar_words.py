"""How days and times are said. Written without accents, as texts are folded; a new language is one more entry each.

NEXT, LAST, THIS, AHEAD and AGO are (what stands before, what stands after).
"""

DAYS = {
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0, "tomorrow": 1, "yesterday": -1,
    "day after tomorrow": 2, "day before yesterday": -2, "last night": -1,
    "hoy": 0, "esta noche": 0, "esta manana": 0, "esta tarde": 0, "manana": 1, "manana por la manana": 1,
    "manana por la tarde": 1, "manana por la noche": 1, "pasado manana": 2, "ayer": -1, "anoche": -1, "anteayer": -2,
    "antier": -2, "antes de ayer": -2,
    "aujourd'hui": 0, "aujourd’hui": 0, "ce soir": 0, "ce matin": 0, "cet apres-midi": 0, "cette nuit": 0, "demain": 1,
    "apres-demain": 2, "apres demain": 2, "hier": -1, "avant-hier": -2, "avant hier": -2,
    "hoje": 0, "amanha": 1, "depois de amanha": 2, "ontem": -1, "anteontem": -2,
}  # fmt: skip
# "mañana" is the morning here, and no day
MORNINGS = (
    "la manana",
    "por la manana",
    "de la manana",
    "en la manana",
    "las mananas",
    "a media manana",
    "una manana",
)
# No short forms: "mon" and "tue" are French words.
WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "monday lunes lundi",
            "tuesday martes mardi",
            "wednesday miercoles mercredi",
            "thursday jueves jeudi",
            "friday viernes vendredi",
            "saturday sabado samedi",
            "sunday domingo dimanche",
        )
    )
    for word in words.split()
}
NEXT = (
    ("next", "coming", "el proximo", "proximo", "este proximo", "proxima"),
    ("next", "que viene", "proximo", "prochain", "qui vient", "proxima"),
)
LAST = (
    (
        "last",
        "past",
        "since",
        "since last",
        "el pasado",
        "desde el",
        "desde el pasado",
        "depuis",
        "passada",
        "passado",
    ),
    ("pasado", "dernier", "passe", "passado", "passada"),
)
THIS = (("this", "on", "este", "ce", "neste"), ("this week",))
UNITS = {
    "day": ("day", "days", "dia", "dias", "jour", "jours"),
    "week": ("week", "weeks", "semana", "semanas", "semaine", "semaines"),
}
AHEAD = (("in", "within", "en", "dentro de", "dans", "em", "daqui a"), ("from now", "from today"))
AGO = (("hace", "desde hace", "il y a", "depuis", "ha"), ("ago", "atras"))
COUNTS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10,
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "diez": 10, "quince": 15, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "dix": 10,
    "quinze": 15,
}  # fmt: skip
PARTS_OF_DAY = {
    "am": ("am", "a.m.", "a.m", "in the morning", "de la manana", "du matin", "da manha"),
    "pm": (
        "pm", "p.m.", "p.m", "in the afternoon", "in the evening", "at night", "de la tarde", "de la noche",
        "de l'apres-midi", "du soir", "da tarde", "da noite",
    ),
}  # fmt: skip
ON_THE_HOUR = ("a las", "a la", "sobre las", "desde las", "hasta las", "vers", "as")
NAMED_TIMES = {
    "noon": "12:00", "midday": "12:00", "midnight": "00:00", "mediodia": "12:00", "medianoche": "00:00",
    "a midi": "12:00", "midi": "12:00", "minuit": "00:00",
}  # fmt: skip
