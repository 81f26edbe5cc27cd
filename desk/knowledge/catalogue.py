"""The catalogue: every text a citizen reads, loaded from content/ and strictly validated. One long file on purpose: how a text is put together
can be read in one place."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from city import City
from desk.knowledge.cited import read_cited
from desk.knowledge.city_words import CityWords
from desk.knowledge.content import (
    Answer,
    ButtonSpec,
    ContentError,
    Response,
    Text,
    read_answer,
    read_dialogue,
)
from desk.knowledge.named_facts import VARIABLE, Fact, load_facts, used_by
from desk.knowledge.parts import HOW
from desk.knowledge.system_texts import SYSTEM
from desk.knowledge.words import language_name, value_in_words
from desk.model import Composed, OfferedButton, Reply, ReplyButton, Source

__all__ = ["Catalog", "ContentError"]

CHOOSE = "choose_answer"

GREETING = "utter_greet"
"""The assistant's answer to a greeting."""


class Catalog:
    """Answers and responses by name, in every language of the city. Editors change answers while the desk runs
    (desk/knowledge/publishing/published.py): `answers` is then another mapping, and never changed in place."""

    def __init__(
        self,
        city: City,
        answers: Mapping[str, Answer],
        responses: Mapping[str, Response],
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        self.responses = responses
        self.seed = answers
        """As content/ has them."""
        self.seed_facts = facts or {}
        self._city = city
        self._said = CityWords(city)
        self.renew(answers)

    @classmethod
    def load(cls, content_dir: Path | str, city: City) -> "Catalog":
        """Read content/answers and content/dialogue. Raises ContentError with one sentence."""
        folder = Path(content_dir)
        answers = {path.stem: read_answer(path, city.complete) for path in _files(folder / "answers")}
        responses: dict[str, Response] = {}
        for path in _files(folder / "dialogue"):
            for name, response in read_dialogue(path, city.languages).items():
                if name in responses:
                    raise ContentError(
                        f"{path}: '{name}' is in another file of this folder too. Keep only one."
                    )
                responses[name] = response
        responses |= read_cited(folder, city, answers)
        for name in SYSTEM:
            if name not in responses:
                raise ContentError(f"{folder / 'dialogue'}: '{name}' is missing. The desk itself uses it.")
        return cls(city, answers, responses, load_facts(folder / "named_facts", city.complete))

    def renew(
        self,
        answers: Mapping[str, Answer],
        versions: Mapping[str, int] | None = None,
        withheld: Collection[str] = (),
        withdrawn: Collection[str] = (),
        *,
        assistant_stopped: bool = False,
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        """What editors published: the version of each answer, those that are not given, the withdrawn ones of these, and the named facts."""
        self.answers = answers
        self.added = sorted(answers.keys() - self.seed.keys())
        """Answers that began in the console."""
        self.named_facts = self.seed_facts if facts is None else facts
        self._uses = {name: used_by(answer) & self.named_facts.keys() for name, answer in answers.items()}
        self.versions = dict(versions or {})
        self.withheld = frozenset(withheld)
        self.withdrawn = frozenset(withdrawn)
        self.assistant_stopped = assistant_stopped

    @property
    def complete(self) -> tuple[str, ...]:
        """The languages in which every text must be written."""
        return self._city.complete

    def supported(self, language: str | None) -> str:
        """This language if the city supports it, otherwise the city's first."""
        return language if language in self._city.languages and language else self._city.language

    def offered(self, language: str | None) -> str | None:
        """This language if the city supports it, otherwise None."""
        return language if language in self._city.languages else None

    def facts(self, language: str | None) -> Mapping[str, str]:
        """What every text may say of the city, by the name of its variable."""
        return self._said.of(self.supported(language))

    def _known(self, answer: Answer, language: str, today: date) -> Mapping[str, str]:
        """The city's facts, and the named facts that this answer uses, as they are today."""
        named = self._uses.get(answer.id)
        if not named:
            return self._said.of(language)
        facts = [self.named_facts[name] for name in named]
        said = {one.name: one.said(language, today) or one.said(self._city.language, today) for one in facts}
        return {**self._said.of(language), **{name: text for name, text in said.items() if text}}

    def listing(self, today: date) -> list[Answer]:
        """All answers for the console, those past their review date first."""
        return sorted(self.answers.values(), key=lambda one: (not one.stale(today), one.review_by, one.id))

    def is_given(self, name: str, today: date) -> bool:
        """Whether citizens get this answer: it is neither withdrawn, stopped nor expired, and every fact in it has a value."""
        answer = self.answers.get(name)
        return (
            answer is not None
            and name not in self.withheld
            and not answer.expired(today)
            and all(self.named_facts[one].value_on(today) for one in self._uses[name])
        )

    def compose(
        self, reply: Reply, language: str | None, *, today: date, inbox: str | None = None
    ) -> Composed:
        """Render `reply` in `language`: an answer, a response, or its fallback text. Never empty. An `inbox` may have a
        greeting of its own. An answer that is not translated yet is given in the city's first language, with the offer of a person. A reply with
        both an answer and a response is the answer, or its part, with the response's text below it, in one message.
        """
        language = self.supported(language)
        # What the bot says again has the name of an answer's response, utter_<id>.
        answer = self.answers.get(reply.answer or (reply.response or "").removeprefix("utter_"))
        if answer and not self.is_given(answer.id, today):
            return self._being_checked(answer, language)
        if answer and language not in answer.texts:
            return self._untranslated(reply, language, today)
        if answer and reply.part and not (reply.part == HOW and HOW not in answer.texts[language].parts):
            part = self._with_below(self._part(answer, reply, language, today), reply, language)
            # A question below it comes with its choices.
            more = self._buttons(reply.buttons, None, language) if reply.response else ()
            return replace(part, buttons=(*part.buttons, *more))
        entry: Answer | Response | None = answer or self.responses.get(reply.response or "")
        if (
            entry and language not in entry.texts
        ):  # a lookup or a news item: like an answer, perhaps untranslated
            return self._untranslated(reply, language, today)
        given = self._titled(reply.variables, language)
        if answer:
            given = {**given, **self._known(answer, language, today)}
        said = self._say(entry, language, given) if entry else None
        if reply.response == GREETING:
            said = self.greeting(inbox, language) or said
        text = said or reply.text.strip() or self._say(self.responses["nothing_to_say"], language, {}) or ""
        buttons = self._buttons(reply.buttons, entry, language)
        if answer and said:
            composed = self._sourced(answer, text, buttons, language, today)
            return self._with_below(composed, reply, language)
        if said and isinstance(entry, Response) and entry.origin:
            origin, title = entry.origin, entry.texts[language].title
            return Composed(
                text, buttons, Source(title, origin.source, origin.as_of, origin.review_by < today)
            )
        return Composed(text, buttons)

    def greeting(self, inbox: str | None, language: str) -> str | None:
        """What is said to a greeting in this inbox, if it has words of its own. They may name the city's facts."""
        text = self._city.greeting(inbox, language) or ""
        known = self._said.of(language)
        return VARIABLE.sub(lambda found: known.get(found[1], found[0]), text).strip() or None

    def with_drafts(self, *drafts: Answer) -> "Catalog":
        """The same, with these answers as they will be: for a preview, and for checks."""
        answers = {**self.answers} | {one.id: one for one in drafts}
        tried = Catalog(self._city, answers, self.responses, self.named_facts)
        tried.withheld, tried.seed = self.withheld - {one.id for one in drafts}, self.seed
        tried.withdrawn = self.withdrawn
        return tried

    def system(
        self, name: str, language: str | None, variables: Mapping[str, object] | None = None
    ) -> Composed:
        """One of the desk's own messages, named in SYSTEM."""
        language = self.supported(language)
        response = self.responses[name]
        text = self._say(response, language, variables or {}, strict=False) or ""
        return Composed(text, self._buttons((), response, language))

    def _with_below(self, composed: Composed, reply: Reply, language: str) -> Composed:
        """An answer, or a part of one, with the text of the reply's response below it."""
        below = self.responses.get(reply.response or "")
        told = below is not None and language in below.texts
        more = self._say(below, language, reply.variables) if below and told else None
        return replace(composed, text=f"{composed.text}\n\n{more}") if more else composed

    def _part(self, answer: Answer, reply: Reply, language: str, today: date) -> Composed:
        """One part of an answer; if the answer has no such part, that is said, and a person is offered."""
        name, known = reply.part or "", self._known(answer, language, today)
        part = answer.texts[language].parts.get(name)
        if part is None and name in answer.texts[self._city.language].parts:
            return self._untranslated(reply, language, today)
        if part:
            text = VARIABLE.sub(lambda found: known.get(found[1], ""), part.text).strip()
            return self._sourced(answer, text, (), language, today)
        missing = self.responses["part_missing"]
        text = self._say(missing, language, {"title": answer.texts[language].title}) or ""
        whole = ReplyButton(CHOOSE, key="whole", entities={"answer": answer.id})
        return self._sourced(answer, text, self._buttons((whole,), missing, language), language, today)

    def _being_checked(self, answer: Answer, language: str) -> Composed:
        """Instead of an answer that is not given: where to look, and a person."""
        title = answer.texts.get(language, answer.texts[self._city.language]).title
        return self.system("answer_withheld", language, {"title": title, "source": answer.source})

    def _sourced(
        self, answer: Answer, text: str, buttons: tuple[OfferedButton, ...], language: str, today: date
    ) -> Composed:
        source = Source(
            answer.texts[language].title,
            answer.source,
            answer.reviewed_on,
            answer.stale(today),
            answer.id,
            self.versions.get(answer.id),
        )
        if source.stale:
            variables = {"reviewed_on": answer.reviewed_on}
            text = f"{text}\n\n{self._say(self.responses['answer_stale'], language, variables)}"
        return Composed(text, buttons, source)

    def _titled(self, variables: Mapping[str, object], language: str) -> Mapping[str, object]:
        """A variable `topic` names an answer; citizens read its title."""
        about = self.answers.get(str(variables.get("topic", "")))
        if about is None:
            return variables
        return {**variables, "topic": about.texts.get(language, about.texts[self._city.language]).title}

    def _untranslated(self, reply: Reply, language: str, today: date) -> Composed:
        spoken = self._city.language
        answer = self.compose(reply, spoken, today=today)
        note = self.system("answer_untranslated", language, {"language": language_name(spoken, language)})
        known = {(button.intent, str(button.entities)) for button in answer.buttons}
        more = (button for button in note.buttons if (button.intent, str(button.entities)) not in known)
        return Composed(f"{note.text}\n\n{answer.text}", (*answer.buttons, *more), answer.source)

    def _say(
        self, entry: Answer | Response, language: str, variables: Mapping[str, object], *, strict: bool = True
    ) -> str | None:
        # The city's own facts take precedence, and values are not expanded again: braces a citizen wrote stay
        # braces.
        known = {**variables, **self._said.of(language)}
        text = entry.texts[language].text
        if strict and any(name not in known for name in VARIABLE.findall(text)):
            return None
        return (
            VARIABLE.sub(lambda found: value_in_words(known.get(found[1], ""), language), text).strip()
            or None
        )

    def _buttons(
        self, given: Iterable[ReplyButton], entry: Answer | Response | None, language: str
    ) -> tuple[OfferedButton, ...]:
        text = entry.texts[language] if entry else None
        own = (_reply_button(spec) for spec in (entry.buttons if entry else ()))
        offered: list[OfferedButton] = []
        for button in (*given, *own):
            title = self._title(button, text, language)
            meant = (button.intent, dict(button.entities))
            if title and all((one.intent, dict(one.entities)) != meant for one in offered):
                offered.append(OfferedButton(title, *meant))
        return tuple(offered)

    def _title(self, button: ReplyButton, text: Text | None, language: str) -> str | None:
        leads_to = self.answers.get(str(button.entities.get("answer", "")))
        return (
            button.title
            or (text.buttons.get(button.key or "") if text else None)
            or (leads_to.texts.get(language, leads_to.texts[self._city.language]).title if leads_to else None)
        )


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*.yml"))
    if not found:
        raise ContentError(
            f"There are no .yml files in {folder}. Set CIVICDESK_CONTENT to your content folder."
        )
    return found


def _reply_button(spec: ButtonSpec) -> ReplyButton:
    if spec.answer is not None:
        return ReplyButton(CHOOSE, key=spec.key, entities={"answer": spec.answer})
    return ReplyButton(spec.intent or "", key=spec.key, entities=spec.entities)
