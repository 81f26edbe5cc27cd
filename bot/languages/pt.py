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
    # The days of the week are "terça-feira" and so on, and nobody has asked for them yet.
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
)  # fmt: skip
