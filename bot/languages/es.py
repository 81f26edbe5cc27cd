"""Spanish."""

from bot.languages.words import Words

WORDS = Words(
    asking=(
        "como", "que", "cuando", "cuanto", "cuanta", "cuantos", "cuantas", "donde", "por que", "quien", "quienes", "cual",
        "cuales", "puedo", "puede", "pueden", "se puede", "hay que", "tengo que", "debo", "cada cuanto", "a que hora", "a cuanto", "en que", "a que",
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
    also=(
        "tambien", "y tambien", "ademas", "y ademas", "aparte", "otro problema", "otra cosa", "y otra cosa", "por otro lado",
        "asi como", "y quejarme de", "y quejarme por", "y reportar", "y denunciar", "y avisar de", "y quiero reportar", "y quiero quejarme de",
        "y quiero quejarme por", "y quiero denunciar",
    ),
    another=("otro", "otra", "uno mas", "una mas", "y otro", "y otra"),
    pointing=("eso", "esto", "ello", "ese", "esa", "es", "esta", "estan", "son", "se", "lo", "que", "quien"),
    determiners=(
        "un", "una", "otro", "otra", "unos", "unas", "el", "la", "los", "las", "mi", "nuestro", "nuestra", "dos", "tres",
        "cuatro", "varios", "varias", "mucha", "muchos", "muchas",
    ),
    at=("en", "sobre"),
    beside=(
        "cerca", "junto", "detras", "frente", "enfrente", "delante", "entre", "bajo", "debajo", "al", "contra",
        "desde", "hasta", "tras", "fuera", "dentro", "hacia", "porque",
    ),
    days={
        "hoy": 0, "esta noche": 0, "esta manana": 0, "esta tarde": 0, "manana": 1, "manana por la manana": 1,
        "manana por la tarde": 1, "manana por la noche": 1, "pasado manana": 2, "ayer": -1, "anoche": -1, "anteayer": -2,
        "antier": -2, "antes de ayer": -2,
    },
    # here "mañana" is the morning, not a day
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
    languages={
        "ingles": "en", "espanol": "es", "castellano": "es", "frances": "fr", "aleman": "de", "italiano": "it", "portugues": "pt",
        "arabe": "ar", "chino": "zh", "mandarin": "zh", "ruso": "ru", "polaco": "pl", "turco": "tr", "ucraniano": "uk",
    },
    switching="en a al el la lo me mi nos yo tu usted ustedes le puede puedes podemos podria podrias pueden quiero queremos quisiera "
    "prefiero preferiria preferimos mejor hablar hable habla hablamos hablo escribir escriba escribe escribo escribame "
    "continuar continue continua seguir siga sigue sigamos cambiar cambie cambia cambio cambiemos responder responda "
    "responde contestar conteste contesta idioma lengua conversacion por favor favor porfa gracias ahora desde partir de "
    "ahora adelante que y si no hola es posible todo resto solo se soy necesito usar use entonces con para hablas hablan atender atenderme atienda atiende fa bien mucho muy poco mal recibir tener",
    not_speaking=(
        "no hablo", "no entiendo", "no leo", "no comprendo", "no se hablar", "no hablamos", "no entendemos", "no", "no en",
    ),
    closing=(
        "saludos cordiales", "un cordial saludo", "cordialmente", "saludos", "un saludo", "atentamente", "muy atentamente",
        "le saluda", "enviado desde mi", "un abrazo",
    ),
    thanking=("muchas gracias", "mil gracias", "gracias"),
    courteous=("por favor", "porfavor", "porfa", "gracias", "muchas gracias", "mil gracias", "perdon", "disculpe"),
    living=(
        "vivo en", "vivo en la calle", "vivimos en", "mi casa esta en", "mi domicilio es", "mi direccion postal es", "resido en",
        "soy vecino de", "soy vecina de",
    ),
    adding="anad agreg inclu mencion pong anot",
    forgetting=(
        "olvido decir", "olvide decir", "olvido mencionar", "olvide mencionar", "olvido poner", "olvide poner", "olvido anadir", "olvide anadir", "olvido agregar", "olvide agregar",
        "olvido contar", "olvide contar", "falto decir", "no dije que", "no mencione que", "no puse que",
    ),
    done=(
        "ya lo arreglaron", "ya la arreglaron", "ya arreglaron", "lo arreglaron", "la arreglaron", "ya esta arreglado", "ya esta arreglada", "esta arreglado", "esta arreglada", "ya lo repararon",
        "ya la repararon", "lo repararon", "la repararon", "ya repararon", "esta reparado", "esta reparada", "se soluciono", "esta solucionado", "esta solucionada", "esta resuelto", "ya funciona",
        "funciona otra vez", "vuelve a funcionar", "ya no hace falta", "ya no es necesario", "ya no lo necesito", "ya no la necesito", "ya se lo llevaron", "ya se la llevaron", "ya lo recogieron",
        "ya la recogieron", "ya lo quitaron", "ya lo limpiaron",
    ),
    not_done="no nunca nadie nada todavia aun sigue siguen mal cuando si hasta dijeron decian creia",
    that="que",
    being="es esta estan son era estaba ha han huele huelen parece sigue quedo puede pueden",
    showing="muestre muestreme muestrame mostrar muestra ver lea leame leer lista copia ensene enseneme repita",
    which=("que", "cual", "cuales", "y que", "digame que", "dime que", "exactamente que"),
    stating=(
        "envio", "enviaron", "enviaste", "mando", "mandaron", "mandaste", "dice", "decia", "hay en", "pone", "escrito", "escribio", "reporte",
        "direccion", "texto", "palabras", "datos", "detalles", "contiene",
    ),
    going="novedad novedades nuevo pasa paso pasando estado va sabe cuando arreglaron listo",
    ways=(
        "como pago", "como puedo", "como se paga", "como hago", "como recurro", "como apelo", "donde pago", "donde puedo", "donde se paga", "puedo pagar", "puedo recurrir", "que necesito",
    ),
    street_short={
        "c/": "calle", "avda": "avenida",
    },
    streets_before="calle avenida camino plaza paseo carretera ronda",
    crossing="y e con esquina",
    before_number="n num numero",
    on_street="de en",
    number_next="numero num al del el",
    units="dia dias semana semanas mes meses ano anos hora horas veces metros",
    enumerating="segundo tercero luego despues finalmente ultimo por lo dos tres 2 3 4",
    first="primero primera",
    dropping=("olvidalo", "olvidelo", "dejalo", "dejelo", "olvida", "olvide", "olvidate de", "olvidese de", "deja", "deje", "cancela", "cancele", "anula", "anule", "descarta", "descarte", "no hace falta"),
    starting=("empiece por", "empiece con", "empieza por", "empieza con", "empecemos por", "empecemos con", "comience por", "comience con", "comienza por", "haga", "haz"),
    around_first="por favor porfa favor gracias pero y puede puedes pueden podria podemos quiero quisiera prefiero que bueno ok no espere espera perdon",
    not_being=("no es un", "no es una", "no era un", "no era una", "no son", "no es ningun", "no es ninguna"),
    describing=("esta apagada desde", "esta apagado desde", "esta asi", "lleva", "llevan", "llevamos", "desde", "hace dias", "hace semanas", "hace meses", "es desde", "esta desde", "empezo"),
    lasting="sigue siguen todavia aun continua continuan",
    untrue=(
        "no es lo que dije", "no es lo que he dicho", "no es lo que escribi", "no es lo que reporte", "yo no dije eso", "no dije eso", "no he dicho eso", "no he puesto eso",
        "no es cierto", "no es cierta", "no es verdad", "no es correcto", "no es correcta", "no es asi", "no es eso", "no esta bien", "no esta correcto", "no fue asi",
        "se ha equivocado", "se han equivocado", "se equivoca", "se equivoco", "te equivocas", "te has equivocado", "se equivocaron", "hay un error", "es un error", "esta mal", "estan mal",
        "es mentira", "es falso", "es falsa", "incorrecto", "incorrecta", "incorrectos", "equivocado", "equivocada", "erroneo", "erronea", "mentira", "falso", "falsa",
    ),
    around_untrue="no eso esto esa ese esta este es son pero lo que mi el la los las su aviso reporte resumen todo muy oiga oye perdon disculpe espere ustedes usted tu ahi aqui han ha puesto "
    "totalmente completamente ay en datos de y yo algo",
    announced="problema problemas cosa cosas asunto asuntos tema temas aviso avisos incidencia incidencias queja quejas",
    announcing="tengo tenemos hay son aqui van estos estas unos unas varios varias algunos algunas que quiero queria quisiera reportar avisar contar decir informar de hola buenas ok primero todo le les para un una y",
)  # fmt: skip
