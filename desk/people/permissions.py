"""What each role may do. Every role check in the desk and the console is made here."""

from collections.abc import Collection, Mapping
from enum import StrEnum

from desk.model import Actor, NotAllowed, Role, Scope


class Permission(StrEnum):
    """One thing that a person may do. The values appear in logs and in the audit."""

    READ_CONVERSATIONS = "conversations.read"
    READ_ALL_CONVERSATIONS = "conversations.read_all"
    ANSWER_CONVERSATIONS = "conversations.answer"
    ANSWER_FOR_OTHERS = "conversations.answer_for_others"
    ASSIGN_CONVERSATIONS = "conversations.assign"
    LINK_CONTACTS = "contacts.link"
    READ_AUDIT = "audit.read"
    """Of a conversation that one may see."""
    READ_WHOLE_AUDIT = "audit.read_all"
    SET_REQUEST_STATUS = "requests.set_status"
    MANAGE_UNDELIVERED = "messages.manage_undelivered"
    RESUME_INBOXES = "inboxes.resume"
    READ_WAITS = "waits.read"
    TAKE_SET_ASIDE = "inboxes.take_set_aside"
    READ_REQUESTS = "requests.read"
    READ_ANSWERS = "answers.read"
    READ_INBOXES = "inboxes.read"
    EXPORT_CONVERSATIONS = "conversations.export"
    REDACT_MESSAGES = "messages.redact"
    HOLD_RECORDS = "records.hold"
    MANAGE_ACCOUNTS = "accounts.manage"
    MANAGE_TEAMS = "teams.manage"
    MANAGE_WORK = "agents.manage_work"
    MANAGE_SETTINGS = "settings.manage"
    SEE_ALARMS = "security.see_alarms"
    REVIEW_PROPOSALS = "answers.review_proposals"
    WRITE_ANSWERS = "answers.write"
    PUBLISH_ANSWERS = "answers.publish"
    """Approve what somebody else wrote, publish and withdraw."""
    STOP_ANSWERS = "answers.stop"
    SET_ANSWER_REVIEW = "answers.set_review"
    """Whether an area's answers need a second person."""
    MANAGE_CANNED = "canned.manage"
    MANAGE_RULES = "rules.manage"
    UNBLOCK_CONTACTS = "contacts.unblock"
    READ_REPORTS = "reports.read"
    REVIEW_CONVERSATIONS = "conversations.review"
    READ_NOTICES = "notices.read"
    DRAFT_NOTICES = "notices.draft"
    RELEASE_NOTICES = "notices.release"
    """Release what somebody else proposed; the city's `notice_rules` say more."""
    MANAGE_INCIDENTS = "incidents.manage"
    """Declare and close them, and tell their people the news; whoever answers conversations attaches them."""
    JUDGE_RUMOURS = "rumours.judge"
    """Say whether a claim is true, and tell everybody who asked."""


