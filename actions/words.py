"""How people say things in the city's languages: tables first, pure functions below.

A new language is one more entry in each table; without one the shape tests say "no" and the
understanding alone decides.
"""

import re
import unicodedata
from functools import cache

_CORRECTING = {
    "en": "no | actually | sorry | i meant | i mean | rather | correction | wait | oops | my mistake | change | "
    "edit | wrong | that is wrong | thats wrong | not ",
    "es": "no | en realidad | perdon | perdone | disculpe | quise decir | quiero decir | mejor dicho | me equivoque | "
    "cambiar | cambie | cambia | corregir | corrija | espere | mas bien | esta mal | modificar ",
    "fr": "non | en fait | pardon | desole | desolee | je voulais dire | je veux dire | plutot | je me suis trompe | "
    "je me suis trompee | changer | changez | modifier | modifiez | corriger | corrigez | attendez | erreur | "
    "c est faux ",
}
_PLACE = {
    "en": "near | at | in front of | next to | opposite | between | behind | outside | by the | on the | in the | "
    "corner | across | beside | close to | under | the | entrance",
    "es": "en | cerca | frente | enfrente | junto | entre | detras | delante | al lado | esquina | a la altura | "
    "sobre | bajo | la | el | por | afuera | entrada | calle | avenida | plaza",
    "fr": "devant | pres | a cote | au coin | derriere | en face | entre | sur | dans | a l | a la | au | aux | "
    "angle | sous | le | la | l | rue | avenue | place | boulevard | entree",
}
_PARTS = {
    "location": "address street place location where road house number spot corner avenue dirección calle lugar "
    "ubicación sitio avenida plaza adresse rue lieu endroit numéro emplacement position",
    "description": "description text wording details descripción texto detalles texte détails",
    "photo": "photo picture image pic photograph foto imagen fotografía image cliché",
    "contact": "email e-mail mail phone telephone contact correo teléfono contacto celular móvil courriel mél "
    "téléphone portable électronique electrónico mail",
    "service": "problem type category kind service issue problema tipo categoría servicio problème catégorie sujet "
    "genre",
}


def _listed(words: str) -> frozenset[str]:
    return frozenset(word.strip() for word in words.split("|"))


_YES = _listed(
    "yes | y | yep | yeah | yup | sure | ok | okay | yes please | send it | go ahead | 👍 | 👌 | ✅ | si | sí | claro | "
    "vale | dale | correcto | sí por favor | envíelo | oui | ouais | d'accord | exact | oui merci | envoyez"
)
_NO = _listed(
    "no | n | nope | nah | no thanks | 👎 | ❌ | no gracias | ninguno | non | non merci | aucun | aucune | none"
)
_EMPTY = frozenset(
    (
        "i want to would like need report a an the there is are problem issue hello hi please my on in at and of with "
        "this that it some has have been was were be you can could for from "
        "quiero quisiera necesito avisar reportar informar denunciar de un una el la los las hay problema hola por "
        "favor mi en y con este esta eso es que se puedo para "
        "je veux voudrais souhaite besoin signaler declarer un une le la les il y a probleme bonjour svp mon ma dans "
        "sur et avec ce cette ca c est qui du de des pour d l"
    ).split()
)


def fold(text: str) -> str:
    """Lower case, without accents, apostrophes and hyphens as spaces, single spaces."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w@+.\s]|_", " ", plain).split())


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(character.isalnum() for character in text)


def is_correction(text: str, language: str) -> bool:
    """Whether it begins as people begin when they take something back."""
    said = f"{fold(text)} "
    return said.startswith(_starts(_CORRECTING, language))


def is_place(text: str, language: str) -> bool:
    """Whether it reads like a place: a number in it, or a word of place first."""
    if any(character.isdigit() for character in text):
        return True
    return f"{fold(text)} ".startswith(_starts(_PLACE, language))


def is_yes(text: str) -> bool:
    """A plain yes, a thumb included."""
    return text.strip(" .!").lower() in _YES


def is_no(text: str) -> bool:
    """A plain no."""
    return text.strip(" .!").lower() in _NO


def part_named(text: str) -> str | None:
    """Which part of a report is named: service, description, location, photo or contact."""
    said = set(fold(text).split())
    # "e-mail address" is a contact and not a place, so the contact is looked for first.
    for part in ("contact", "photo", "description", "location", "service"):
        if said & _part_words(part):
            return part
    return None


def told_words(text: str) -> int:
    """How many words say something, polite and empty ones left out."""
    return len([word for word in fold(text).split() if word not in _EMPTY])


def _starts(table: dict[str, str], language: str) -> tuple[str, ...]:
    words = table.get(language, "").split("|")
    return tuple(f"{fold(word)} " for word in words)


@cache
def _part_words(part: str) -> set[str]:
    return set(fold(_PARTS[part]).split())
