"""Texts that cite data: those of lookups (content/lookups) and of news (content/news), as responses by name."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from city import City, CityError
from city.lookups import Lookup, load_lookups
from city.news import load_news
from desk.knowledge.content import Answer, ContentError, Origin, Response, Text


def read_cited(content: Path, city: City, answers: Mapping[str, Answer]) -> dict[str, Response]:
    """Responses by the names that the bot uses. Raises ContentError."""
    try:
        lookups = load_lookups(content / "lookups", city.complete)
        news = load_news(content / "news", city.complete)
    except CityError as error:
        raise ContentError(str(error)) from None
    found: dict[str, Response] = {}
    for lookup in lookups.values():
        _check_parts(lookup, content, answers, city.language)
        origin = Origin(source=lookup.source, as_of=lookup.as_of, review_by=lookup.review_by)
        for name in lookup.text_names():
            texts = {
                language: Text(text=said[name], title=said["title"])
                for language, said in lookup.texts.items()
                if name in said
            }
            # A question cites nothing.
            found[lookup.response(name)] = Response(texts=texts, origin=None if name == "ask" else origin)
    for item in news.values():
        texts = {
            language: Text(text=said["text"], title=said["title"]) for language, said in item.texts.items()
        }
        origin = Origin(source=item.source, as_of=item.since, review_by=item.until + timedelta(days=1))
        found[item.response] = Response(texts=texts, origin=origin)
    return found


def _check_parts(lookup: Lookup, content: Path, answers: Mapping[str, Answer], language: str) -> None:
    for answer in (answers[one] for one in lookup.answers if one in answers):
        for part in lookup.parts:
            if part not in answer.texts[language].parts:
                raise ContentError(
                    f"{content / 'lookups' / lookup.id}.yml: the answer '{answer.id}' has no part '{part}'."
                )
