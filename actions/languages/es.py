"""Spanish."""

from actions.languages.words import Words

WORDS = Words(
    name="Español",
    called={
        "en": "ingles", "es": "espanol castellano", "fr": "frances", "de": "aleman", "it": "italiano", "pt": "portugues",
        "ar": "arabe", "zh": "chino", "ru": "ruso", "pl": "polaco", "tr": "turco", "uk": "ucraniano",
    },
    holidays={
        "new_year": "Año Nuevo", "epiphany": "Reyes", "martin_luther_king_day": "Día de Martin Luther King",
        "valentines_day": "San Valentín", "presidents_day": "Día de los Presidentes", "good_friday": "Viernes Santo",
        "easter": "Domingo de Pascua", "easter_monday": "Lunes de Pascua", "ascension": "la Ascensión",
        "pentecost": "Pentecostés", "whit_monday": "Lunes de Pentecostés", "memorial_day": "Día de los Caídos",
        "juneteenth": "Juneteenth", "independence_day": "Día de la Independencia", "bastille_day": "fiesta nacional francesa",
        "assumption": "la Asunción", "labor_day": "Día del Trabajo", "columbus_day": "Día de la Raza", "halloween": "Halloween",
        "all_saints": "Todos los Santos", "election_day": "día de elecciones", "veterans_day": "Día de los Veteranos",
        "thanksgiving": "Acción de Gracias", "thanksgiving_friday": "día después de Acción de Gracias",
        "immaculate_conception": "la Inmaculada", "christmas_eve": "Nochebuena", "christmas": "Navidad",
        "boxing_day": "San Esteban", "new_years_eve": "Nochevieja",
    },
    day_pattern="EEEE d 'de' MMMM",
    span="de {start} a {end}",
    now=("ahora", "ahora mismo", "ahorita", "en este momento", "todavia abierto", "todavia abiertos"),
    because=("por", "debido a", "a causa de"),
    weekend=("fin de semana", "fines de semana", "finde"),
    streets_before="calle avenida avda camino plaza paseo carretera callejon",
    before_street="en por la el los las de del mi para y es a cuando que dia basura vivo cual se",
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
    yes=("si", "sí", "claro", "vale", "dale", "correcto", "sí por favor", "envíelo"),
    no=("no", "no gracias", "ninguno"),
    empty="quiero quisiera necesito avisar reportar informar denunciar de un una el la los las hay problema hola por favor mi "
    "en y con este esta eso es que se puedo para",
)  # fmt: skip
