"""Portuguese: its name, answers to choices, and the commands to a report. The dialogue's other words do not exist yet."""

from actions.languages.words import Words

WORDS = Words(
    name="Português",
    yes=("sim",),
    no=("não", "nao"),
    commands={
        "pause": ("espere", "espera", "espere um momento", "espera ai", "um momento", "um minuto", "um segundo", "um instante", "aguarde", "ainda nao", "pausa"),
        "undo": ("voltar", "volte", "voltar atras", "desfazer", "pergunta anterior"),
        "start_over": ("comecar de novo", "recomecar", "do comeco"),
    },
    polite="por favor obrigado obrigada desculpe um pouco",
    unknown=(
        "nao sei", "nao faco ideia", "nao tenho ideia", "sei la", "nao tenho certeza", "quem sabe", "desconheco",
        "nao me lembro", "nao lembro", "nao vi", "nao da para saber",
    ),
    counting=(
        "um uma primeiro primeira", "dois duas segundo segunda", "tres terceiro terceira", "quatro quarto quarta",
        "cinco quinto quinta", "seis sexto sexta", "sete setimo setima", "oito oitavo oitava", "nove nono nona",
        "dez decimo decima",
    ),
    last="ultimo ultima",
    around="o a os as opcao resposta numero por favor obrigado obrigada quero escolho prefiro e",
    excluding="nao nem sem",
    own="meu minha",
    streets_before="rua avenida",
    but="mas e so",
    same=("eu também", "o mesmo", "a mesma", "é esse", "é essa", "esse mesmo"),
    different=("novo", "nova", "outro", "outra", "diferente", "não é o mesmo", "nenhum", "nenhuma"),
    this_week=("esta semana",),
    sending="envie envia enviar mande manda mandar",
    around_sending="ja isso logo so assim mesmo o a meu aviso sim ok entao agora",
)  # fmt: skip
