"""The desk's vocabulary as frozen, typed values; standard library only. One long file on purpose: all
packages share these declarations, and they have no behaviour.

DeskError
├── DatabaseUnavailable   PostgreSQL does not answer; the text is a sentence for the operator
├── Refused               the citizen's input cannot be accepted: `code` and a sentence for the citizen
├── NotFound              no such conversation (or none that this actor may know of)
├── NotAllowed            the actor lacks a permission (desk/people/permissions.py)
├── AlreadyClaimed        another agent has claimed it: `by` is that agent's name
└── WrongState            the conversation is no longer in a state that allows this
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Literal
from uuid import UUID

Clock = Callable[[], datetime]
"""Returns the current time as a timezone-aware datetime in UTC."""

ConversationState = Literal["bot", "queued", "assigned", "waiting_on_contact", "resolved"]
Author = Literal["contact", "bot", "agent", "system"]
Status = Literal["accepted", "sent", "delivered", "read", "failed"]
HandoffReason = Literal["asked", "unsure", "distress", "failed", "stopped"]
Role = Literal["agent", "supervisor", "editor", "admin", "auditor"]
Outcome = Literal["answered", "handed_off", "failed", "dropped"]
Failure = Literal[
    "opted_out",
    "unreachable",
    "erased",
    "thread_elsewhere",
    "window_over",
    "refused",
    "refused_later",
    "gave_up",
    "unrenderable",
    "forbidden_number",
    "contact_cap",
    "inbox_cap",
    "unknown",
]
"""Why a message of ours did not go, or waits. `unknown`: it may have arrived; `refused_later`: it was taken first.
`forbidden_number`, `contact_cap` and `inbox_cap` are our own limits of what messages may cost."""
ActorKind = Literal["contact", "bot", "agent", "system"]
Why = Literal[
    "opened",
    "asked",
    "unsure",
    "distress",
    "failed",
    "bot_failed",
    "stopped",
    "undelivered",
    "filing_refused",
    "promise_missed",
    "claimed",
    "released",
    "handed_back",
    "transferred",
    "resolved",
    "resolve_undone",
    "reopened",
    "cancelled",
    "replied",
    "wrote",
    "held",
    "pushed",
    "returned",
    "assigned",
    "taken_over",
    "signed_out",
    "agent_gone",
    "shift_over",
    "deactivated",
    "idle",
    "not_solved",
    "merged",
    "unmerged",
    "split",
    "partner_took",
    "partner_back",
]
"""Why a conversation's owner or state changed. The first few after `opened` are the bot's reasons for a
handoff."""


class DeskError(Exception):
    """Base class of every error the desk raises on purpose; `str(error)` is a sentence for a person."""


class DatabaseUnavailable(DeskError):
    """PostgreSQL cannot be reached."""


class SchemaBehind(DatabaseUnavailable):
    """The schema is older than this release, and this process's role may not change it: its owner has to migrate."""


class Refused(DeskError):
    """The citizen's message cannot be accepted. `code` is for programs, the text for the citizen."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class NotFound(DeskError):
    """Nothing exists under this id."""


class NotAllowed(DeskError):
    """This agent may not do this. `permission` names the missing permission."""

    def __init__(self, sentence: str, permission: str) -> None:
        super().__init__(sentence)
        self.permission = permission


class AlreadyClaimed(DeskError):
    """Another agent claimed the conversation first. `by` is that agent's name."""

    def __init__(self, by: str) -> None:
        super().__init__(f"{by} has already taken this conversation.")
        self.by = by


class WrongState(DeskError):
    """The conversation's state has changed in the meantime. `state` is the current one."""

    def __init__(self, state: str, sentence: str) -> None:
        super().__init__(sentence)
        self.state = state


