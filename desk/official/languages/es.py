"""Spanish."""

from desk.official.languages.words import Words

WORDS = Words(
    asks=(
        "son ustedes de verdad", "de verdad son ustedes", "es de verdad de la ciudad", "esto es de la ciudad",
        "es esto de la ciudad", "esto es realmente de la ciudad", "es realmente de la ciudad", "es de la ciudad", "esto viene de la ciudad",
        "este mensaje es de la ciudad", "es oficial", "esto es oficial", "este mensaje es oficial", "es un mensaje oficial",
        "es una estafa", "esto es una estafa", "es un fraude", "esto es un fraude", "ustedes enviaron esto", "enviaron ustedes esto", "enviaron esto",
        "han enviado esto", "me enviaron esto", "me han enviado esto", "lo envio la ciudad", "esto lo envio la ciudad",
        "la ciudad envio esto", "me llamaron ustedes", "ustedes me llamaron", "es su numero", "este es su numero", "este numero es suyo",
        "es este su numero", "este numero es de la ciudad", "es de ustedes este numero", "este numero es de ustedes",
        "es su pagina", "esta es su pagina", "es su sitio web", "es su direccion", "esta direccion es suya", "es su cuenta", "esta cuenta es suya",
        "esta cuenta es de la ciudad", "es su enlace", "este enlace es suyo", "este enlace es de la ciudad", "este numero es oficial",
        "esta cuenta es oficial", "puedo fiarme de este mensaje", "puedo confiar en este mensaje", "puedo confiar en este numero",
    ),
    weak=("es real", "es falso", "esto es real", "esto es falso", "es autentico", "es verdadero o es una estafa", "puedo fiarme", "es suyo"),
    between=("por", "favor", "hola", "el", "la", "un", "realmente", "mensaje", "sms", "correo", "y"),
    codes=("codigo", "el", "es", "comprobar", "mensaje", "mi"),
    title="¿Es de verdad {city}?",
    lead="Esto es todo con lo que {city} escribe y llama. Lo que no está en esta lista no es nuestro.",
    phones="Números de teléfono",
    domains="Sitios web",
    mails="Direcciones de correo",
    accounts="Cuentas",
    below="y todo lo que termina en .{domain}",
    code="Cada aviso que enviamos tiene un código de seis letras. Escríbanos el código y le diremos qué dice ese aviso.",
    check="Comprobar un mensaje",
    check_label="El mensaje, un número, una dirección, una cuenta o un código",
    check_button="Comprobar",
    result="Resultado",
    nothing="Escriba qué debemos comprobar.",
    never="Nunca pedimos por mensaje un pago, una contraseña ni un código de su banco. En peligro llame al {number}. Preguntas: {phone}.",
)  # fmt: skip
