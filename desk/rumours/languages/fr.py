"""French."""

from desk.rumours.languages.words import Words

WORDS = Words(
    begin=(
        "est il vrai que", "est il vrai qu", "est ce vrai que", "est ce vrai qu", "est ce que c est vrai que", "est ce que c est vrai qu", "c est vrai que", "c est vrai qu",
        "est ce que il est vrai que", "est il exact que", "est il exact qu", "est ce une rumeur que", "pouvez vous confirmer que", "pouvez vous confirmer qu",
        "je voudrais savoir s il est vrai que", "rumeur", "on dit que", "on dit qu", "on m a dit que", "on m a dit qu",
    ),
    end=("est ce vrai", "c est vrai", "est ce que c est vrai", "est ce bien vrai", "vrai ou faux", "est ce une rumeur", "est ce une fausse nouvelle", "est ce une infox"),
    negations=frozenset({"pas", "ne", "n", "jamais", "aucun", "aucune", "personne", "sans", "plus"}),
    verdicts={"true": "Vrai", "false": "Faux", "misleading": "Trompeur", "unknown": "Pas encore connu"},
    sources="Sources :",
    none_of_these="Aucun de ceux-ci",
    title="Rumeurs",
    lead="Ce que les gens ont demandé à {city}, et ce qui est exact. Chaque verdict a été écrit par une personne.",
    nothing="Il n'y a pas encore de verdict.",
    changed="{day}, version {version}",
    ask="Demander si quelque chose est vrai",
)  # fmt: skip
