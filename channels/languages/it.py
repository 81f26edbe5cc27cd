"""Italian."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Invia posizione",
    choose="Scegli",
    photo="Foto",
    greeting="Ciao",
    subject="Il suo messaggio",
)
