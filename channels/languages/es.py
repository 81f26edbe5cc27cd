"""Spanish."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Enviar ubicación",
    choose="Elegir",
    photo="Foto",
    greeting="Hola",
    get_started=("empezar", "comenzar", "iniciar", "primeros pasos", "empecemos", "comencemos"),
    subject="Su mensaje",
    stop=("alto", "parar", "pare", "baja", "cancelar", "detener"),
    start=("iniciar", "alta", "reanudar"),
)
