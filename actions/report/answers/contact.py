"""How the crew may reach the citizen: an e-mail address, a phone number, or not at all. Pure."""

import re
from dataclasses import replace
from typing import Any

from actions.report.draft import Draft
from actions.report.second import another_report
from actions.report.step import Step
from actions.services import Services
from actions.turn import DialogueTurn
from actions.words import fold, is_no, is_yes

NONE = {"wish": "none", "value": None}
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,6}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{7,24}")
_EMAIL_WORDS = "email mail correo courriel mel electronico electronique"
_PHONE_WORDS = "phone telephone call text sms mobile telefono llamar llamada celular movil appel tel"
_WITHOUT = (
    "no ", "not ", "none ", "without ", "anonym", "do not ", "don t ", "dont ", "i don t have", "i dont have",
    "i do not have", "sin ", "ninguno ", "ninguna ", "no tengo", "non ", "sans ", "pas ", "aucun ", "je n ai pas",
    "j ai pas", "je n en ai pas",
)  # fmt: skip

_CALLS = (
    "call me", "yes call me", "please call me", "just call me", "phone me", "ring me", "text me", "you can call me", "llamame", "llameme", "llamenme",
    "si llamame", "si llameme", "me pueden llamar", "pueden llamarme", "por telefono", "by phone", "par telephone", "appelez moi", "appelle moi", "rappelez moi", "oui appelez moi",
    "vous pouvez m appeler",
)  # fmt: skip
_SHORT_WISH = 5  # words
_NOBODY = ("no one ", "no body ")


def apply_contact(turn: DialogueTurn, draft: Draft, services: Services) -> Step | None:
    """The draft after the answer to "may the crew contact you?"."""
    given = read_contact(turn)
    if given:
        return Step(replace(draft, contact=given))
    if turn.intent in ("skip", "deny") or is_no(turn.text) or refuses(turn.text):
        return Step(replace(draft, contact=NONE))
    wish = wish_named(turn.text)
    if tries_contact(turn.text):
        return Step(draft, response="utter_report_contact_invalid")
    if wish:
        return Step(replace(draft, contact={"wish": wish, "value": None}))
    if turn.intent == "affirm" or is_yes(turn.text):
        known = known_contact(turn)
        if known is None:
            return Step(draft, response="utter_report_contact_which")
        return Step(replace(draft, contact=known))
    other = another_report(turn, draft, services)
    short = 0 < len(turn.text.split()) <= _SHORT_WISH  # a longer text says something else
    if other is None and short and not turn.asks and turn.intent == "nlu_fallback":
        return Step(draft, response="utter_report_contact_not_one")
    return other


def wishes_call(text: str) -> bool:
    """Whether a short text asks to be called or written to, and gives no number: "call me", "llámame"."""
    said = fold(text)
    short = len(said.split()) <= _SHORT_WISH and _digits(text) == 0 and "@" not in text
    return short and f" {said} ".startswith(tuple(f" {call} " for call in _CALLS))


def read_contact(turn: DialogueTurn) -> dict[str, Any] | None:
    """The address or number in a message; None if there is no valid one."""
    email = _EMAIL.search(turn.text)
    if email:
        return {"wish": "email", "value": email[0].lower()}
    phone = str(turn.entity("phone") or "") or next(
        (found[0] for found in _PHONE.finditer(turn.text) if _digits(found[0]) >= 7), ""
    )
    if phone and 7 <= _digits(phone) <= 15 and "@" not in turn.text:
        return {"wish": "phone", "value": " ".join(phone.split())}
    return None


def wish_named(text: str) -> str | None:
    """Whether an e-mail or a phone call is wanted, if no address is given."""
    said = set(fold(text).split())
    if said.intersection(_EMAIL_WORDS.split()):
        return "email"
    return "phone" if said.intersection(_PHONE_WORDS.split()) else None


def tries_contact(text: str) -> bool:
    """Whether it was meant as an address or a number."""
    return "@" in text or _digits(text) >= 3


def refuses(text: str) -> bool:
    """Whether it refuses contact, in any common wording."""
    said = f"{fold(text)} "
    return said.startswith(_WITHOUT) and not said.startswith(_NOBODY)


def known_contact(turn: DialogueTurn) -> dict[str, Any] | None:
    """The contact's own e-mail or phone, as the desk knows it."""
    for wish in ("email", "phone"):
        value = turn.contact.get(wish)
        if value:
            return {"wish": wish, "value": str(value)}
    return None


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
