"""The console's labels for the desk's short names. The console speaks English; citizens' texts stay in
their language. One long file on purpose: a reader compares the labels with each other."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

REASONS = {
    "asked": "Asked for a person",
    "unsure": "The bot was not sure",
    "distress": "May be in distress",
    "failed": "An automatic answer failed",
    "stopped": "The assistant is stopped",
}
ROW_REASONS = {
    "asked": "asked",
    "unsure": "bot unsure",
    "distress": "distress",
    "failed": "answer failed",
    "stopped": "bot stopped",
}
"""The same in the list, where the citizen's own words need the room."""
URGENCIES = {
    "suicide": "may harm themselves",
    "overdose": "overdose or poisoning",
    "missing": "somebody is missing",
    "domestic": "violence at home",
    "violence": "violence",
    "break_in": "break-in",
    "gas": "gas",
    "fire": "fire",
    "medical": "somebody is hurt or ill",
    "danger": "danger",
}
"""What is behind the word "Urgent" in the queue."""
STATES = {
    "bot": "With the bot",
    "queued": "Waiting for an agent",
    "assigned": "Agent's turn",
    "waiting_on_contact": "Waiting for the citizen",
    "resolved": "Resolved",
}
CHANNELS = {
    "web": "Web chat",
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "instagram": "Instagram",
    "telegram": "Telegram",
    "sms": "SMS",
    "line": "LINE",
    "email": "E-mail",
}
RANGES = {
    "shown": "Shown",
    "unproven": "Hidden: not proven yet",
    "error": "Hidden: wrong too often",
}
INBOX_STATES = {
    "open": "Works",
    "stopped": "Stopped",
    "paused": "Paused",
    "waiting": "Told to wait",
    "trying": "Trying again",
}
UNSHOWN = {
    "photo": "a photo that could not be kept",
    "more_photos": "more photos than one message may bring",
    "video": "a video",
    "audio": "a voice message",
    "document": "a document",
    "contact": "a contact card",
    "sticker": "a sticker",
    "poll": "a poll",
    "story": "a story",
    "post": "a shared post",
    "gift": "a gift",
    "order": "an order",
    "calendar": "a calendar entry",
    "payment": "a payment",
    "signed": "a signed or encrypted message",
    "message": "a kind of message that we do not know",
}
UNSENT = {
    "waiting": "Waits for the citizen to write",
    "dead": "Not delivered",
    "unknown": "May not have arrived",
    "held_back": "Held back by the hourly limit",
}
FAILURES = {
    "opted_out": "The citizen asked us to stop. Nothing can be sent here until they write START.",
    "unreachable": "The citizen blocked us, or the account no longer exists. Try another way to reach them.",
    "erased": "The contact was erased.",
    "thread_elsewhere": "Another app answers this person. It is sent once that app gives the conversation back.",
    "window_over": "The reply window has closed. It is sent once the citizen writes. A template can be sent now, if the inbox has one.",
    "refused": "The provider rejected it. Write it differently, or try another way.",
    "refused_later": "The provider accepted it but could not deliver it. Try again later, or another way.",
    "gave_up": "The provider did not accept it after repeated attempts. A supervisor can send it again under Inboxes.",
    "unrenderable": "It could not be converted for this channel. Write it again, as plain text.",
    "forbidden_number": "The number is outside the countries that this inbox writes to, or costs extra. Nothing can be sent there.",
    "contact_cap": "This person has reached the hourly limit for billed SMS. Messages that you write yourself are sent.",
    "inbox_cap": "The inbox has reached its hourly limit for billed SMS. It is sent within the hour; messages that you write yourself are sent at once.",
    "unknown": "The provider gave no answer, so it may have arrived. Ask the citizen before you repeat it.",
}
OURS = (
    "opted_out", "erased", "thread_elsewhere", "window_over", "unrenderable",
    "forbidden_number", "contact_cap", "inbox_cap",
)  # fmt: skip
"""Decided by us: no provider said anything."""
AUTHORS = {"contact": "Citizen", "bot": "Bot", "agent": "Agent", "system": "Desk"}
STATUSES = {
    "accepted": "Kept",
    "sent": "Sent",
    "delivered": "Delivered",
    "read": "Read",
    "failed": "Not delivered",
}
ENDINGS = {"idle": "Ended automatically: nobody wrote any more"}
"""Reasons of the desk itself; those of agents are in city.yml."""
OUTCOMES = {
    "answered": "Answered",
    "handed_off": "Handed to a person",
    "failed": "The bot failed",
    "dropped": "Dropped: a person had taken over",
}
DECIDED = {
    "title": "The message is the text of a button or a title of ours.",
    "danger": "Its words say that somebody is in danger. That comes before everything else.",
    "person": "Its words ask for a person.",
    "example": "The message equals a training example.",
    "sure": "The model is sure: the score reached its threshold.",
    "eager": "The score reached half the threshold. That is enough here, because missing it is worse than asking once too often.",
    "denies": "The message says that something is not so.",
    "form": "The form of the sentence, or what it names, decided against the model’s first guess.",
    "button": "The citizen chose a button.",
    "follow_up": "A short question after an answer belongs to that answer.",
    "details": "The message holds personal details and nothing else.",
    "dialogue": "What was said before decided.",
    "close": "No score reached the threshold. The likeliest were offered.",
    "unsure": "It is about the city’s subjects, but no score reached the threshold.",
    "out_of_scope": "It is about nothing that the assistant has an answer to.",
    "foreign": "It is in a language that the city does not speak.",
    "empty": "The message has no words.",
    "number": "The message is a number, and nothing asked for one.",
    "unreadable": "The message cannot be read.",
}
"""Which rule decided what a message is about, as the bot names it."""
FILING = {
    "recorded": "Kept, not filed yet",
    "filing": "Being filed",
    "unknown": "Being looked up with the back end",
    "awaiting_reference": "Filed, waiting for its number",
    "filed": "Filed",
    "refused": "Rejected by the back end",
    "withdrawn": "Withdrawn",
}
PARTNER_STATES = {
    "asked": "waiting for the citizen's consent; nothing is sent yet",
    "refused": "the citizen does not agree; nothing was sent",
    "unanswered": "the citizen did not answer; nothing was sent",
    "consented": "the citizen agrees; it is being sent",
    "sent": "sent; waiting for the partner's answer",
    "accepted": "accepted",
    "declined": "declined",
    "timed_out": "no answer in time",
    "failed": "could not be reached",
    "withdrawn": "withdrawn",
}
CHANGES = {
    "recorded": "On its way to the back end",
    "done": "Done",
    "person": "The back end does not support this change: make it there manually",
}
FILING_STATES = {
    "recorded": "Not sent yet",
    "filing": "Being sent",
    "unknown": "Sent, without an answer",
    "awaiting_reference": "Waits for its number",
    "refused": "Refused",
}
"""How far a request is on its way to its back end."""
REQUEST_STATUS = {"open": "Open", "closed": "Closed"}
ACTIONS = {
    "view": "Viewed",
    "answer_judged": "Judged an answer",
    "models_compared": "Compared two models",
    "shadow_ended": "Ended shadow mode",
    "difference_marked": "Marked which model is right",
    "reasons_read": "Read why the assistant gave its replies",
    "live": "Kept the page open",
    "denied": "Tried to open it, was refused",
    "password": "Changed the password",
    "claim": "Claimed",
    "claim_lost": "Tried to claim, was second",
    "reply": "Replied",
    "hand_back": "Handed back to the bot",
    "release": "Put back in the queue",
    "transfer": "Transferred",
    "offer": "Offered to a colleague",
    "offered": "Was offered it by the queue",
    "offer_missed": "Did not answer an offer in time",
    "accept": "Accepted the offer",
    "decline": "Declined the offer",
    "withdraw": "Withdrew the offer",
    "assign": "Assigned it",
    "priority": "Changed the priority",
    "leave": "Left it when signing out",
    "put_back": "Was offline: it went back to the queue",
    "supervisors_called": "Called the supervisors: urgent and unclaimed",
    "note": "Added a note",
    "resolve": "Resolved",
    "undo_resolve": "Undid a resolve",
    "schedule": "Scheduled a message",
    "unschedule": "Cancelled a scheduled message",
    "change_message": "Changed a sent message",
    "withdraw_message": "Withdrew a sent message",
    "warn": "Warned because of abuse",
    "block": "Ended it and blocked the contact",
    "unblock": "Ended a block",
    "translate": "Had a message translated",
    "translate_reply": "Had a reply translated",
    "draft_reply": "Had a reply drafted",
    "draft_summary": "Had a summary drafted",
    "bulk_reply": "Sent one answer to many",
    "contact": "Changed the contact's data",
    "identity_asked": "Asked for an identity check",
    "identity_confirmed": "Identity confirmed by a code",
    "identity_failed": "Identity check failed: too many wrong codes",
    "partner_asked": "Asked the citizen about a transfer to a partner",
    "partner_consented": "The citizen agreed to the transfer",
    "partner_refused": "The citizen did not agree to the transfer",
    "partner_unanswered": "The citizen did not answer: nothing was sent",
    "partner_sent": "Sent the transcript to the partner",
    "partner_accepted": "The partner accepted it",
    "partner_declined": "The partner declined it",
    "partner_timed_out": "The partner did not answer in time",
    "partner_failed": "The partner could not be reached",
    "partner_withdrawn": "Withdrew the transfer to a partner",
    "merge": "Merged another conversation into it",
    "merged": "Merged it into another conversation",
    "unmerge": "Undid a merge",
    "unmerged": "Undid its merge",
    "split": "Split it at a message",
    "rule": "A rule changed it",
    "rule_saved": "Changed a rule",
    "file_request": "Filed a service request",
    "change_request": "Changed a service request",
    "withdraw_request": "Withdrew a service request",
    "follow_request": "Changed whether the citizen is told of a request's status",
    "request_read": "Opened a service request",
    "snooze": "Put it aside",
    "unsnooze": "Took it up again",
    "remind": "Set a reminder",
    "tag": "Added a tag",
    "untag": "Removed a tag",
    "canned": "Changed a canned text",
    "tag_list": "Changed the list of tags",
    "macro_list": "Changed a macro",
    "proposal": "Decided on a proposal for an answer",
    "reopen": "Reopened",
    "media": "Opened a photo",
    "replay": "Sent a message again",
    "resume_inbox": "Resumed an inbox",
    "link": "Linked a contact",
    "unlink": "Unlinked a contact",
    "sign_in": "Signed in",
    "sign_in_refused": "Wrong password, or not let in",
    "factor_refused": "Wrong second factor",
    "factor_added": "Added a second factor",
    "factor_removed": "Removed a second factor",
    "recovery_codes": "Created new recovery codes",
    "password_refused": "Wrong password for a change",
    "sign_out": "Signed out",
    "session_ended": "Signed out another browser",
    "ended_by_provider": "Signed out by the city's own sign-in",
    "break_glass": "Used the emergency account",
    "account_added": "Added an account",
    "account_role": "Changed role or teams",
    "account_sessions_ended": "Signed somebody out everywhere",
    "account_factors_reset": "Reset somebody's second factor",
    "account_deactivated": "Deactivated an account",
    "account_activated": "Activated an account",
    "account_changed": "Changed an account",
    "account_link": "Created a link to set a password",
    "account_password": "Set a password with a link",
    "team_added": "Added a team",
    "team_changed": "Changed a team",
    "answer_saved": "Saved a draft of an answer",
    "answer_submitted": "Asked for approval of an answer",
    "answer_approved": "Approved an answer",
    "answer_sent_back": "Sent an answer back",
    "answer_published": "Published an answer",
    "answer_withdrawn": "Withdrew an answer",
    "answer_kept": "Kept an answer that differs from its file or from the shared one",
    "unanswered_decided": "Decided about unanswered questions",
    "unanswered_named": "Named unanswered questions on the public page",
    "rumour_begun": "Began to write about a rumour",
    "rumour_judged": "Published a verdict on a rumour",
    "rumour_set_aside": "Set a rumour aside",
    "rumour_reopened": "Took a rumour up again",
    "rumour_claim_moved": "Moved claims to another rumour",
    "answer_area_set": "Set how many people must release an area's answers",
    "answers_stopped": "Stopped answers",
    "answers_resumed": "Resumed answers",
    "answers_exported": "Downloaded the answers",
    "notice_released_by_rule": "A rule showed an alert as a banner",
    "incident_declared": "Declared an incident",
    "incident_changed": "Changed an incident",
    "incident_attached": "Attached to an incident",
    "incident_detached": "Detached from an incident",
    "incident_news_written": "Wrote news of an incident",
    "incident_news_taken_back": "Took back news of an incident",
    "incident_closed": "Closed an incident",
    "alert_decided": "Looked at an alert",
    "recall_written": "Wrote a correction",
    "recall_approved": "Approved a correction",
    "recall_dropped": "Dropped a correction",
    "setting_changed": "Changed a setting",
    "push_on": "Turned on notices on a device",
    "push_changed": "Changed what a device is told",
    "push_off": "Turned off notices on a device",
    "push_gone": "A device no longer accepts notices",
    "mails_chosen": "Chose the mails about the desk",
    "setting_confirmed": "Confirmed a setting",
    "setting_kept": "Kept a setting that differs from city.yml",
    "settings_exported": "Downloaded city.yml",
    "audit_read": "Read the audit",
    "audit_export": "Exported the audit",
    "search": "Searched",
    "request_status": "Changed a request's status",
    "request_crew": "Gave a request to a crew",
    "request_retry": "Tried to file a request again",
    "requests_csv": "Downloaded the requests",
    "requests_taken": "Imported a table of requests",
    "export": "Exported for an information request",
    "redact": "Removed words",
    "hold": "Placed a legal hold",
    "hold_lifted": "Lifted a legal hold",
    "view_set_aside": "Opened a mail that was not accepted",
    "take_set_aside": "Accepted a mail manually",
    "whisper": "Whispered to the agent",
    "whisper_read": "Read a whisper",
    "review": "Reviewed the quality",
}
PRESENCES = {
    "available": "Available",
    "break": "On break",
    "wrap_up": "Wrapping up",
    "away": "Away",
    "offline": "Offline",
}
"""Whether an agent is at work."""
OFFER_OUTCOMES = {
    "accepted": "accepted",
    "declined": "declined",
    "timed_out": "did not answer in time",
    "withdrawn": "the offer was withdrawn",
}
PRIORITIES = {0: "Usual", 1: "High", 2: "Highest"}
MOVES = {
    "bot_failed": "The bot failed",
    "undelivered": "An answer could not be delivered",
    "filing_refused": "A report was refused",
    "promise_missed": "A promised date was missed",
    "claimed": "Taken over from the bot",
    "unknown": "Unknown",
}
"""Reasons of a handoff that the bot does not give."""
AVAILABILITY = {
    **PRESENCES,
    "here": "At work",
    "idle": "No input for a while",
    "signed_out": "Signed out",
}
"""The last three follow from sessions, of agents who never said whether they are at work."""
ROLES = {
    "agent": "",
    "supervisor": "Supervisor",
    "editor": "Editor",
    "admin": "Administrator",
    "auditor": "Auditor",
}
"""Shown next to the name at the top of each page; "agent" is the default and is not shown."""
PUSH_KINDS = {
    "urgent": "An urgent conversation that nobody has claimed",
    "mention": "A note that mentions me",
    "offer": "A conversation that is offered to me",
}
"""What agents can be told on their devices."""
METHODS = {
    "password": "password",
    "app": "password and app",
    "recovery": "password and recovery code",
    "passkey": "passkey",
    "provider": "the city's own sign-in",
}
"""How somebody signed in."""
REDACTION_REASONS = {
    "third_person": "Data of another person",
    "sensitive": "Health, money or other sensitive data",
    "court_order": "Order of a court",
    "unlawful": "Unlawful content",
    "sent_by_mistake": "Sent by mistake",
}