_AGENT = frozenset(
    {
        Permission.READ_CONVERSATIONS,
        Permission.ANSWER_CONVERSATIONS,
        Permission.LINK_CONTACTS,
        Permission.TAKE_SET_ASIDE,
        Permission.READ_REQUESTS,
        Permission.READ_ANSWERS,
        Permission.READ_INBOXES,
        Permission.READ_NOTICES,
    }
)
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    "agent": _AGENT,
    "supervisor": _AGENT
    | {
        Permission.READ_ALL_CONVERSATIONS,
        Permission.ANSWER_FOR_OTHERS,
        Permission.ASSIGN_CONVERSATIONS,
        Permission.MANAGE_WORK,
        Permission.READ_AUDIT,
        Permission.SET_REQUEST_STATUS,
        Permission.MANAGE_UNDELIVERED,
        Permission.RESUME_INBOXES,
        Permission.READ_WHOLE_AUDIT,
        Permission.EXPORT_CONVERSATIONS,
        Permission.REDACT_MESSAGES,
        Permission.HOLD_RECORDS,
        Permission.SEE_ALARMS,
        Permission.REVIEW_PROPOSALS,
        Permission.STOP_ANSWERS,
        Permission.MANAGE_CANNED,
        Permission.MANAGE_RULES,
        Permission.UNBLOCK_CONTACTS,
        Permission.READ_WAITS,
        Permission.READ_REPORTS,
        Permission.REVIEW_CONVERSATIONS,
        Permission.DRAFT_NOTICES,
        Permission.RELEASE_NOTICES,
        Permission.MANAGE_INCIDENTS,
        Permission.JUDGE_RUMOURS,
    },
    "editor": frozenset(
        {
            Permission.READ_ANSWERS,
            Permission.REVIEW_PROPOSALS,
            Permission.MANAGE_CANNED,
            Permission.WRITE_ANSWERS,
            Permission.PUBLISH_ANSWERS,
            Permission.STOP_ANSWERS,
            Permission.READ_NOTICES,
            Permission.DRAFT_NOTICES,
            Permission.JUDGE_RUMOURS,
        }
    ),
    "admin": frozenset(
        {
            Permission.READ_ANSWERS,
            Permission.STOP_ANSWERS,
            Permission.SET_ANSWER_REVIEW,
            Permission.MANAGE_ACCOUNTS,
            Permission.MANAGE_TEAMS,
            Permission.MANAGE_SETTINGS,
            Permission.MANAGE_WORK,
            Permission.READ_INBOXES,
            Permission.RESUME_INBOXES,
            Permission.READ_WHOLE_AUDIT,
            Permission.SEE_ALARMS,
            Permission.READ_NOTICES,
            Permission.RELEASE_NOTICES,
        }
    ),
    "auditor": frozenset({Permission.READ_WHOLE_AUDIT}),
}
"""Editors keep every text that citizens are sent: they review proposals, in which personal details are masked, and keep
canned texts. A new role is one entry here (and one in the database's CHECK of agents.role). Each person has one role. Editors,
admins and auditors read no conversation: who does two jobs has two accounts (ADR 48)."""

HOMES: tuple[tuple[Permission, str], ...] = (
    (Permission.READ_CONVERSATIONS, "/console/"),
    (Permission.MANAGE_ACCOUNTS, "/console/admin/agents"),
    (Permission.READ_ANSWERS, "/console/answers"),
    (Permission.READ_WHOLE_AUDIT, "/console/audit"),
)
"""The first of these pages that a person may see is where they begin."""


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor has this permission. A role that is not in the table has none."""
    return role_may(actor.role, permission)


def role_may(role: Role, permission: Permission) -> bool:
    """Whether people of this role have this permission. A role that is not in the table has none."""
    return permission in PERMISSIONS.get(role, frozenset())


def has_role(actor: Actor, roles: Collection[str]) -> bool:
    """Whether the actor's role is one of those that the city's rules name, besides what the permission says."""
    return not {actor.role}.isdisjoint(roles)


def roles_with(permission: Permission) -> list[Role]:
    """The roles whose people have this permission."""
    return [role for role, permissions in PERMISSIONS.items() if permission in permissions]


def require(actor: Actor, permission: Permission, sentence: str = "Your role does not allow this.") -> None:
    """Raise NotAllowed, with `sentence` for the person, unless the actor has this permission."""
    if not may(actor, permission):
        raise NotAllowed(sentence, permission)


def scope_of(actor: Actor) -> Scope:
    """Which conversations the actor may see in lists and searches. Raises NotAllowed if there are none."""
    require(actor, Permission.READ_CONVERSATIONS)
    everything = may(actor, Permission.READ_ALL_CONVERSATIONS) and not actor.only_own_teams
    return Scope(everything, actor.teams, actor.agent_id)


def home_of(actor: Actor) -> str:
    """The page where this person begins."""
    return next((path for permission, path in HOMES if may(actor, permission)), "/console/account")
