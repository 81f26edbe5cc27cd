"""Spanish."""

from actions.languages.words import Words

WORDS = Words(
    name="Español",
    called={
        "en": "ingles", "es": "espanol castellano", "fr": "frances", "de": "aleman", "it": "italiano", "pt": "portugues",
        "ar": "arabe", "zh": "chino", "ru": "ruso", "pl": "polaco", "tr": "turco", "uk": "ucraniano",
    },
    correcting=(
        "no", "en realidad", "perdon", "perdone", "disculpe", "quise decir", "quiero decir", "mejor dicho", "me equivoque",
        "cambiar", "cambie", "cambia", "corregir", "corrija", "espere", "mas bien", "esta mal", "modificar",
    ),
    place=(
        "en", "cerca", "frente", "enfrente", "junto", "entre", "detras", "delante", "al lado", "esquina", "a la altura", "sobre",
        "bajo", "la", "el", "por", "afuera", "entrada", "calle", "avenida", "plaza",
    ),
    parts={
        "location": "dirección calle lugar ubicación sitio avenida plaza",
        "description": "descripción texto detalles",
        "photo": "foto imagen fotografía",
        "contact": "correo teléfono contacto celular móvil electrónico mail",
        "service": "problema tipo categoría servicio",
    },
    everything="todo todos todas ambos ambas",
    removing=("quita", "quite", "quitar", "borra", "borre", "borrar", "elimina", "elimine", "eliminar", "sin", "retire"),
    negating="no",
    instead=("en vez de", "en lugar de"),
    rewriting=("por", "a", "debe decir", "es"),
    dropping=("olvide", "olvida", "olvidese", "deje", "deja", "descarte", "cancele", "cancela", "quite", "omita", "no hace falta", "no avise"),
    first="primero primera antes",
    yes=("si", "sí", "claro", "vale", "dale", "correcto", "sí por favor", "envíelo"),
    no=("no", "no gracias", "ninguno"),
    empty="quiero quisiera necesito avisar reportar informar denunciar de un una el la los las hay problema hola por favor mi "
    "en y con este esta eso es que se puedo para",
    addresses="calle avenida plaza esquina de del la el los las en y mi aviso numero",
    numbers="numero num portal direccion casa puerta",
)  # fmt: skip
