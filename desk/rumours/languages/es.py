"""Spanish."""

from desk.rumours.languages.words import Words

WORDS = Words(
    begin=(
        "es verdad que", "es cierto que", "es verdad", "es cierto", "es correcto que", "es un rumor que", "es falso que", "pueden confirmar que", "puede confirmar que",
        "quiero saber si es verdad que", "quisiera saber si es cierto que", "rumor", "dicen que", "me han dicho que", "me dijeron que",
    ),
    end=("es verdad", "es cierto", "es eso verdad", "es esto verdad", "eso es verdad", "esto es verdad", "eso es cierto", "esto es cierto", "verdadero o falso", "es un rumor", "es una noticia falsa", "es falso"),
    negations=frozenset({"no", "nunca", "jamas", "ningun", "ninguna", "nadie", "sin", "tampoco"}),
    verdicts={"true": "Verdadero", "false": "Falso", "misleading": "Engañoso", "unknown": "Aún no se sabe"},
    sources="Fuentes:",
    none_of_these="Ninguno de estos",
    title="Rumores",
    lead="Lo que la gente ha preguntado a {city}, y lo que es correcto. Cada veredicto lo ha escrito una persona.",
    nothing="Todavía no hay ningún veredicto.",
    changed="{day}, versión {version}",
    ask="Preguntar si algo es verdad",
)  # fmt: skip
