"""Whether what somebody asks about is the city's: by the code of a notice, by the words of one, or by the list. Never "official"
for anything else, and always with what to do."""

from collections.abc import Sequence

import structlog

from city import City
from desk.knowledge.catalogue import Catalog
from desk.knowledge.words import moment
from desk.model import Message
from desk.notices.current import CurrentNotices
from desk.notices.saying import Said as SaidNotice
from desk.notices.saying import say
from desk.official.asking import plain, read_asked
from desk.official.comparing import Comparing
from desk.official.reading import codes_in, read_named
from desk.people.linking import Said
from desk.store.dialogue import quotes
from desk.store.notices import notices
from desk.store.notices.notices import NoticeVersion
from desk.store.pool import Store

log = structlog.get_logger("official")

ASK, YES, NO, UNKNOWN, CODE, NO_CODE, HERE = (
    f"official_{name}" for name in ("ask", "yes", "no", "unknown", "code", "no_code", "here")
)
LONGEST_WHAT = 200
"""Characters of what was found that an answer repeats."""


class OfficialChecks:
    """Built once in a process. `base` is the public address of this installation."""

    def __init__(
        self, store: Store, city: City, catalog: Catalog, current: CurrentNotices, base: str
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._city = city
        self._current = current
        self._base = base.rstrip("/")

    async def handle_text(self, message: Message, text: str, language: str) -> Said | None:
        """What the desk answers to somebody who asks whether something is official; None if the text is about something else.
        `text` is what the message says, or the caption of its photo."""
        asked = read_asked(text, language)
        if asked is None and read_asked(text, language, awaited=True) is not None:
            last = await quotes.get_said_before(self._store.pool, message.conversation_id, message.id)
            asked = read_asked(text, language, awaited=last is not None and last in self._requests())
        if asked is None:
            return None
        if not asked.about:
            said = Said(HERE if await self._answers_ours(message) else ASK, self._variables())
        else:
            said = await self.check(asked.about, language)
            if said.name == NO_CODE and not asked.sure:
                return None
        log.info("official_asked", message=str(message.id), said=said.name)
        return said

    async def check(self, text: str, language: str) -> Said:
        """What is said about this text: one of the names above, with what goes into it."""
        listed = Comparing(self._city.official_list, self._city.calling_code or "")
        codes = codes_in(text)
        known = [one for code in codes if (one := await notices.get_by_code(self._store.pool, code))]
        same = self._with_these_words(text)
        said = [say(one, spoken, self._city) for one in (*known, *same) for spoken in one.content.texts]
        compared = [listed.compare(one, text) for one in read_named(text)]
        # What our own notice names, such as a hotline, is not held against it.
        foreign = [
            one.named.text for one in compared if one.official is None and not _says(said, one.named.text)
        ]
        if foreign:
            return Said(NO, self._variables(what=_shortened(foreign)))
        if len(known) < len(codes):
            unknown = next(code for code in codes if code not in {one.code for one in known})
            return Said(NO_CODE, self._variables(code=unknown))
        if same or known:
            return Said(CODE, self._about_notice((*same, *known)[0], language))
        if compared:
            return Said(YES, self._variables(what=_shortened([one.official or "" for one in compared])))
        return Said(UNKNOWN, self._variables())

    def _requests(self) -> frozenset[str]:
        """What we say when we ask for something to check."""
        return frozenset(
            self._catalog.system(ASK, one, self._variables()).text for one in self._city.languages
        )

    async def _answers_ours(self, message: Message) -> bool:
        """Whether it is a reply to something that we wrote in this log."""
        if message.quotes is None:
            return False
        found = await quotes.list_quoted(self._store.pool, message.contact_id, [message.quotes])
        return any(one.author != "contact" for one in found.values())

    def _with_these_words(self, text: str) -> list[NoticeVersion]:
        """Released versions of the last 30 days that say exactly this, in any language."""
        words = plain(text)
        return [
            version
            for versions in self._current.history()
            for version in versions
            if any(
                words in (plain(said.whole), plain(said.short))
                for said in (say(version, language, self._city) for language in version.content.texts)
            )
        ]

    def _about_notice(self, version: NoticeVersion, language: str) -> dict[str, object]:
        said = say(version, language, self._city)
        assert version.released_at is not None
        when = moment(version.released_at.astimezone(self._city.zone), said.language)
        url = f"{self._base}/notices?language={said.language}#n-{version.notice_id}"
        return {**self._variables(), "code": version.code, "when": when, "title": said.title, "url": url}

    def _variables(self, **more: str) -> dict[str, object]:
        return {"phone": self._city.phone, "list": f"{self._base}/official", **more}


def _says(said: Sequence[SaidNotice], part: str) -> bool:
    return any(part in one.whole or part in one.short for one in said)


def _shortened(found: Sequence[str]) -> str:
    text = ", ".join(dict.fromkeys(found))
    return text if len(text) <= LONGEST_WHAT else f"{text[:LONGEST_WHAT].rstrip()} …"
