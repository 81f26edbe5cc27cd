"""French."""

from channels.languages.words import Words

WORDS = Words(
    share_location="📍 Ma position",
    choose="Choisir",
    photo="Photo",
    greeting="Bonjour",
    subject="Votre message",
    stop=("arret", "arrete", "arreter", "arretez", "desabonner", "desinscrire"),
    start=("commencer", "reprendre"),
)