def matter(urgency: str | None, topic: str | None, titles: Mapping[str, str]) -> str:
    """What a conversation is called where there is no name: the danger, or the title of its topic; empty if neither is known."""
    return say(URGENCIES, urgency).capitalize() if urgency else titles.get(topic or "", "")


def say(words: dict[str, str], key: str | None) -> str:
    """The label for `key`; an unknown key is shown as it is, with spaces."""
    if key is None:
        return ""
    return words.get(key) or key.replace("_", " ").capitalize()


@lru_cache(maxsize=1_000)  # a list names one in each of its rows
def language_name(code: str) -> str:
    """English name of a language: "es" -> "Spanish"."""
    try:
        return Locale.parse(code).get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code


def pace(per_second: float, burst: float) -> str:
    """A rate in words: "20 a second, 40 at once", "1 in 6 seconds, 40 at once"."""
    rate = f"{per_second:g} a second" if per_second >= 1 else f"1 in {1 / per_second:g} seconds"
    return f"{rate}, {burst:g} at once"


def waiting(since: datetime, now: datetime) -> str:
    """How long a citizen has been waiting: "under a minute", "4 min", "2 h 5 min", "3 days"."""
    return length((now - since).total_seconds())


def length(seconds: float) -> str:
    """A length of time, in the same words."""
    minutes = max(0, int(seconds // 60))
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days = hours // 24
    return "1 day" if days == 1 else f"{days} days"


def over(seconds: float) -> str:
    """By how much a target was missed, in one unit, for a narrow row: "1 min", "2 h", "3 days"."""
    if seconds < 3_600:
        return f"{max(1, int(seconds // 60))} min"
    return f"{int(seconds // 3_600)} h" if seconds < 86_400 else length(seconds)


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A time of day, with the date unless it is today: "14:05", "3 Nov, 14:05", "3 Nov 2025, 14:05"."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%H:%M}"
    if local.date() == today.date():
        return clock
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%b}{year}, {clock}"
