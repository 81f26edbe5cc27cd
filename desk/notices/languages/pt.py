"""Portuguese."""

from desk.notices.languages.words import Words

WORDS = Words(
    levels={"watch": "Prepare-se", "alert": "Aviso", "emergency": "Emergência", "recovery": "Depois do acontecimento"},
    scenarios={
        "storm": "tempestades",
        "flood": "inundações",
        "outage": "cortes de energia",
        "water": "água potável",
        "evacuation": "evacuações",
        "unrest": "distúrbios",
        "health": "avisos de saúde",
    },
    all_clear="Fim do alerta",
    update="Atualização",
    everywhere="toda a cidade",
    anything="tudo o que é urgente",
    subscribe=("alertas", "avise me de", "avise me sobre", "quero alertas", "quero avisos", "envie me alertas", "informe me sobre"),
    unsubscribe=("sem alertas", "parar alertas", "cancelar alertas", "cancelar avisos", "fim dos alertas"),
    weak=("informe me sobre",),
    confirm=("confirmar alertas", "confirmo os alertas"),
    between=(
        "em", "no", "na", "nos", "nas", "o", "a", "os", "as", "do", "da", "de", "para", "por", "favor", "e", "ou", "bairro", "distrito", "zona", "sobre", "cidade", "um", "uma",
    ),
    about={
        "storm": ("tempestade", "tempestades", "vento", "furacao"),
        "flood": ("inundacao", "inundacoes", "cheia", "cheias"),
        "outage": ("corte de energia", "cortes de energia", "apagao", "apagoes"),
        "water": ("agua potavel", "agua da torneira"),
        "evacuation": ("evacuacao", "evacuacoes"),
        "unrest": ("disturbio", "disturbios"),
        "health": ("aviso de saude", "avisos de saude", "alerta sanitario", "onda de calor", "calor"),
    },
    all_of=("todos os alertas", "todos os avisos", "tudo", "emergencias", "emergencia", "alertas", "avisos"),
    banner="Avisos da cidade",
    feed="Avisos de {city}",
    nothing="Não há nenhum aviso agora.",
    invite="Receber avisos no chat",
    until="Válido até {moment}.",
    fixed="Você nos escreveu sobre isto: {title}. A cidade diz que terminou. Está resolvido onde você está? Se sim, não precisa responder.",
    safe="Você nos escreveu sobre isto: {title}. A cidade diz que terminou. Você está em segurança? Se sim, não precisa responder. Em perigo, ligue para {number}.",
    not_well="Preciso de ajuda",
    code="Código desta mensagem: {code}. Para verificar que é nossa, escreva-nos o código.",
    short_code="Código",
)  # fmt: skip
