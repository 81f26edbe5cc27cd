"""Portuguese."""

from desk.rumours.languages.words import Words

WORDS = Words(
    begin=("e verdade que", "e certo que", "e verdade", "e correto que", "e falso que", "e um boato que", "podem confirmar que", "pode confirmar que", "boato", "dizem que", "disseram me que"),
    end=("e verdade", "isso e verdade", "isto e verdade", "verdadeiro ou falso", "e um boato", "e noticia falsa"),
    negations=frozenset({"nao", "nunca", "nenhum", "nenhuma", "ninguem", "sem", "jamais"}),
    verdicts={"true": "Verdadeiro", "false": "Falso", "misleading": "Enganador", "unknown": "Ainda não se sabe"},
    sources="Fontes:",
    none_of_these="Nenhum destes",
    title="Boatos",
    lead="O que as pessoas perguntaram a {city}, e o que está certo. Cada veredito foi escrito por uma pessoa.",
    nothing="Ainda não há nenhum veredito.",
    changed="{day}, versão {version}",
    ask="Perguntar se algo é verdade",
)  # fmt: skip
