"""Portuguese."""

from desk.official.languages.words import Words

WORDS = Words(
    asks=(
        "sao mesmo voces", "isto e mesmo da cidade", "isto e da cidade", "e mesmo da cidade", "e da cidade", "esta mensagem e da cidade", "isto e oficial",
        "e oficial", "esta mensagem e oficial", "e uma burla", "isto e uma burla", "e uma fraude", "isto e uma fraude", "enviaram isto", "foram voces que enviaram isto",
        "este numero e vosso", "e o vosso numero", "este numero e da cidade", "este numero e oficial", "esta conta e vossa", "esta conta e da cidade", "esta conta e oficial",
        "e o vosso site", "este link e vosso", "este link e da cidade", "posso confiar nesta mensagem", "posso confiar neste numero",
    ),
    weak=("e verdadeiro", "e falso", "isto e falso", "isto e verdadeiro", "e autentico", "posso confiar"),
    between=("por", "favor", "ola", "o", "a", "um", "realmente", "mensagem", "sms", "e-mail"),
    codes=("codigo", "o", "verificar", "mensagem", "meu"),
    title="É mesmo {city}?",
    lead="Isto é tudo com que {city} escreve e telefona. O que não está nesta lista não é nosso.",
    phones="Números de telefone",
    domains="Sites",
    mails="Endereços de e-mail",
    accounts="Contas",
    below="e tudo o que termina em .{domain}",
    code="Cada aviso que enviamos tem um código de seis letras. Escreva-nos o código, e dizemos o que esse aviso diz.",
    check="Verificar uma mensagem",
    check_label="A mensagem, um número, um endereço, uma conta ou um código",
    check_button="Verificar",
    result="Resultado",
    nothing="Escreva o que devemos verificar.",
    never="Nunca pedimos por mensagem um pagamento, uma senha ou um código do seu banco. Em perigo ligue {number}. Perguntas: {phone}.",
)  # fmt: skip
