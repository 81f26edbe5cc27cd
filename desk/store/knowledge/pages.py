"""Official pages of the city, in passages: stored for full-text search and for comparison by meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from desk.store.pool import Executor

CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""PostgreSQL's own text search configurations, by language; others are searched word by word, without endings."""
PLAIN = "simple"


@dataclass(frozen=True, slots=True)
class NewPassage:
    """Text below one heading; `heading` is empty before the first one."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page as it was when it was last looked at."""

    id: int
    digest: str
    etag: str | None
    modified: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may fit. `words` are in the form in which they are compared."""

    id: int
    url: str
    title: str
    heading: str
    text: str
    language: str
    changed_on: date
    words: Sequence[str]
    vector: bytes | None


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word of a question as passages with this text search configuration have it, and in how many of all passages it is."""

    configuration: str
    word: str
    passages: int


def configuration(language: str) -> str:
    """The text search configuration for this language."""
    return CONFIGURATIONS.get(language, PLAIN)


async def list_known(executor: Executor) -> dict[str, KnownPage]:
    """All pages by their address."""
    rows = await executor.fetch("SELECT url, id, digest, etag, modified FROM pages")
    return {row["url"]: KnownPage(row["id"], row["digest"], row["etag"], row["modified"]) for row in rows}


async def mark_checked(executor: Executor, id: int, at: datetime) -> None:
    """It is still as it was."""
    await executor.execute("UPDATE pages SET checked_at = $2 WHERE id = $1", id, at)


async def set_page(
    executor: Executor,
    url: str,
    title: str,
    language: str,
    changed_on: date,
    digest: str,
    etag: str | None,
    modified: str | None,
    at: datetime,
    passages: Sequence[NewPassage],
) -> None:
    """A page that is new or has changed, with its passages in place of earlier ones; inside the caller's transaction."""
    id = await executor.fetchval(
        """INSERT INTO pages (url, title, language, changed_on, digest, etag, modified, checked_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (url) DO UPDATE SET title = $2, language = $3, changed_on = $4, digest = $5, etag = $6,
                                           modified = $7, checked_at = $8 RETURNING id""",
        url, title, language, changed_on, digest, etag, modified, at,
    )  # fmt: skip
    await executor.execute("DELETE FROM page_passages WHERE page_id = $1", id)
    await executor.execute(
        """INSERT INTO page_passages (page_id, place, heading, text, words)
           SELECT $1, place, heading, text, setweight(to_tsvector($4::text::regconfig, $5 || ' ' || heading), 'A')
                                            || setweight(to_tsvector($4::text::regconfig, text), 'B')
           FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS cut(heading, text, place)""",
        id, [one.heading for one in passages], [one.text for one in passages], configuration(language), title,
    )  # fmt: skip


async def delete_pages(executor: Executor, urls: Sequence[str]) -> None:
    """They are no longer there, or no longer ours to show."""
    await executor.execute("DELETE FROM pages WHERE url = ANY($1)", list(urls))


async def delete_unchecked(executor: Executor, since: datetime) -> int:
    """Those that could not be looked at since then; returns how many."""
    done = await executor.execute("DELETE FROM pages WHERE checked_at < $1", since)
    return int(done.rpartition(" ")[2])


async def set_words(executor: Executor) -> None:
    """Count again in how many passages each word is; inside the caller's transaction."""
    await executor.execute("DELETE FROM page_words")
    await executor.execute(
        "INSERT INTO page_words (word, passages) SELECT word, ndoc FROM ts_stat('SELECT words FROM page_passages')"
    )


async def list_without_vector(executor: Executor, limit: int) -> list[tuple[int, str]]:
    """(id, text with its headings) of passages that have no vector yet."""
    rows = await executor.fetch(
        """SELECT s.id, concat_ws('. ', p.title, nullif(s.heading, ''), s.text) AS text
           FROM page_passages s JOIN pages p ON p.id = s.page_id WHERE s.vector IS NULL ORDER BY s.id LIMIT $1""",
        limit,
    )
    return [(row["id"], row["text"]) for row in rows]


async def set_vectors(executor: Executor, vectors: Sequence[tuple[int, bytes, str]]) -> None:
    """(passage, vector, its signs as 0 and 1)."""
    await executor.execute(
        """UPDATE page_passages SET vector = made.vector, signs = made.signs::bit(512)
           FROM unnest($1::bigint[], $2::bytea[], $3::text[]) AS made(id, vector, signs)
           WHERE page_passages.id = made.id""",
        [id for id, _, _ in vectors], [vector for _, vector, _ in vectors], [signs for _, _, signs in vectors],
    )  # fmt: skip


async def count_passages(executor: Executor) -> int:
    """How many passages there are."""
    return int(await executor.fetchval("SELECT count(*) FROM page_passages"))


async def list_asked_words(executor: Executor, question: str, languages: Sequence[str]) -> list[AskedWord]:
    """The words of a question, each in the forms in which passages in these languages have it."""
    rows = await executor.fetch(
        """SELECT asked.configuration, asked.word, coalesce(known.passages, 0) AS passages
           FROM (SELECT c AS configuration, unnest(tsvector_to_array(to_tsvector(c::regconfig, $1))) AS word
                 FROM unnest($2::text[]) c) asked
           LEFT JOIN page_words known USING (word) ORDER BY 3, 2, 1""",
        question, list(dict.fromkeys(configuration(one) for one in languages)),
    )  # fmt: skip
    return [AskedWord(**dict(row)) for row in rows]


_CANDIDATE = """SELECT s.id, p.url, p.title, s.heading, s.text, p.language, p.changed_on,
                       tsvector_to_array(s.words) AS words, s.vector
                FROM page_passages s JOIN pages p ON p.id = s.page_id"""


async def list_with_words(executor: Executor, words: Sequence[str], limit: int) -> list[Candidate]:
    """Passages with any of these words, best first."""
    rows = await executor.fetch(
        f"""WITH asked AS (SELECT string_agg(quote_literal(w), ' | ')::tsquery AS query FROM unnest($1::text[]) w),
                 best AS (SELECT s.id, ts_rank(s.words, asked.query) AS rank FROM page_passages s, asked
                          WHERE s.words @@ asked.query ORDER BY 2 DESC, 1 LIMIT $2)
            {_CANDIDATE} JOIN best ON best.id = s.id ORDER BY best.rank DESC, s.id""",  # noqa: S608  (our own constants)
        list(words), limit,
    )  # fmt: skip
    return [Candidate(**dict(row)) for row in rows]


async def list_alike(executor: Executor, signs: str, limit: int) -> list[Candidate]:
    """Passages whose vector has the most signs in common with this one."""
    rows = await executor.fetch(
        f"""WITH best AS (SELECT id, bit_count(signs # $1::text::bit(512)) AS apart FROM page_passages
                          WHERE signs IS NOT NULL ORDER BY 2, 1 LIMIT $2)
            {_CANDIDATE} JOIN best ON best.id = s.id ORDER BY best.apart, s.id""",  # noqa: S608  (our own constants)
        signs, limit,
    )  # fmt: skip
    return [Candidate(**dict(row)) for row in rows]
