"""German."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Standort senden",
    choose="Auswählen",
    photo="Foto",
    greeting="Hallo",
    subject="Ihre Nachricht an uns",
)
