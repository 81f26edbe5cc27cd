"""`python -m bot.lint.languages`: how often the language of a message is identified, on texts not trained on.

Columns: ours; py3langid restricted to the city's languages; lingua likewise, if installed. Then how
often one of our own examples is taken for a foreign language, and how many foreign texts are recognised
(tests/bot/texts/foreign.yml, its `test` half).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.lint.examples import read_examples
from bot.project import ROOT, load_project, read_yaml
from bot.understanding.foreign import Foreign
from bot.understanding.language import Languages, city_texts

SHORT = 3  # words
FOREIGN = ROOT / "tests" / "bot" / "texts" / "foreign.yml"

Guess = Callable[[int, str], "str | None"]


def main() -> None:
    """Two folds: each half of the examples is classified by a model trained on the other half."""
    codes = load_project().languages
    examples = [(e.text, e.language) for e in read_examples(ROOT / "data" / "nlu") if e.language in codes]
    texts = city_texts(load_project().content, codes)
    halves = [
        Languages.fit(texts, [text for place, (text, _) in enumerate(examples) if place % 2 != half])
        for half in (0, 1)
    ]
    guessers: dict[str, Guess] = {
        "ours": lambda place, text: halves[place % 2].guess(text)[0],
        "py3langid": _py3langid(codes),
    }
    lingua = _lingua(codes)
    if lingua:
        guessers["lingua"] = lingua
    print(f"{len(examples)} examples; right, in % ({SHORT} words or fewer)")
    for name, guess in guessers.items():
        shares = (_share(guess, examples, code) for code in codes)
        print(
            f"{name:10}",
            "  ".join(
                f"{code} {all_:.1f} ({short:.1f})" for code, (all_, short) in zip(codes, shares, strict=True)
            ),
        )
    foreign = [Foreign(codes, half.known) for half in halves]
    alarms = [text for place, (text, _) in enumerate(examples) if foreign[place % 2](text)]
    print(f"taken for a strange language: {len(alarms)} of {len(examples)}: {', '.join(alarms[:10])}")
    strange = [
        (text, code)
        for code, parts in read_yaml(FOREIGN).items()
        if code not in codes
        for text in parts["test"]
    ]
    found = [text for text, _ in strange if foreign[0](text)]
    print(f"strange languages found: {len(found)} of {len(strange)}")
    for text, code in strange:
        if text not in found:
            print(f"  missed: {code} {text}")


def _share(guess: Guess, examples: list[tuple[str, str]], code: str) -> tuple[float, float]:
    mine = [
        (guess(place, text) == code, len(text.split()))
        for place, (text, language) in enumerate(examples)
        if language == code
    ]
    short = [right for right, words in mine if words <= SHORT]
    return 100 * sum(right for right, _ in mine) / max(1, len(mine)), 100 * sum(short) / max(1, len(short))


def _py3langid(codes: Iterable[str]) -> Guess:
    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE)
    identifier.set_languages(list(codes))
    return lambda place, text: str(identifier.classify(text)[0])


def _lingua(codes: Iterable[str]) -> Guess | None:
    try:
        from lingua import IsoCode639_1, LanguageDetectorBuilder
    except ImportError:
        return None
    wanted = [getattr(IsoCode639_1, code.upper()) for code in codes]
    detector = LanguageDetectorBuilder.from_iso_codes_639_1(*wanted).build()

    def guess(place: int, text: str) -> str | None:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else None

    return guess


if __name__ == "__main__":
    main()
