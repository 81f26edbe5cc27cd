"""French."""

from desk.notices.languages.words import Words

WORDS = Words(
    levels={"watch": "Préparez-vous", "alert": "Alerte", "emergency": "Urgence", "recovery": "Après l'événement"},
    scenarios={
        "storm": "tempêtes",
        "flood": "inondations",
        "outage": "coupures de courant",
        "water": "eau potable",
        "evacuation": "évacuations",
        "unrest": "troubles",
        "health": "alertes sanitaires",
    },
    all_clear="Fin de l'alerte",
    update="Mise à jour",
    everywhere="toute la ville",
    anything="tout ce qui est urgent",
    subscribe=(
        "alertes", "prevenez moi des", "prevenez moi en cas de", "avertissez moi des", "avertissez moi en cas de", "je veux des alertes",
        "je veux les alertes", "envoyez moi des alertes", "envoyez moi les alertes", "abonnez moi aux", "informez moi des",
    ),
    unsubscribe=("plus d alertes", "pas d alertes", "arreter les alertes", "desabonnez moi des alertes", "fin des alertes"),
    weak=("informez moi des",),
    confirm=("confirmer les alertes", "je confirme les alertes"),
    between=(
        "dans", "le", "la", "les", "du", "des", "de", "d", "pour", "et", "ou", "quartier", "district", "s", "il", "vous", "plait", "a", "au", "aux", "en", "cas", "sur", "ville", "une",
    ),
    about={
        "storm": ("tempete", "tempetes", "vent", "ouragan", "ouragans"),
        "flood": ("inondation", "inondations", "crue", "crues"),
        "outage": ("coupure de courant", "coupures de courant", "panne de courant", "pannes de courant"),
        "water": ("eau potable", "eau du robinet"),
        "evacuation": ("evacuation", "evacuations"),
        "unrest": ("troubles", "emeute", "emeutes"),
        "health": ("alerte sanitaire", "alertes sanitaires", "canicule", "chaleur"),
    },
    all_of=("toutes les alertes", "tout", "urgences", "urgence", "alertes"),
    banner="Messages d'alerte de la ville",
    feed="Messages d'alerte de {city}",
    nothing="Il n'y a aucune alerte en ce moment.",
    invite="Recevoir les alertes dans le chat",
    until="Valable jusqu'au {moment}.",
    fixed="Vous nous avez écrit à ce sujet : {title}. La ville dit que c'est terminé. Est-ce réparé chez vous ? Si oui, inutile de répondre.",
    safe="Vous nous avez écrit à ce sujet : {title}. La ville dit que c'est terminé. Êtes-vous en sécurité ? Si oui, inutile de répondre. En danger, appelez le {number}.",
    not_well="Non, aidez-moi",
    code="Code de ce message : {code}. Pour vérifier qu'il vient de nous, écrivez-nous le code.",
    short_code="Code",
)  # fmt: skip
