"""Spanish."""

from city.languages.words import Words

WORDS = Words(
    within="en a cerca",
    articles="la el los las del de",
    streets_before="calle avenida avda camino plaza paseo",
    along="sobre",
    one="un una alguna",
    parts="centro corazon afueras norte sur este oeste",
    no_places=("ciudad desconocida", "mundo"),
)
