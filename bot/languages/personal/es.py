"""Spanish."""

from bot.languages.personal.words import Personal, words

PERSONAL = Personal(
    contact=words(
        "mi mis correo electronico email e mail es son el la los telefono tel fono celular movil numero contacto whatsapp me "
        "pueden puede llamar llame llamen llamarme llameme llamenme escribanme escribame contactar contactarme contacten contactenme escribir escribirme "
        "escriba escriban localizarme al a en por y o u para tambien favor si necesitan necesita aqui este esta de datos "
        "mandar enviar responder respuesta cualquier cosa duda nuevo cambie cambiar use debe ser"
    ),
    phone=words(
        "telefono tel fono celular movil numero llamar llame llamen llamarme llameme llamenme whatsapp contacto contactarme localizarme"
    ),
    not_phone=words("cuenta referencia factura placa matricula multa expediente recibo permiso contador pedido dni"),
    names=("mi nombre es", "mi nombre", "me llamo", "me yamo", "nombre", "yo me llamo"),
    persons=("soy", "yo soy", "habla", "le habla", "les habla"),
    ends_name=words("y e escribo llamo aviso reporto quisiera necesito que para muy no mi vivo en hay con pero vecino vecina por tengo quiero correo telefono es"),
    units=words(
        "apartamento apto apt depto departamento piso planta puerta local interior oficina edificio portal escalera"
    ),
    floors=words("piso planta"),
    ordinals=words("primer primero primera segundo segunda tercer tercero tercera cuarto cuarta quinto quinta sexto sexta"),
    whole_units=("planta baja", "ultimo piso"),
    around_unit=words("vivo en el la mi y es del al"),
    anonymous=(
        "anonimo", "anonima", "anonimamente", "de forma anonima", "de manera anonima", "no me contacten", "no me llamen",
        "sin dar mi nombre", "sin contacto", "no quiero dar mi nombre", "no quiero dar mis datos",
        "no quiero que me contacten",
    ),
    around_anonymous=words(
        "quiero deseo prefiero quisiera ser permanecer seguir mantenerme quedarme hacer hacerlo reportar reportarlo avisar de "
        "un aviso reporte denuncia es denunciar informar notificar y por favor pero"
    ),
    reporting=words("reportar avisar denunciar informar notificar avisando quejarme"),
    no_photo=(
        "sin foto", "sin fotos", "sin imagen", "sin imagenes", "no tengo foto", "no tengo fotos", "no tengo una foto",
        "no tengo ninguna foto", "no hay foto", "no hay fotos", "no puedo hacer una foto", "no puedo hacer fotos",
        "no puedo sacar fotos", "no puedo tomar una foto",
    ),
    around_no_photo=words("lo siento pero y"),
    joining=words("y e"),
    something=words("algo cosa cosas problema problemas asunto incidencia incidencias queja poner hacer aqui les sobre ciudad gustaria me necesito tengo que"),
    filler=words("no mejor en realidad perdon cambie cambiar a al y tambien por favor espere es use mi aqui quise decir final finalmente entonces ya"),
)  # fmt: skip
