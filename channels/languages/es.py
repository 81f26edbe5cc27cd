"""Spanish."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Enviar ubicación",
    choose="Elegir",
    photo="Foto",
    greeting="Hola",
    get_started=("empezar", "comenzar", "iniciar", "primeros pasos", "empecemos", "comencemos"),
    subject="Su mensaje",
    # Not "cancelar": in the middle of a report it ends the report.
    stop=(
        *(
            "desuscribir",
            "desuscribirme",
            "no mas sms",
            "alto",
            "parar",
            "baja",
            "darme de baja",
            "dar de baja",
            "detener",
            "no mas mensajes",
        ),
        *("no quiero mas mensajes", "no me envien mas mensajes", "no me envie mas mensajes"),
        *(
            "no me manden mas mensajes",
            "no me mande mas mensajes",
            "dejen de escribirme",
            "deje de escribirme",
        ),
        *("dejen de enviarme mensajes", "deje de enviarme mensajes", "dejen de mandarme mensajes"),
        *("quiero darme de baja", "borrenme", "eliminenme"),
    ),
    polite=(
        "mil gracias",
        "muchisimas gracias",
        "gracias de antemano",
        "se lo agradezco",
        "de inmediato",
        "por favor",
        "porfavor",
        "porfa",
        "gracias",
        "muchas gracias",
        "ya",
        "ahora",
    ),
    start=("iniciar", "alta", "reanudar"),
)
