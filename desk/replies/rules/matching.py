"""Whether a rule matches. Pure, and linear in the length of the text: words and phrases are compared, never patterns."""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta

from desk.store.replies.rules import Rule, Subject


def fits(rule: Rule, subject: Subject, channels: Mapping[str, str], text: str, tag: str = "") -> bool:
    """Whether all conditions of the rule are true. `channels` maps inboxes to their channels; `text` is what the event is
    about: the message, or everything that the citizen wrote."""
    wanted = rule.conditions
    if wanted.channels and channels.get(subject.inbox) not in wanted.channels:
        return False
    if wanted.languages and subject.language not in wanted.languages:
        return False
    if wanted.topics and subject.topic not in wanted.topics:
        return False
    if rule.event == "tagged" and wanted.tag and tag != wanted.tag:
        return False
    if wanted.contact and folded(wanted.contact) not in folded(subject.contact):
        return False
    return not wanted.words or has_words(text, wanted.words)


def has_words(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words or phrases stands in the text, as whole words, with or without accents."""
    said = f" {folded(text)} "
    return any(f" {one} " in said for one in map(folded, words) if one)


def folded(text: str) -> str:
    """Letters and digits in lower case without accents, one space between the words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one)).split()
    )


def would_fit(rule: Rule, subject: Subject, channels: Mapping[str, str]) -> str | None:
    """Where the rule would have done something in a conversation of the past: the words it would have looked at, None if
    nowhere."""
    match rule.event:
        case "message":
            return next((one for one in subject.texts if fits(rule, subject, channels, one)), None)
        case "opened":
            first = subject.texts[0] if subject.texts else ""
            return first if fits(rule, subject, channels, first) else None
        case "tagged":
            wanted = [one for one in subject.tags if not rule.conditions.tag or one == rule.conditions.tag]
            fit = bool(wanted) and fits(rule, subject, channels, subject.text, wanted[0])
        case "queued":
            fit = subject.was_queued and fits(rule, subject, channels, subject.text)
        case "waits":
            long = timedelta(minutes=rule.conditions.minutes)
            fit = subject.waited is not None and subject.waited >= long
            fit = fit and fits(rule, subject, channels, subject.text)
    return (subject.texts[-1] if subject.texts else "") if fit else None
