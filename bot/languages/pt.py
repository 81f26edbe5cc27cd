"""Portuguese."""

from bot.languages.words import Words

WORDS = Words(
    asking=(
        "como", "que", "quando", "quanto", "quanta", "quantos", "quantas", "onde", "por que", "porque", "quem", "qual", "quais",
        "posso", "pode", "podem", "e possivel", "preciso saber", "quero saber", "gostaria de saber", "a que horas",
    ),
    telling=("ha", "tem", "existe", "vi", "encontrei", "alguem"),
    joining=("e", "tambem", "alem disso", "e tambem", "outra pergunta"),
    days={"hoje": 0, "amanha": 1, "depois de amanha": 2, "ontem": -1, "anteontem": -2},
    # The days of the week are "terça-feira" and so on, and are not covered yet.
    weekdays=("", "", "", "", "", "sabado", "domingo"),
    months=(
        "janeiro", "fevereiro", "marco", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
        "dezembro",
    ),
    next=(("proximo", "proxima"), ("proxima",)),
    last=(("passada", "passado"), ("passado", "passada")),
    this=(("neste",), ()),
    ahead=(("em", "daqui a"), ()),
    ago=(("ha",), ("atras",)),
    day=("dia", "dias"),
    week=("semana", "semanas"),
    morning=("da manha",),
    afternoon=("da tarde", "da noite"),
    on_the_hour=("as",),
    languages={
        "ingles": "en", "espanhol": "es", "frances": "fr", "alemao": "de", "italiano": "it", "portugues": "pt",
    },
    switching="em para o a me eu voce posso podemos pode poderia quero prefiro prefere melhor falar fale fala falo escrever escreva "
    "continuar continue mudar mude trocar responder responda lingua idioma por favor agora de partir e sim nao ola "
    "possivel obrigado obrigada",
    not_speaking=("nao falo", "nao entendo", "nao compreendo", "nao leio", "nao"),
    closing=("atenciosamente", "cumprimentos", "abraco", "enviado do meu"),
    thanking=("muito obrigado", "muito obrigada", "obrigado", "obrigada"),
    courteous=("por favor", "obrigado", "obrigada", "muito obrigado", "muito obrigada"),
    living=("moro na", "moro no", "moro em", "vivo na"),
    crossing="e",
    before_number="n numero",
    on_street="da do",
    number_next="o",
    enumerating="segundo depois terceiro finalmente 2 3 4",
    first="primeiro primeira",
    starting=("comece por", "comece com", "comece pelo", "comece pela"),
    around_first="por favor obrigado obrigada mas e pode quero prefiro",
    untrue=("nao e verdade", "nao esta certo", "nao foi isso", "nao e isso", "esta errado", "errado", "errada", "incorreto", "falso", "mentira"),
    around_untrue="nao isso isto e esta o a mas meu aviso tudo muito desculpe",
)  # fmt: skip
