"""Italian."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Invia posizione",
    choose="Scegli",
    photo="Foto",
    greeting="Buongiorno!",
    get_started=("inizia", "per iniziare", "iniziamo", "comincia"),
    subject="Il suo messaggio",
    stop=(
        "disiscrivimi",
        "disiscriviti",
        "cancellami",
        "niente piu sms",
        "cancellatemi",
        "basta messaggi",
        "niente piu messaggi",
        "non scrivetemi piu",
    ),
    polite=(
        "tante grazie",
        "grazie tante",
        "per cortesia",
        "subito",
        "per favore",
        "grazie",
        "grazie mille",
        "prego",
    ),
)
