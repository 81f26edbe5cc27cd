"""`make languages`: lists every language's word tables and what one still lacks (`make languages
LANGUAGE=pt`)."""

import sys
from collections.abc import Mapping
from pathlib import Path

import yaml

from city import CityError, load_city

TABLES: Mapping[str, str] = {
    "bot/languages": "how citizens ask, join questions and matters, and name days",
    "bot/languages/follow_ups": "how citizens ask for a part of the last answer",
    "bot/languages/personal": "how citizens say who they are",
    "bot/languages/wishes": "how citizens ask for a person",
    "bot/languages/dangers": "how citizens tell that somebody is in danger",
    "actions/languages": "how citizens correct, place, agree and refuse in a report",
    "channels/languages": "labels of a channel's own controls, STOP by SMS",
    "channels/languages/mail": "how mail programs quote, forward and advertise",
    "city/languages": "how citizens write places",
    "desk/languages": "how dates and times are joined, and how people choose, link and leave",
    "desk/notices/languages": "labels of notices, and how people subscribe to them",
    "desk/official/languages": "how people ask whether something is really from the city, and that page",
    "desk/rumours/languages": "how people ask whether something is true, and the words of verdicts",
    "gateway/languages": "pages without scripts",
    "web/widget/i18n": "the web chat",
}
"""Folders with one file for each language, and what is in them."""

TEXTS = ("content/dialogue", "content/answers")
"""Folders with one file for each subject; each text holds all languages."""


def tables(root: Path, language: str) -> dict[str, Path | None]:
    """For each folder in TABLES the file of this language, or None if there is none."""
    found: dict[str, Path | None] = {}
    for folder in TABLES:
        files = [path for path in (root / folder).glob(f"{language}.*") if path.suffix in (".py", ".ts")]
        found[folder] = files[0] if files else None
    return found


def missing_texts(root: Path, language: str) -> list[str]:
    """Places in content/ that have texts in other languages but not in this one, as `file: name`."""
    missing = []
    for folder in TEXTS:
        for path in sorted((root / folder).glob("*.yml")):
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
            for name, texts in raw.items():
                if isinstance(texts, dict) and "en" in texts and language not in texts:
                    missing.append(f"{path.relative_to(root)}: {name}")
    return missing


def main(arguments: list[str]) -> int:
    """Print the table of all languages, or what the named ones lack. Exit code 1 if those lack anything."""
    root = Path.cwd()
    try:
        offered = load_city(root / "city.yml").languages
    except CityError as error:
        print(error, file=sys.stderr)
        return 2
    if arguments:
        return max(_report(root, language) for language in arguments)
    codes = sorted({path.stem for folder in TABLES for path in (root / folder).glob("??.*")} | set(offered))
    print(f"The city offers: {', '.join(offered)}. A dash: there is no file.\n")
    print(f"{'folder':20}{''.join(f'{code:6}' for code in codes)}  what is in it")
    for folder, what in TABLES.items():
        marks = "".join(f"{'yes' if tables(root, code)[folder] else '-':6}" for code in codes)
        print(f"{folder:20}{marks}  {what}")
    print(
        "\n`make languages LANGUAGE=pt` says what one language lacks. Steps: CONTRIBUTING.md, Add a language."
    )
    return 0


def _report(root: Path, language: str) -> int:
    found = tables(root, language)
    for folder, path in found.items():
        print(f"{folder}: {path.relative_to(root) if path else 'missing: ' + TABLES[folder]}")
    missing = missing_texts(root, language)
    print(f"content: {len(missing)} texts are missing" + (":" if missing else ""))
    for place in missing:
        print(f"  {place}")
    return int(bool(missing) or None in found.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
