"""What an action needs to know about the citizen's latest message. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

DIALOGUE_INTENTS = frozenset(
    {
        "report_problem", "report_detail", "ask_status", "talk_to_person", "affirm", "deny", "stop", "correct", "skip",
        "greet", "goodbye", "thanks", "insult", "distress", "bot_challenge", "what_can_you_do",
        "change_language", "share_location", "share_photo", "cancel_handoff", "back_to_bot", "repeat",
        "not_answered", "nobody_answers", "choose_answer", "choose_option", "follow_up", "nlu_fallback", "give_details", "pause",
        "undo", "start_over", "continue_report", "ask_day", "give_place", "withdraw_report", "add_to_report",
        "still_there", "what_sent", "choose_report", "ask_place",
    }
)  # fmt: skip

# Actions that Rasa runs by itself between a message and its answer.
HOUSEKEEPING = frozenset({"action_extract_slots", "action_listen", "action_session_start"})


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """One message and what is known around it.

    `text` is empty for a pressed button, a photo or a location. `entities` are (values) by name.
    `step` is the slot the active form asked for. `returning` is true if the form resumes after a digression:
    the message has been handled already. `reason` says why the understanding is not
    sure (bot/understanding/decision.py), `asks` whether it has the shape of a question, and `candidates`
    which intents are worth offering. `thresholds` are the model's own, by name. `matters` are the problems that
    begin in this message, each {text, service, entities}, and `order` the wish which of them comes first, {text, services}; `own` says whether the text itself is an answer to the
    form. `details`: the personal details of the message, which its text has no more; `details_only`: it contains nothing else. `urgency` is the kind of
    danger that the words report (bot/understanding/people/urgency.py); `only`: the message asks for a person
    and says nothing else. `titled`: the text is a button's title, which describes nothing.
    `denies`: it says that what was said or filed is not so, and nothing else.
    `placed`: it is a place, told after an answer about the problem there. `foreign`: the code of the message's language,
    if it is none that the city speaks.
    """

    text: str = ""
    intent: str | None = None
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    entities: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    slots: Mapping[str, Any] = field(default_factory=dict)
    language: str = "en"
    form: str | None = None
    step: str | None = None
    returning: bool = False
    reason: str | None = None
    asks: bool = False
    candidates: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    matters: tuple[Mapping[str, Any], ...] = ()
    order: Mapping[str, Any] | None = None
    own: bool = True
    details_only: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
    urgency: str | None = None
    only: bool = False
    titled: bool = False
    denies: bool = False
    placed: bool = False
    likely_service: str | None = None
    foreign: str | None = None

    def believed(self, threshold: str) -> bool:
        """Whether the intent is likely enough for this threshold of the model: lenient, sure or strict.

        A message without thresholds was not read by the model; then the result is false.
        """
        return self.confidence >= self.thresholds.get(threshold, 1.0)

    @property
    def typed(self) -> bool:
        """Whether the citizen wrote words."""
        return bool(self.text)

    @property
    def topic(self) -> str | None:
        """The answer topic the message was taken for, if it was taken for one."""
        return self.intent if self.intent and self.intent not in DIALOGUE_INTENTS else None

    def entity(self, name: str) -> Any:
        """The first value of an entity, None where there is none."""
        values = self.entities.get(name, ())
        return values[0] if values else None

    @property
    def contact(self) -> Mapping[str, Any]:
        """What the desk knows about the citizen: id, name, email, phone, language."""
        found = self.metadata.get("contact")
        return found if isinstance(found, Mapping) else {}

    def can(self, capability: str) -> bool:
        """Whether the channel has a capability; true if the desk does not say."""
        found = self.metadata.get("capabilities")
        return bool(found.get(capability, True)) if isinstance(found, Mapping) else True


def read_turn(tracker: Tracker, languages: Sequence[str]) -> DialogueTurn:
    """The Turn of a tracker. `languages` are the city's; the first is used if none is known."""
    message = tracker.latest_message
    intent = message.get("intent") or {}
    metadata = message.get("metadata") or {}
    text = message.get("text") or ""
    # A pressed button reaches Rasa as `/intent{...}`; a citizen's own slash never does (bot/turn/channel.py).
    if text.startswith("/"):
        text = ""
    entities: dict[str, list[Any]] = {}
    # The longest match is the most specific: "dumped mattress" before "dumped".
    for entity in sorted(message.get("entities") or [], key=_span, reverse=True):
        entities.setdefault(str(entity.get("entity")), []).append(entity.get("value"))
    if text:
        _learn(entities, metadata.get("learned_service"))
    language = tracker.slots.get("language") or metadata.get("language")
    return DialogueTurn(
        text=" ".join(text.split("\x00")).strip(),
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple(
            (str(found.get("name")), float(found.get("confidence") or 0.0))
            for found in message.get("intent_ranking") or []
        ),
        entities={name: tuple(values) for name, values in entities.items()},
        metadata=metadata,
        slots=tracker.slots,
        language=str(language) if language in languages else languages[0],
        form=tracker.active_loop_name,
        step=tracker.slots.get("requested_slot"),
        returning=_dealt_with(tracker.events, tracker.active_loop_name),
        reason=message.get("reason"),
        asks=bool(message.get("question")),
        candidates=tuple(str(name) for name in message.get("candidates") or ()),
        thresholds=message.get("thresholds") or {},
        matters=tuple(message.get("matters") or ()),
        order=message.get("order"),
        own=bool(message.get("own", True)),
        details_only=bool(message.get("details_only")),
        details=message.get("details") or {},
        urgency=message.get("urgency"),
        only=bool(message.get("only")),
        titled=bool(message.get("titled")),
        denies=bool(message.get("denies")),
        placed=bool(message.get("placed")),
        likely_service=message.get("likely_service"),
        foreign=message.get("foreign"),
    )


def last_turn(events: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The events of the turn before the latest message: from its message to just before this one."""
    marks = [place for place, event in enumerate(events) if event.get("event") == "user"]
    if not marks:
        return ()
    start = marks[-2] if len(marks) > 1 else 0
    return events[start : marks[-1]]


def actions_of(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of the actions that ran, without Rasa's own."""
    names = [str(event.get("name")) for event in events if event.get("event") == "action"]
    return [name for name in names if name not in HOUSEKEEPING]


def replies_of(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """The names of what the bot said: of responses, and of answers."""
    names = []
    for event in events:
        if event.get("event") == "bot":
            reply = ((event.get("data") or {}).get("custom") or {}).get("reply") or {}
            name = reply.get("response") or reply.get("answer")
            names.append(str(name or (event.get("metadata") or {}).get("utter_action") or ""))
    return [name for name in names if name]


def _learn(entities: dict[str, list[Any]], learned: object) -> None:
    """What editors accepted as the meaning of such words: another service than the one that they seem to name."""
    if not isinstance(learned, Mapping) or not learned.get("to"):
        return
    named = entities.get("service", [])
    if not named or named[0] == learned.get("from"):
        entities["service"] = [learned["to"], *(one for one in named[1:] if one != learned["to"])]


def _span(entity: Mapping[str, Any]) -> int:
    return int(entity.get("end") or 0) - int(entity.get("start") or 0)


def _dealt_with(events: Sequence[Mapping[str, Any]], form: str | None) -> bool:
    after: list[Mapping[str, Any]] = []
    for event in reversed(events):
        if event.get("event") == "user":
            break
        after.append(event)
    if any(event.get("event") == "action_execution_rejected" for event in after):
        return True
    return any(name != form for name in actions_of(after))
