"""Portuguese."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Enviar localização",
    choose="Escolher",
    photo="Foto",
    greeting="Olá",
    get_started=("comecar", "iniciar", "primeiros passos", "introducao"),
    subject="A sua mensagem",
    stop=("sair", "remover", "descadastrar", "pare de me enviar mensagens", "nao quero mais mensagens"),
    polite=(
        "se faz favor",
        "agradeco",
        "agora",
        "muito agradecido",
        "por favor",
        "obrigado",
        "obrigada",
        "muito obrigado",
        "muito obrigada",
    ),
)
