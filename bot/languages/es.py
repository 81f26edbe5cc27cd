"""Spanish."""

from bot.languages.words import Words

WORDS = Words(
    asking=(
        "como", "que", "cuando", "cuanto", "cuanta", "cuantos", "cuantas", "donde", "por que", "quien", "quienes", "cual",
        "cuales", "puedo", "puede", "pueden", "se puede", "hay que", "tengo que", "debo", "cada cuanto", "a que hora",
        "quiero saber", "quisiera saber", "necesito saber", "informacion sobre",
    ),
    telling=(
        "hay", "hubo", "veo", "vi", "he visto", "encontre", "he encontrado", "alguien", "han", "se ha", "se han", "tenemos",
    ),
    holidays={
        "any": ("festivo", "festivos", "feriado", "feriados", "dia festivo", "dias festivos", "dia feriado", "dias feriados"),
        "new_year": ("ano nuevo", "dia de ano nuevo", "primero de ano"),
        "epiphany": ("reyes", "dia de reyes", "epifania", "los reyes magos"),
        "martin_luther_king_day": ("dia de martin luther king", "martin luther king"),
        "valentines_day": ("san valentin",), "presidents_day": ("dia de los presidentes",),
        "good_friday": ("viernes santo",), "easter": ("pascua", "domingo de pascua", "domingo de resurreccion"),
        "easter_monday": ("lunes de pascua",), "ascension": ("ascension", "la ascension"), "pentecost": ("pentecostes",),
        "whit_monday": ("lunes de pentecostes",), "memorial_day": ("dia de los caidos",),
        "independence_day": ("dia de la independencia", "cuatro de julio"),
        "labor_day": ("dia del trabajo", "dia del trabajador", "fiesta del trabajo"),
        "columbus_day": ("dia de la raza", "dia de la hispanidad", "dia de colon"),
        "all_saints": ("todos los santos", "dia de todos los santos"),
        "election_day": ("dia de elecciones", "dia de las elecciones"), "veterans_day": ("dia de los veteranos",),
        "thanksgiving": ("accion de gracias", "dia de accion de gracias", "dia de gracias", "san giving", "sangivin"),
        "thanksgiving_friday": (
            "dia despues de accion de gracias", "viernes despues de accion de gracias", "viernes negro",
        ),
        "immaculate_conception": ("inmaculada", "la inmaculada", "inmaculada concepcion"),
        "christmas_eve": ("nochebuena", "noche buena", "vispera de navidad"),
        "christmas": ("navidad", "dia de navidad", "navidades"), "boxing_day": ("san esteban",),
        "new_years_eve": ("nochevieja", "noche vieja", "fin de ano", "vispera de ano nuevo"),
    },
    joining=("y", "e", "tambien", "ademas", "y tambien", "y ademas", "otra pregunta"),
    referring=("eso", "esto", "esta", "ese", "ahi", "alli", "ello"),
    days={
        "hoy": 0, "esta noche": 0, "esta manana": 0, "esta tarde": 0, "manana": 1, "manana por la manana": 1,
        "manana por la tarde": 1, "manana por la noche": 1, "pasado manana": 2, "ayer": -1, "anoche": -1, "anteayer": -2,
        "antier": -2, "antes de ayer": -2,
    },
    # "mañana" is the morning here, and no day
    not_days=(
        "la manana", "por la manana", "de la manana", "en la manana", "las mananas", "a media manana", "una manana",
    ),
    weekdays=("lunes", "martes", "miercoles", "jueves", "viernes", "sabado sabados", "domingo domingos"),
    months=(
        "enero ene", "febrero", "marzo", "abril abr", "mayo", "junio", "julio", "agosto ago", "septiembre setiembre", "octubre",
        "noviembre", "diciembre dic",
    ),
    next=(("el proximo", "proximo", "este proximo", "proxima"), ("que viene", "proximo", "proxima")),
    last=(("el pasado", "desde el", "desde el pasado"), ("pasado",)),
    this=(("este",), ()),
    ahead=(("en", "dentro de"), ()),
    ago=(("hace", "desde hace"), ("atras",)),
    day=("dia", "dias"),
    week=("semana", "semanas"),
    counts={
        "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "diez": 10,
        "quince": 15,
    },
    morning=("de la manana",),
    afternoon=("de la tarde", "de la noche"),
    on_the_hour=("a las", "a la", "sobre las", "desde las", "hasta las"),
    named_times={"mediodia": "12:00", "medianoche": "00:00"},
)  # fmt: skip
