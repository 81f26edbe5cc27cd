"""What a version of a notice says in one language: the same words wherever it is said."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from city import City
from city.notices.districts import read_area_of
from desk.knowledge.words import moment
from desk.notices.checking import NoticeText, read_text
from desk.notices.languages import words_of
from desk.store.notices.notices import NoticeVersion


@dataclass(frozen=True, slots=True)
class Said:
    """One version in one language, with {area} and {until} filled in. `label` is the level, "Update" or "All clear"."""

    notice_id: UUID
    version: int
    language: str
    label: str
    text: NoticeText
    area: str
    until: datetime
    code: str

    @property
    def title(self) -> str:
        """The label and the title."""
        return f"{self.label}: {self.text.title}"

    @property
    def whole(self) -> str:
        """What a message says, in paragraphs."""
        one = self.text
        code = words_of(self.language).code.format(code=self.code)
        return f"{self.title}\n\n{one.what} {one.where}\n\n{one.act}\n\n{one.more} {one.ask}\n\n{code}"

    @property
    def check(self) -> str:
        """The code, in few words."""
        return f"{words_of(self.language).short_code} {self.code}"

    @property
    def short(self) -> str:
        """What an SMS says."""
        return f"{self.label}: {self.text.short} {self.check}"


def say(version: NoticeVersion, language: str, city: City) -> Said:
    """The version in this language, or in the city's first."""
    spoken = language if language in version.content.texts else city.language
    vocabulary = words_of(spoken)
    area = area_in_words(version, spoken, city)
    until = moment(_local(version.content.ends_at, city.zone), spoken)
    filled = {
        name: text.strip().replace("{area}", area).replace("{until}", until)
        for name, text in version.content.texts[spoken].items()
    }
    label = vocabulary.levels[version.content.level]
    if version.kind == "all_clear":
        label = vocabulary.all_clear
    elif version.kind == "update":
        label = f"{vocabulary.update}, {label}"
    return Said(
        version.notice_id, version.version, spoken, label, read_text(filled), area, version.content.ends_at,
        version.code,
    )  # fmt: skip


def area_in_words(version: NoticeVersion, language: str, city: City) -> str:
    """The area's districts by their titles, or "the whole city"."""
    area = read_area_of(version.content.area)
    if area.everywhere:
        return words_of(language).everywhere
    touched = set(area.touched(city.districts))
    return ", ".join(one.called(language) for one in city.districts if one.name in touched) or city.name


def _local(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone)
