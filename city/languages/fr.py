"""French."""

from city.languages.words import Words

WORDS = Words(
    within="dans a au aux pres vers",
    articles="la le les l du de des",
    streets_before="rue chemin place boulevard bd route avenue quai allee",
    along="sur",
    one="une un",
    parts="centre coeur banlieue nord sud est ouest",
    no_places=("ville inconnue", "monde"),
)