@dataclass(frozen=True, slots=True)
class Contact:
    """A citizen on one inbox. `language` is None until known; `phone` and `email` are set only if the
    provider or the citizen supplied them. `wrote_at` is the provider's time of the last message; reply
    windows start from it. Until `quiet_until` the bot stays silent, because staff answered in another app. Until
    `blocked_until` nobody but the bot answers, because of abuse.
    """

    id: UUID
    inbox: str
    external_id: str
    name: str | None
    email: str | None
    phone: str | None
    language: str | None
    last_seq: int
    created_at: datetime
    wrote_at: datetime | None = None
    window_shut_at: datetime | None = None
    human_shut_at: datetime | None = None
    opted_out_at: datetime | None = None
    unreachable_at: datetime | None = None
    routed_away_at: datetime | None = None
    quiet_until: datetime | None = None
    blocked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One case of a contact, from the first message to `resolved`. `fence` (a fencing token) grows with
    every change of owner. `urgency`: the kind of danger somebody is in, for a conversation that is queued
    before the others. Among equally urgent ones a higher `priority` is served first. `topic`: the intent by which
    its team was chosen."""

    id: UUID
    inbox: str
    contact_id: UUID
    state: ConversationState
    fence: int
    agent_id: UUID | None
    agent_name: str | None
    team: str | None
    language: str
    handoff_reason: str | None
    handoff_summary: str | None
    created_at: datetime
    updated_at: datetime
    queued_at: datetime | None
    assigned_at: datetime | None
    resolved_at: datetime | None
    urgency: str | None = None
    priority: int = 0
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class MessageButton:
    """A button as the citizen sees it; `id` is opaque."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that we send: `id` is the media id. `alt` describes an agent's photo for people who cannot see
    it."""

    id: str
    content_type: str
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A place (WGS 84 degrees) with an optional label."""

    latitude: float
    longitude: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer comes from and when an editor last reviewed it; which answer it is, in which version (None: as the
    release has it)."""

    title: str
    url: str
    reviewed_on: date
    stale: bool
    answer: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One entry in a contact's log. `seq` counts 1, 2, 3 … across all conversations of the contact. `news`
    holds the values of a status update, for a provider's template; `template` is what an agent chose
    ({name, language, values}); `sent_as` names the template that was sent instead of the message. `edited`:
    the citizen changed an earlier message to this one; `chosen` is the title of the choice that a number
    selected; `takes_thread`: the agent takes the thread over from another app with this message;
    `passes_thread`: the thread goes to that app afterwards. `note` tells an agent which part of a citizen's
    message could not be read, and `unshown` what it brought and we cannot show. `quotes` is the earlier message that
    this one answers or, if `edited`, replaces; `quotes_unknown`: it answers one that is not in the log. `deleted_at`:
    the citizen deleted it, so that its text is no longer shown. `elsewhere`: staff wrote it in another app.
    `confirms_stop`: it confirms that the citizen gets no more messages, and may go all the same. `answers`: the approved
    answers that an agent's message is made from. `identity_check`: the check whose code is put in when it is sent. `earlier`: its texts before an agent changed it or, if `withdrawn`, took
    it back. `report`: it asks a question of a report, in the web chat.
    """

    id: UUID
    conversation_id: UUID
    contact_id: UUID
    seq: int
    author: Author
    text: str
    language: str
    status: Status
    created_at: datetime
    client_id: str | None = None
    agent_id: UUID | None = None
    agent_name: str | None = None
    buttons: tuple[MessageButton, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    location: Point | None = None
    source: Source | None = None
    reply_to: UUID | None = None
    reply_index: int | None = None
    asks_location: bool = False
    news: Mapping[str, str] | None = None
    template: Mapping[str, object] | None = None
    sent_as: str | None = None
    edited: bool = False
    chosen: str | None = None
    takes_thread: bool = False
    passes_thread: bool = False
    note: str | None = None
    unshown: tuple["NotShown", ...] = ()
    quotes: UUID | None = None
    quotes_unknown: bool = False
    deleted_at: datetime | None = None
    elsewhere: bool = False
    confirms_stop: bool = False
    answers: tuple["UsedAnswer", ...] = ()
    earlier: tuple[str, ...] = ()
    withdrawn: bool = False
    identity_check: UUID | None = None
    report: "ReportView | None" = None


@dataclass(frozen=True, slots=True)
class ReportControl:
    """What a citizen may do with a report besides answering: `does` is back, later, continue, send, stop, or the part to
    change. Its id is that of a button."""

    id: str
    title: str
    does: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as a message of the web chat shows it."""

    step: int
    steps: int
    paused: bool
    answers: tuple["ReportAnswer", ...]
    controls: tuple[ReportControl, ...]


@dataclass(frozen=True, slots=True)
class UsedAnswer:
    """An approved answer in an agent's message: its id, the version of its text (a digest), whether the agent changed
    its words, and which published version it was (None: as the release has it)."""

    id: str
    version: str
    changed: bool = False
    published: int | None = None


@dataclass(frozen=True, slots=True)
class NotShown:
    """Something in a message that we cannot show: its kind (channels.messages.UnshownKind) and its name, if any."""

    kind: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """An earlier message that another one answers. `intent` is what the bot understood of the message that it answered
    (or of the citizen's own), or the answer that was asked for by a button or a follow-up; "" for a deleted text."""

    author: Author
    text: str
    created_at: datetime
    intent: str | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A stored file; its bytes are at `file_name` under the media folder. `size` is in bytes."""

    id: UUID
    contact_id: UUID | None
    file_name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SharedPlace:
    """A point (WGS 84 degrees) that a contact shared, with the provider's label if it gave one."""

    latitude: float
    longitude: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file attached to a message: `id` and `url` are the provider's until the file is fetched; then `id`
    is ours."""

    id: str
    content_type: str = ""
    name: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """What a contact sent, as the intake accepted it (channels.base.Inbound documents each field). `lost`
    is None until the files have been processed, then the number that could not be fetched or read.
    `over_quota` is true if a file was refused because the contact has sent too many, `masked` if the text had a
    card number in it.
    """

    external_id: str = ""
    kind: str = "message"
    text: str | None = None
    button: str | None = None
    location: SharedPlace | None = None
    media: tuple[ReceivedFile, ...] = ()
    thread: Mapping[str, str] = field(default_factory=dict)
    edits: bool = False
    proven: bool = True
    note: str | None = None
    ref: str | None = None
    quotes: str | None = None
    deletes: str | None = None
    unshown: tuple[NotShown, ...] = ()
    silence: int = 0
    stops: bool = False
    lost: int | None = None
    over_quota: bool = False
    masked: bool = False
    chosen_language: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One accepted webhook event or widget message; `deaths` counts the workers that died while processing
    it. `readable` is false if the stored payload has a shape that this release does not know; `received` is
    then empty.
    """

    id: int
    inbox: str
    external_id: str
    contact_id: UUID
    received: ReceivedMessage
    received_at: datetime
    state: str
    attempts: int
    deaths: int
    waiting_since: datetime | None
    trace_id: str | None
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person, with the teams whose conversations they may access. `only_own_teams` limits to these teams
    a role that otherwise reads every team's (desk/people/permissions.py)."""

    agent_id: UUID
    name: str
    role: Role
    teams: tuple[str, ...]
    only_own_teams: bool = False


class Priority(IntEnum):
    """Which contacts' messages leave the outbox first. Within one contact, the order of the log applies. An emergency goes to
    many at once, so like a broadcast it leaves conversations their share of slots and tokens."""

    BROADCAST = 0
    CONVERSATION = 10
    EMERGENCY = 20


@dataclass(frozen=True, slots=True)
class By:
    """Who or what changes a conversation's owner or state, and why. `agent_id` is set if it is an agent. `reason`: one
    of the city's reasons for resolving, if it is that."""

    kind: ActorKind
    why: Why
    agent_id: UUID | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of a conversation's owner or state. `from_state` is None for the opening, `to_state` for
    an erasure. `actor_kind` and `why` are "unknown" if something other than the desk changed the row.
    """

    id: int
    conversation_id: UUID
    inbox: str
    from_state: ConversationState | None
    from_agent_id: UUID | None
    from_team: str | None
    to_state: ConversationState | None
    to_agent_id: UUID | None
    to_team: str | None
    actor_kind: str
    actor_id: UUID | None
    why: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which conversations lists and searches may show: `everything`, or those of `teams` plus the agent's
    own."""

    everything: bool
    teams: tuple[str, ...]
    agent_id: UUID


@dataclass(frozen=True, slots=True)
class ContactState:
    """What the widget shows above the text field. `position` is 1 for the next in the queue; `wait` is what is left, in
    minutes, of the wait that the citizen was told: at least and at most."""

    owner: Literal["bot", "queued", "agent", "none"]
    position: int | None
    agent_name: str | None
    office_open: bool
    opens_at: datetime | None
    language: str
    typing: bool
    wait: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class ReplyButton:
    """A button the bot offers. Without `title`, the catalogue finds one by `key` or by the answer the
    button leads to."""

    intent: str
    title: str | None = None
    key: str | None = None
    entities: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportAnswer:
    """One answer of a report: `part` is service, description, location, photo, contact, or the code of one of the
    service's own questions, whose words are the `title`."""

    part: str
    text: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """How far a report is: the step that is asked now, of `steps`. `answers` are given where they are to be checked."""

    step: int
    steps: int
    paused: bool = False
    answers: tuple[ReportAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """WHAT to say (the bot decides): an answer or one `part` of it, a response, or the fallback `text`. `report`: the
    question belongs to a report that is being written."""

    response: str | None = None
    answer: str | None = None
    variables: Mapping[str, object] = field(default_factory=dict)
    buttons: tuple[ReplyButton, ...] = ()
    text: str = ""
    part: str | None = None
    report: ReportProgress | None = None

    @property
    def language(self) -> str | None:
        """That of a text for people who write in a language that the city does not speak; None: the conversation's."""
        code = self.variables.get("code") if self.response == "utter_foreign_language_own" else None
        return code if isinstance(code, str) and re.fullmatch("[a-z]{2,3}", code) else None


WORDS = "words"
"""The intent of a choice that an agent offers: clicking it sends its title as the citizen's text, to the
current owner of the conversation."""


@dataclass(frozen=True, slots=True)
class OfferedButton:
    """A button with its hidden payload, before it is assigned an opaque id."""

    title: str
    intent: str
    entities: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Composed:
    """HOW it is said (the desk decides): text in one language, buttons, and the source of an answer."""

    text: str
    buttons: tuple[OfferedButton, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class InReply:
    """Which of the contact's messages this one answers, and its index among the replies to it, from 0."""

    to: UUID
    index: int


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message from the desk, the bot or an agent. `id` and `client_id` make sending it again idempotent.
    `extra` is stored with it: `attachments`, `asks_location`, `news`, `opens` or `template` (see `Message`). `report` is kept
    where the channel's windows show it.
    """

    author: Author
    composed: Composed
    language: str
    reply: InReply | None = None
    agent_id: UUID | None = None
    client_id: str | None = None
    id: UUID | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    priority: Priority = Priority.CONVERSATION
    report: ReportProgress | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Directive: a human agent must take over. `urgency` is the kind of danger somebody is in, such as "fire";
    such a conversation is queued before the others."""

    reason: HandoffReason
    summary: str = ""
    urgency: str | None = None


@dataclass(frozen=True, slots=True)
class FileRequest:
    """Directive: file this service request. `media` are our media ids; degrees are WGS 84. `service_name`: what
    the back end calls a service that our own catalogue does not have."""

    service_code: str
    description: str
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    media: tuple[str, ...] = ()
    attributes: Mapping[str, object] = field(default_factory=dict)
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    service_name: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """Directive: withdraw a service request that was recorded before, add to it, or reopen it because it is not solved. `request` is our id of it,
    as the bot was given it. `fixes` replaces fields of a request that is not sent yet (`address`,
    `description`); one that is sent gets `text`, which says the same in words. `media` are our media ids.
    """

    request: str
    kind: Literal["withdraw", "complement", "reopen"]
    text: str = ""
    media: tuple[str, ...] = ()
    fixes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """Directive: the contact wants news of a request that somebody else filed ("me too")."""

    backend: str
    reference: str
    service_code: str


QueueWish = Literal["stay", "leave", "place"]


@dataclass(frozen=True, slots=True)
class WhileWaiting:
    """Directive, only while the conversation waits for a person: what the contact wants from the queue. `place`
    asks how long it takes. `language` is the one that the contact asked for, if any."""

    wish: QueueWish
    language: str | None = None


Directive = Handoff | FileRequest | ChangeRequest | FollowRequest | WhileWaiting


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """A request to the bot. `kind` is `text` or `payload`; `metadata` is defined by the bot contract."""

    message_id: UUID
    conversation_id: UUID
    kind: Literal["text", "payload"]
    text: str | None
    intent: str | None
    entities: Mapping[str, object]
    language: str | None
    metadata: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TurnAnswer:
    """The bot's answer: at least one reply or a Handoff. `parse` is kept for evaluating the bot's
    understanding."""

    message_id: UUID
    replies: tuple[Reply, ...]
    directives: tuple[Directive, ...]
    language: str | None
    intent: str | None
    confidence: float | None
    parse: Mapping[str, object]
    form: str | None
