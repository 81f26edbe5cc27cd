"""French."""

from actions.languages.words import Words

WORDS = Words(
    name="Français",
    called={
        "en": "anglais", "es": "espagnol", "fr": "francais", "de": "allemand", "it": "italien", "pt": "portugais", "ar": "arabe",
        "zh": "chinois", "ru": "russe", "pl": "polonais", "tr": "turc", "uk": "ukrainien",
    },
    holidays={
        "new_year": "jour de l'an", "epiphany": "Épiphanie", "martin_luther_king_day": "Martin Luther King Day",
        "valentines_day": "Saint-Valentin", "presidents_day": "Presidents' Day", "good_friday": "Vendredi saint",
        "easter": "dimanche de Pâques", "easter_monday": "lundi de Pâques", "ascension": "Ascension", "pentecost": "Pentecôte",
        "whit_monday": "lundi de Pentecôte", "memorial_day": "Memorial Day", "juneteenth": "Juneteenth",
        "independence_day": "jour de l'Indépendance", "bastille_day": "fête nationale française", "assumption": "Assomption",
        "labor_day": "fête du Travail", "columbus_day": "Columbus Day", "halloween": "Halloween", "all_saints": "Toussaint",
        "election_day": "jour des élections", "veterans_day": "jour des anciens combattants", "thanksgiving": "Thanksgiving",
        "thanksgiving_friday": "lendemain de Thanksgiving", "immaculate_conception": "Immaculée Conception",
        "christmas_eve": "veille de Noël", "christmas": "Noël", "boxing_day": "lendemain de Noël",
        "new_years_eve": "Saint-Sylvestre",
    },
    day_pattern="EEEE d MMMM",
    time_pattern="H 'h' mm",
    span="de {start} à {end}",
    now=("maintenant", "actuellement", "en ce moment", "la maintenant", "encore ouvert", "encore ouverte", "encore ouverts"),
    because=("a cause", "en raison", "pour cause"),
    weekend=("week end", "weekend", "fin de semaine", "week ends"),
    streets_before="rue avenue chemin place boulevard route allee impasse quai",
    before_street="dans a au aux en sur la le les de du des ma mon est et pour quand quel jour poubelle j habite",
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
    yes=("oui", "ouais", "d'accord", "exact", "oui merci", "envoyez"),
    no=("non", "non merci", "aucun", "aucune"),
    empty="je veux voudrais souhaite besoin signaler declarer un une le la les il y a probleme bonjour svp mon ma dans sur et "
    "avec ce cette ca c est qui du de des pour d l",
)  # fmt: skip
