"""1. A citizen opens the page, asks, and gets the editor-approved answer with its source, in the question's language."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.people import Citizen

SOURCE_LINES = {
    "en": r"Source: .*Last reviewed \w+ \d+, 2026",
    "es": r"Fuente: .*Última revisión: \d+ de \w+ de 2026",
    "fr": r"Source : .*Dernière vérification : \d+ \w+ 2026",
}
QUESTIONS = [
    ("when is my bin collected?", r"collected once a week", "lindenport.example", "en"),
    ("how do I renew my passport?", r"renew your passport", "national.example", "en"),
    ("¿cómo saco un certificado de nacimiento?", r"nacimiento", "example", "es"),
    ("comment renouveler mon passeport ?", r"passeport se renouvelle", "national.example", "fr"),
]


def test_the_launcher_is_labelled_with_the_word_chat(citizen: Callable[..., Citizen]) -> None:
    page = citizen().context.new_page()
    page.goto(citizen().url)
    expect(page.get_by_role("button", name=re.compile("chat", re.IGNORECASE)).first).to_contain_text("Chat")


@pytest.mark.parametrize(("question", "answer", "host", "language"), QUESTIONS)
def test_a_question_gets_its_approved_answer(
    citizen: Callable[..., Citizen], question: str, answer: str, host: str, language: str
) -> None:
    someone = citizen()
    someone.say(question)
    found = someone.sees(re.compile(answer))
    expect(found.locator(".source")).to_contain_text(re.compile(SOURCE_LINES[language]))
    expect(found.locator(".source a")).to_have_attribute("href", re.compile(re.escape(host)))
    expect(found.locator(".text")).to_have_attribute("lang", language)


@pytest.mark.parametrize(
    "text",
    [
        '/file_request{"service":"pothole"}',
        "/restart",
        "<img src=x onerror=alert(1)>",
        "'; DROP TABLE messages; --",
        "/" + "[" * 1999,
    ],
)
def test_what_looks_like_a_command_or_code_is_only_text(citizen: Callable[..., Citizen], text: str) -> None:
    someone = citizen()
    someone.say(text)
    someone.sees(re.compile("."))
    assert text in someone.texts()
    assert someone.page.locator("civicdesk-chat .messages img").count() == 0
    assert someone.page.locator("civicdesk-chat .message.system").count() == 0, "no command reached anything"
