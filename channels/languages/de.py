"""German."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Standort senden",
    choose="Auswählen",
    photo="Foto",
    greeting="Hallo!",
    get_started=("los gehts", "loslegen", "starten", "jetzt starten"),
    subject="Ihre Nachricht an uns",
    stop=(
        "stopp",
        "stopp sms",
        "austragen",
        "abmelden",
        "abbestellen",
        "bitte abmelden",
        "keine nachrichten mehr",
        "keine sms mehr",
    ),
    polite=(
        "besten dank",
        "danke sehr",
        "dankeschon",
        "danke im voraus",
        "sofort",
        "mfg",
        "lg",
        "bitte",
        "danke",
        "vielen dank",
        "danke schon",
        "jetzt",
    ),
)
