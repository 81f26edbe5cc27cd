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
    before_street="en por la el los las de del mi para y es a cuando que dia basura vivo cual se",
    correcting=(
        "no", "en realidad", "perdon", "perdone", "disculpe", "quise decir", "quiero decir", "queria decir", "no queria decir", "mejor dicho", "me equivoque",
        "cambiar", "cambie", "cambia", "corregir", "corrija", "espere", "espera", "un momento", "mas bien", "esta mal", "modificar",
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
    starting=("empiece con", "empieza con", "empiece por", "empieza por", "empecemos con", "empecemos por", "comience por", "pase a", "haga", "haz", "tome", "toma", "mejor"),
    others="otro otra ese esa eso segundo segunda siguiente otros otras",
    other_one=("el otro", "la otra", "los otros", "las otras"),
    this_one="este esta primero primera",
    single=("solo", "solamente", "unicamente", "nada mas", "solo haga"),
    referring="el la lo los las un una con por haga haz hagamos hacer tome toma empiece empieza empecemos comience a al de aviso reporte problema asunto no espere espera en realidad quiero prefiero quise decir mejor si favor porfa que sea perdon pase vaya va ahora",
    yes=("si", "sí", "claro", "vale", "dale", "correcto", "sí por favor", "envíelo", "envíelo ya", "adelante", "de acuerdo", "está bien", "todo bien", "perfecto", "listo", "hágalo", "hágale", "confirmo", "confirmado", "sí envíelo", "sí mándelo", "enviar", "envíe", "mándelo", "mande"),
    no=("no", "no gracias", "ninguno"),
    commands={
        "pause": (
            "luego", "luego sigo", "sigo luego", "sigo despues", "despues sigo", "luego lo hago", "lo hago luego", "lo hago despues", "luego continuo", "continuo luego", "mas tarde", "despues", "ahora no", "en un momento", "en un rato", "dejeme ver", "dejame ver", "dejeme mirar", "dejame mirar",
            "espera", "espere", "esperen", "esperame", "espereme", "aguarde", "aguarda", "un momento", "un momentito", "momento", "un segundo", "un minuto", "un ratito", "deme un momento",
            "dame un momento", "deme un minuto", "dame un minuto", "deme un segundo", "dame un segundo", "dejeme pensar", "dejame pensar", "pausa", "todavia no", "aun no", "ahora vuelvo",
        ),
        "undo": ("volver atras", "vuelva atras", "vuelve atras", "un paso atras", "deshacer", "deshaga eso", "deshaz eso", "pregunta anterior", "a la pregunta anterior", "quiero volver atras", "retroceder"),
        "start_over": ("empezar de nuevo", "empecemos de nuevo", "empiece de nuevo", "desde el principio", "volver a empezar"),
    },
    polite="por favor gracias perdon un poco tantito ahi ay",
    empty="quiero quisiera necesito avisar reportar informar denunciar de un una el la los las hay problema hola por favor mi "
    "en y con este esta eso es que se puedo para",
    filed={
        "plain": "añadir añada añade agregar agregue agrega algo informacion info dato datos detalle detalles foto fotos mas otra otro cosa nota incluya adjuntar mencionar olvide decir enviar mandar poner ponga tambien aqui todavia aviso reporte solicitud puede favor",
        "withdraw": "retir cancel borr elimin anul quit deshac descart",
        "add": "ademas tambien otro otra falto olvid",
        "show": "envi mand dij puso escrib",
        "adding": "anad agreg inclu mencion pong anot",
        "that": "que",
    },
    addresses="calle avenida plaza esquina de del la el los las en y mi aviso numero",
    numbers="numero num portal direccion casa puerta",
    unknown=(
        "no se", "no lo se", "no sé", "ni idea", "no tengo idea", "no tengo ni idea", "no estoy seguro", "no estoy segura",
        "no sabria decir", "no sabria", "no sabemos", "quien sabe", "a saber", "desconozco", "lo desconozco", "no recuerdo",
        "no me acuerdo", "no me fije", "no lo mire", "no lo vi", "no lo he visto", "no puedo decirlo", "no puedo saber",
        "no puedo ver", "no veo bien", "sepa", "se desconoce",
    ),
    counting=(
        "uno una un primero primer primera", "dos segundo segunda", "tres tercero tercer tercera", "cuatro cuarto cuarta",
        "cinco quinto quinta", "seis sexto sexta", "siete septimo septima", "ocho octavo octava", "nueve noveno novena",
        "diez decimo decima", "once undecimo", "doce duodecimo", "trece", "catorce", "quince",
    ),
    last="ultimo ultima",
    around="el la los las lo opcion respuesta numero num nº no por favor gracias quiero elijo prefiero escojo seria es la de",
    excluding="no ni sin tampoco nunca",
    vague="en a al de del la el los las lo un una por para con mi mis su sus tu nuestra nuestro esta este esto ese esa eso aqui ahi "
    "alli alla aca aca donde vivo vivimos estoy estamos esta es cerca cercano junto frente enfrente delante detras atras "
    "lado esquina vuelta doblar doblando calle avenida casa piso apartamento departamento edificio barrio zona ciudad lugar "
    "sitio cuadra manzana acera vereda banqueta trabajo oficina coche carro auto jardin patio puerta ventana fuera afuera "
    "dentro adentro entre centro medio final principio algun alguna parte todas partes ningun misma mismo otra otro muy "
    "poco lejos hacia abajo arriba vecino vecina vecinos mama papa padres amigo amiga ubicacion posicion actual y o yo "
    "trabajo exactamente exacta exacto derecha izquierda siempre vez ultima como antes igual mas plaza",
    beside=("cerca", "junto", "frente", "enfrente", "detras", "delante", "al lado", "entre", "a la altura", "fuera"),
    own="mi mis nuestra nuestro",
    streets_before="calle avenida avda plaza paseo camino carretera ronda",
    but="pero y solo aunque",
    same=("yo también", "el mismo", "la misma", "lo mismo", "es ese", "es esa", "ese mismo", "ese es", "esa es", "seguirlo", "seguirla"),
    different=("nuevo", "nueva", "otro", "otra", "distinto", "distinta", "diferente", "no es el mismo", "no es la misma", "ninguno", "ninguna"),
    day_after=("dia despues", "dia siguiente", "al otro dia", "siguiente dia", "dia de despues"),
    going_on=("y", "que tal", "y que tal", "tambien"),
    this_week=("esta semana",),
    not_being=("no es un", "no es una", "no es el", "no es la", "no era un", "no era una", "no son", "no eran", "no hay ningun", "no hay ninguna"),
    describing=(
        "es", "esta", "estan", "son", "hay", "tiene", "tienen", "mide", "huele", "parece", "se ve", "lleva", "llevan", "muy", "bastante", "tambien", "ademas", "como de", "unos", "unas", "mas o menos", "desde", "ya",
    ),
    since=("desde", "hace dias", "hace semanas", "hace meses", "lleva"),
    generic="problema problemas aviso avisos cosa cosas asunto asuntos queja quejas reporte reportes tengo tenemos hacer poner presentar decir algo varios varias distintos diferentes nuevo hoy aqui ustedes reportar avisar contar contarles",
    map="mapa ubicacion posicion pin gps",
    enough="bien todo bueno listo ok vale correcto cierto perfecto asi nada no si suficiente eso igual tarde mal genial",
    other_photo=(
        "es otro", "es otra", "es de otro", "es de otra", "otro problema", "otra cosa", "otro aviso", "otro reporte", "otro asunto", "otro sitio", "otro lugar", "el otro", "la otra", "foto equivocada", "imagen equivocada",
        "esa no es", "esta no es", "no es esa", "no es esta", "no es esa foto", "me equivoque de foto", "otra foto",
    ),
    same_photo=(
        "misma foto", "misma imagen", "la misma", "esa foto", "esa misma", "ya la mande", "ya la envie", "ya se la mande", "ya se la envie", "ya mande", "ya envie", "la que mande", "la que envie", "la de antes", "la anterior",
        "ya la tiene", "ya la tienen", "use esa", "usa esa", "salen los dos", "se ven los dos",
    ),
    sending="envia envie envialo envielo enviala enviela enviarlo enviarla enviar envien envienlo mandalo mandala manda mande mandelo mandela mandarlo mandar tramitalo tramitelo",
    around_sending="ya lo la el mi aviso reporte asi tal cual solo solamente simplemente pues vale ok okay si sin mas de una vez directamente dale venga entonces bien esta y nada eso es todo listo",
)  # fmt: skip
