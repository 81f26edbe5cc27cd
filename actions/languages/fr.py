"""French."""

from actions.languages.words import Words

WORDS = Words(
    name="Français",
    called={
        "en": "anglais", "es": "espagnol", "fr": "francais", "de": "allemand", "it": "italien", "pt": "portugais", "ar": "arabe",
        "zh": "chinois", "ru": "russe", "pl": "polonais", "tr": "turc", "uk": "ukrainien",
    },
    correcting=(
        "non", "en fait", "pardon", "desole", "desolee", "je voulais dire", "je veux dire", "plutot", "je me suis trompe",
        "je me suis trompee", "changer", "changez", "modifier", "modifiez", "corriger", "corrigez", "attendez", "erreur",
        "c est faux",
    ),
    place=(
        "devant", "pres", "a cote", "au coin", "derriere", "en face", "entre", "sur", "dans", "a l", "a la", "au", "aux", "angle",
        "sous", "le", "la", "l", "rue", "avenue", "place", "boulevard", "entree",
    ),
    parts={
        "location": "adresse rue lieu endroit numéro emplacement position",
        "description": "texte détails",
        "photo": "cliché",
        "contact": "courriel mél téléphone portable électronique",
        "service": "problème catégorie sujet genre",
    },
    everything="tout tous toutes deux",
    removing=("enleve", "enlevez", "enlever", "supprime", "supprimez", "supprimer", "retirez", "retirer", "efface", "effacez", "sans"),
    negating="pas",
    instead=("au lieu de", "plutot que"),
    rewriting=("par", "en", "devrait dire", "est"),
    dropping=("oubliez", "oublie", "laissez", "laisse", "annulez", "annule", "abandonnez", "enlevez", "pas besoin", "ne signalez"),
    first="abord premier premiere avant",
    yes=("oui", "ouais", "d'accord", "exact", "oui merci", "envoyez"),
    no=("non", "non merci", "aucun", "aucune"),
    empty="je veux voudrais souhaite besoin signaler declarer un une le la les il y a probleme bonjour svp mon ma dans sur et "
    "avec ce cette ca c est qui du de des pour d l",
    addresses="rue avenue boulevard chemin place coin du des de le les la au mon signalement numero",
    numbers="numero num n adresse maison porte",
)  # fmt: skip
