"""The few words a channel has to say itself, because its own controls carry them. Everything else comes from content/."""

SHARE_LOCATION = {
    "de": "📍 Standort senden",
    "en": "📍 Share my location",
    "es": "📍 Enviar ubicación",
    "fr": "📍 Ma position",
    "it": "📍 Invia posizione",
    "ja": "📍 位置情報を送る",
    "pt": "📍 Enviar localização",
    "zh": "📍 发送位置",
}
"""The label of a button that sends a pin: 20 characters at most, LINE's limit."""

CHOOSE = {
    "de": "Auswählen",
    "en": "Choose",
    "es": "Elegir",
    "fr": "Choisir",
    "it": "Scegli",
    "ja": "選ぶ",
    "pt": "Escolher",
    "zh": "选择",
}
"""The label that opens a list of choices: 20 characters at most, WhatsApp's limit."""

PHOTO = {
    "de": "Foto",
    "en": "Photo",
    "es": "Foto",
    "fr": "Photo",
    "it": "Foto",
    "ja": "写真",
    "pt": "Foto",
    "zh": "照片",
}
"""What stands before the address of a picture, where the channel shows no pictures."""

GREETINGS = {
    "de": "Hallo",
    "en": "Hello",
    "es": "Hola",
    "fr": "Bonjour",
    "it": "Ciao",
    "ja": "こんにちは",
    "pt": "Olá",
    "zh": "你好",
}
"""What a tap on a platform's Start button means, which arrives as a command nobody typed."""


def share_location(language: str | None) -> str:
    """The label in this language, or a pin, which needs none."""
    return SHARE_LOCATION.get(primary(language) or "", "📍")


def choose(language: str | None) -> str:
    """The label in this language, or one that needs none."""
    return CHOOSE.get(primary(language) or "", "☰")


def picture(language: str | None, url: str) -> str:
    """A line that says what the address is of."""
    word = PHOTO.get(primary(language) or "")
    return f"{word}: {url}" if word else url


def greeting(language: str | None) -> str:
    """The greeting in this language, or in English."""
    return GREETINGS.get(primary(language) or "", GREETINGS["en"])


def primary(tag: str | None) -> str | None:
    """The language of an IETF tag: "pt-BR" is "pt". None for what is no tag."""
    language = (tag or "").partition("-")[0].lower()
    return language if 2 <= len(language) <= 3 and language.isascii() and language.isalpha() else None
