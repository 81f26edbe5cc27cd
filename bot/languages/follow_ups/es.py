"""Spanish."""

from bot.languages.follow_ups.words import FollowUpWords

WORDS = FollowUpWords(
    parts={
        "cost": (
            "cuanto", "cuanto cuesta", "cuanto cuestan", "cuanto es", "cuanto vale", "cuanto valen", "cuanto sale",
            "cuanto dinero", "cuanto pagar", "cuanto pago", "cuanto cobran", "cuesta", "cuestan", "costo", "costos", "coste",
            "costes", "costara", "precio", "precios", "tarifa", "tarifas", "tasa", "tasas", "gratis", "gratuito", "gratuita",
            "gratuitos", "pagar algo", "hay que pagar", "tengo que pagar", "debo pagar", "cobran", "cobra", "caro", "cara",
            "barato", "dinero", "plata", "dolares", "importe", "valor", "descuento", "descuentos", "pago algo", "se paga",
            "costar", "va a costar", "kuanto", "cto", "cuanto me", "pagan", "paga", "presio", "quien paga",
        ),
        "instalments": (
            "cuotas", "cuota", "a plazos", "plazos", "pagar a plazos", "pagar en partes", "puedo pagar en partes", "en partes",
            "por partes", "fraccionar", "fraccionado", "fraccionada", "fraccionamiento", "aplazar", "aplazado",
            "aplazamiento", "plan de pago", "plan de pagos", "pagar poco a poco", "poco a poco", "pagar por meses",
            "mensualidades", "mensualmente", "varios pagos", "dos pagos", "en dos veces", "en varias veces",
        ),
        "appeal": (
            "recurso", "recursos", "recurrir", "recurro", "recurre", "recurrirla", "recurrirlo", "apelar", "apelo", "apelacion",
            "impugnar", "impugno", "impugnarla", "alegar", "alegacion", "alegaciones", "reclamar contra", "reclamo contra",
            "protestar", "oponerme", "objetar", "desacuerdo", "no estoy de acuerdo", "es injusto", "injusta", "injusto",
            "se equivocaron", "esta mal puesta", "niegan", "me lo niegan", "me la niegan", "deniegan", "rechazan",
            "rechazado", "rechazada", "denegado", "denegada", "me dicen que no",
        ),
        "payment": (
            "como pago", "como pagar", "como se paga", "donde pago", "donde pagar", "donde se paga", "pagar con", "pagar en",
            "pago con", "pago en", "puedo pagar", "se puede pagar", "pagar por", "tarjeta", "tarjetas", "efectivo",
            "transferencia", "forma de pago", "formas de pago", "metodos de pago",
            "medios de pago", "aceptan", "pagar con tarjeta", "pagar en efectivo", "cheque", "donde tengo que pagar",
        ),
        "documents": (
            "documento", "documentos", "documentacion", "papel", "papeles", "papeleo", "que necesito", "que mas necesito",
            "que se necesita", "que llevo", "que llevar", "que tengo que llevar", "que debo llevar", "llevar", "que traer",
            "que tengo que traer", "traer", "que presento", "que presentar", "presentar", "que piden", "que me piden",
            "que hace falta", "que necesito para eso", "que voy a necesitar", "que necesitamos", "requisito", "requisitos", "comprobante", "comprobantes", "identificacion", "aportar",
            "que entregar", "que tengo que tener", "justificante", "justificantes", "que nesesito", "nesesito", "k necesito",
            "q necesito", "que mas piden",
        ),
        "appointment": (
            "cita", "citas", "cita previa", "turno", "turnos", "reservar", "reserva", "reservar hora", "pedir hora",
            "sin cita",
        ),
        "online": (
            "internet", "por internet", "en linea", "linea", "online", "web", "pagina", "pagina web", "sitio web",
            "formulario", "enlace", "link", "telematica", "telematicamente", "virtual", "digital", "desde casa", "app",
            "en persona", "presencial", "presencialmente", "por correo", "electronicamente", "desde el celular",
            "desde el movil", "celular", "movil", "mandar por correo", "enviar por correo", "ir en persona",
        ),
        "renewal": (
            "renovar", "renuevo", "renueva", "renuevan", "renovacion", "renovarlo", "renovarla", "como renuevo",
            "como renovar", "como se renueva", "prorrogar", "prorroga", "prorrogarlo", "extender", "extenderlo", "ampliar",
            "prolongar", "cuando renovar", "cada cuanto renovar",
        ),
        "lost": (
            "perdi", "perdido", "perdida", "perdio", "pierdo", "pierde", "perder", "extravie", "extravio", "extraviado",
            "robaron", "roban", "robo", "robado", "robada", "reemplazo", "reponer", "reposicion", "duplicado", "danado",
            "me robaron", "roben", "robe",
        ),
        "late": (
            "tarde", "atraso", "atrasar", "atrase", "atrasado", "retraso", "retrasar", "retrase", "se me pasa", "se me paso",
            "se me pasa la fecha", "se pasa el plazo", "multa", "multas", "recargo", "recargos", "sancion", "sanciones",
            "fuera de plazo", "no pago", "no puedo pagar", "no lo hago", "olvido", "olvide", "olvida", "despues del plazo",
            "despues de la fecha",
        ),
        "validity": (
            "valido", "valida", "validos", "validez", "vigencia", "vigente", "vence", "vencen", "vencimiento",
            "cuando vence", "caduca", "caducan", "caducidad", "cuando caduca", "expira", "expiran", "cuando expira", "dura",
            "cuanto dura", "cuanto tiempo dura", "cuanto tiempo valido", "cuanto tiempo vale", "por cuanto tiempo",
            "por cuanto tiempo es valido", "cuanto tiempo sirve", "hasta cuando valido", "hasta cuando vale",
            "hasta cuando sirve", "vencido", "vencida", "caducado", "caducada",
        ),
        "duration": (
            "cuanto tarda", "cuanto tardan", "tarda mucho", "tardan mucho", "tarda poco", "cuanto tardara", "tarda", "tardan", "cuanto tiempo", "cuanto demora",
            "cuanto se demora", "demora", "demoran", "cuantos dias", "cuantas semanas", "cuantos meses", "esperar", "espera", "cuantos dias tengo que esperar", "cuanto tiempo tengo que esperar",
            "cuanto esperar", "cuanto hay que esperar", "cuanto tengo que esperar", "listo", "lista", "cuando listo",
            "cuando estara", "cuando recibo", "cuando lo recibo", "cuando llega", "cuando me llega", "cuando me lo dan",
            "rapido", "cuando lo tengo", "cuando lo tendre", "cuanto falta", "cuando recoger", "cuando lo recojo",
            "cuando puedo recoger", "cuando recojo", "cuando entregan", "cuando me lo entregan", "en cuanto tiempo",
            "recoger",
        ),
        "holidays": (
            "festivo", "festivos", "feriado", "feriados", "dia festivo", "dias festivos", "dia feriado", "dias feriados",
            "dias de fiesta", "dia de fiesta", "navidad", "ano nuevo", "semana santa", "accion de gracias",
        ),
        "exceptions": (
            "excepcion", "excepciones", "exento", "exenta", "exentos", "exencion", "exenciones", "exonerado", "exonerados",
            "casos especiales", "no hace falta", "quien no necesita", "alguna excepcion", "quien no tiene que",
        ),
        "contact": (
            "quien llamo", "quien llamar", "quien puedo llamar", "a quien llamo", "quien pregunto", "quien preguntar",
            "quien escribo", "quien contacto", "quien consulto", "llamo", "llamar", "telefono", "telefonos", "numero",
            "numero de telefono", "que numero", "contacto", "contactar", "correo", "correo electronico", "email",
        ),
        "who": (
            "quien lo paga", "quien la paga", "quien tiene que pagar", "quien debe pagar", "quien paga eso", "quien", "quienes", "quien puede", "quienes pueden", "para quien", "tengo derecho", "derecho",
            "cumplo requisitos", "puedo pedirlo", "puedo pedirla", "puedo solicitarlo", "puedo tener uno", "cualquiera",
            "todo el mundo", "condiciones", "condicion", "obligatorio", "obligatoria", "es obligatorio", "lo necesito",
            "necesito uno", "necesito una", "cualquier persona", "me corresponde", "me corresponde a mi", "me toca", "me toca a mi",
        ),
        "when": (
            "cuando", "cuantas veces", "con que frecuencia", "plazo", "fecha", "fechas", "fecha limite", "fecha tope", "hasta cuando", "hasta que dia", "que dia",
            "que dias", "a que hora", "que hora", "cada cuanto", "antes de cuando", "cuando pago", "cuando pagar",
            "cuando tengo que pagar", "cuando hay que pagar", "para cuando", "fin de semana", "fines de semana", "sabado",
            "sabados", "domingo", "domingos", "limite", "cuanto tiempo tengo", "cuanto tiempo me queda", "cuantos dias tengo",
            "que plazo tengo", "de cuanto tiempo dispongo", "cuanto plazo",
        ),
        "where": (
            "donde", "adonde", "a donde", "dnde", "donde queda", "queda", "que oficina", "oficina", "direccion", "ubicacion",
            "lugar", "que lugar", "ventanilla", "que ventanilla", "sitio", "que sitio", "como llego", "como llegar",
            "edificio", "donde recojo", "donde recoger", "dond", "onde",
        ),
        "how": (
            "como", "como hago", "como se hace", "como funciona", "pasos", "paso", "proceso", "procedimiento", "tramite",
            "tramites", "que hay que hacer", "que tengo que hacer", "que debo hacer", "que hago", "cual es el tramite",
            "gestion", "que hago primero", "primer paso", "siguiente paso",
        ),
    },
    qualifiers={
        "children": (
            "nino", "ninos", "nina", "ninas", "menor", "menores", "hijo", "hijos", "hija", "hijas", "bebe", "bebes",
            "adolescente", "adolescentes", "menores de edad", "menor de edad", "chicos", "nene", "nenes",
        ),
        "seniors": (
            "jubilado", "jubilados", "jubilada", "mayores", "personas mayores", "adultos mayores", "tercera edad",
            "pensionista", "pensionistas", "pensionados", "ancianos",
        ),
        "visitors": (
            "visita", "visitas", "visitante", "visitantes", "invitado", "invitados", "turista", "turistas",
        ),
        "first": (
            "primera vez", "por primera vez",
        ),
        "second": (
            "segundo", "segunda", "otro mas", "otra mas", "adicional", "un segundo", "una segunda",
        ),
        "urgent": (
            "urgente", "urgencia", "urge", "mas rapido", "expres", "express", "prisa", "cuanto antes", "acelerar",
            "adelantar",
        ),
    },
    filler=(
        "el", "la", "lo", "los", "las", "un", "una", "uno", "unos", "unas", "este", "esta", "esto", "estos", "eso", "esa",
        "ese", "esos", "aquello", "de", "del", "al", "a", "en", "con", "sin", "por", "para", "pa", "que", "q", "k", "es",
        "son", "estan", "ser", "sera", "seria", "estar", "hay", "haber", "he", "ha", "han", "hace", "hacer", "hacerlo",
        "hacerla", "hacen", "hago", "se", "me", "te", "le", "les", "nos", "mi", "mis", "mio", "su", "sus", "tu", "yo",
        "usted", "ustedes", "ud", "puedo", "puede", "pueden", "podria", "podemos", "puedes", "tengo", "tiene", "tienen",
        "tener", "tenemos", "debo", "debe", "deben", "necesito", "necesita", "necesitan", "nesecito", "falta", "quiero",
        "quisiera", "quieren", "pido", "pedir", "pedirlo", "pedirla", "piden", "pide", "solicito", "solicita", "solicitar",
        "solicitarlo", "solicitarla", "solicitud", "obtener", "obtengo", "obtenerlo", "obtenerla", "sacar", "sacarlo",
        "sacarla", "saco", "ir", "voy", "va", "vamos", "dar", "dan", "da", "si", "no", "ni", "o", "u", "y", "e", "pero",
        "entonces", "ya", "aun", "tambien", "mas", "muy", "algo", "alguien", "alguno", "alguna", "algun", "cosa", "cosas",
        "caso", "porfa", "porfavor", "favor", "plis", "gracias", "hola", "ok", "vale", "bueno", "oiga", "oye", "perdon",
        "saber", "decir", "dice", "dicen", "diga", "dime", "cual", "cuales", "pasa", "sucede", "ocurre", "persona",
        "personas", "todos", "todo", "toda", "otro", "otra", "mismo", "exactamente", "normalmente", "ahora", "hoy", "queria",
        "sabe", "sabes", "antes", "hasta", "despues", "tipo", "total", "tan", "tanto", "poder", "tenga", "pasaria", "cuando",
        "como", "donde", "usar", "uso", "quien", "quienes", "posible", "disponible", "menos", "ademas", "quizas", "seguro",
        "hara", "haria", "tendria", "tendre", "sirve", "manera", "primero", "mia", "kiero", "pueda", "puedan", "tocar",
        "mandar", "enviar",
    ),
    also=(
        "y", "e", "y si", "y para", "y de", "y en", "que tal", "que pasa con", "que pasa si", "tambien", "pero si", "o",
        "y los", "y las", "en caso de", "y en el caso de",
    ),
    never=(
        "como me caso", "donde me caso", "cuando me caso", "con quien me caso",  # of "casarse"; "caso" alone is a filler
        "como esta", "como estas", "como esta usted", "como te va", "como le va", "como va", "quien eres", "quien es usted",
        "quien es", "como te llamas", "como se llama", "que tal", "que haces", "que puedes hacer", "que puede hacer",
        "donde estas", "como estan", "cuando naciste", "quien te hizo", "como es eso", "como asi", "como que no", "llamame",
        "como sabes",
    ),
)  # fmt: skip
