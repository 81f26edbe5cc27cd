"""French."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Ma position",
    choose="Choisir",
    photo="Photo",
    greeting="Bonjour",
    get_started=("demarrer", "commencer", "debuter", "cest parti"),
    subject="Votre message",
    stop=("arret", "arrete", "arreter", "arretez", "desabonner", "desinscrire"),
    start=("commencer", "reprendre"),
)
