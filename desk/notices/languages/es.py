"""Spanish."""

from desk.notices.languages.words import Words

WORDS = Words(
    levels={"watch": "Prepárese", "alert": "Aviso", "emergency": "Emergencia", "recovery": "Después del suceso"},
    scenarios={
        "storm": "tormentas",
        "flood": "inundaciones",
        "outage": "cortes de luz",
        "water": "agua potable",
        "evacuation": "evacuaciones",
        "unrest": "disturbios",
        "health": "avisos de salud",
    },
    all_clear="Fin de la alerta",
    update="Actualización",
    everywhere="toda la ciudad",
    anything="todo lo urgente",
    subscribe=(
        "alertas", "aviseme de", "aviseme si hay", "avisame de", "avisame si hay", "quiero avisos", "quiero alertas", "envieme avisos",
        "envieme alertas", "suscribirme a", "suscribame a", "informeme de", "informeme sobre",
    ),
    unsubscribe=(
        "no mas alertas", "no mas avisos", "sin alertas", "parar alertas", "cancelar alertas", "cancelar avisos", "baja de alertas",
    ),
    weak=("informeme de", "informeme sobre",),
    confirm=("confirmar alertas", "confirmo alertas"),
    between=(
        "en", "el", "la", "los", "las", "del", "de", "para", "por", "favor", "y", "o", "distrito", "barrio", "zona", "sobre", "ciudad", "toda", "un", "una", "hay",
    ),
    about={
        "storm": ("tormenta", "tormentas", "viento", "huracan", "huracanes"),
        "flood": ("inundacion", "inundaciones", "crecida", "crecidas"),
        "outage": ("corte de luz", "cortes de luz", "apagon", "apagones"),
        "water": ("agua potable", "hervir el agua", "agua del grifo"),
        "evacuation": ("evacuacion", "evacuaciones"),
        "unrest": ("disturbio", "disturbios"),
        "health": ("aviso de salud", "avisos de salud", "alerta sanitaria", "ola de calor", "calor"),
    },
    all_of=("todas las alertas", "todos los avisos", "todo", "emergencias", "emergencia", "alertas", "avisos"),
    banner="Avisos de la ciudad",
    feed="Avisos de {city}",
    nothing="No hay ningún aviso ahora.",
    invite="Recibir avisos en el chat",
    until="Válido hasta {moment}.",
    fixed="Nos escribió sobre esto: {title}. La ciudad dice que ha terminado. ¿Está resuelto donde está usted? Si es así, no hace falta responder.",
    safe="Nos escribió sobre esto: {title}. La ciudad dice que ha terminado. ¿Está usted a salvo? Si es así, no hace falta responder. En peligro, llame al {number}.",
    not_well="No, necesito ayuda",
    code="Código de este mensaje: {code}. Para comprobar que es nuestro, escríbanos el código.",
    short_code="Código",
)  # fmt: skip
