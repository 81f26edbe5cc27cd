"""French."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Ma position",
    choose="Choisir",
    photo="Photo",
    greeting="Bonjour",
    get_started=("demarrer", "commencer", "debuter", "cest parti"),
    subject="Votre message",
    stop=(
        *("arret", "arrete", "arreter", "arretez", "desabonner", "desinscrire", "me desabonner"),
        *("desabonnez moi", "desinscrivez moi", "desinscription", "desabonnement", "plus de messages"),
        *("plus de sms", "ne m envoyez plus de messages", "ne m envoyez plus de sms", "ne m ecrivez plus"),
        *("arretez de m ecrire", "arretez de m envoyer des messages", "arretez de m envoyer des sms"),
        *("arretez les messages", "arretez les sms", "je ne veux plus de messages", "je ne veux plus de sms"),
    ),
    polite=(
        "merci d avance",
        "merci a vous",
        "je vous remercie",
        "tout de suite",
        "s il vous plait",
        "s il te plait",
        "svp",
        "stp",
        "merci",
        "merci beaucoup",
        "merci bien",
        "maintenant",
    ),
    start=("commencer", "reprendre"),
)
