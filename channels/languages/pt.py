"""Portuguese."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Enviar localização",
    choose="Escolher",
    photo="Foto",
    greeting="Olá",
    subject="A sua mensagem",
)
