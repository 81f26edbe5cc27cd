"""What each role may do. Every role check in the desk and the console is made here."""

from collections.abc import Mapping
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
    SET_REQUEST_STATUS = "requests.set_status"
    MANAGE_UNDELIVERED = "messages.manage_undelivered"
    RESUME_INBOXES = "inboxes.resume"
    READ_WAITS = "waits.read"
    TAKE_SET_ASIDE = "inboxes.take_set_aside"
    REVIEW_PROPOSALS = "answers.review_proposals"
    MANAGE_CANNED = "canned.manage"
    UNBLOCK_CONTACTS = "contacts.unblock"
    READ_REPORTS = "reports.read"
    REVIEW_CONVERSATIONS = "conversations.review"


_AGENT = frozenset(
    {
        Permission.READ_CONVERSATIONS,
        Permission.ANSWER_CONVERSATIONS,
        Permission.LINK_CONTACTS,
        Permission.TAKE_SET_ASIDE,
    }
)
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    "agent": _AGENT,
    "supervisor": _AGENT
    | {
        Permission.READ_ALL_CONVERSATIONS,
        Permission.ANSWER_FOR_OTHERS,
        Permission.ASSIGN_CONVERSATIONS,
        Permission.READ_AUDIT,
        Permission.SET_REQUEST_STATUS,
        Permission.MANAGE_UNDELIVERED,
        Permission.RESUME_INBOXES,
        Permission.REVIEW_PROPOSALS,
        Permission.MANAGE_CANNED,
        Permission.UNBLOCK_CONTACTS,
        Permission.READ_WAITS,
        Permission.READ_REPORTS,
        Permission.REVIEW_CONVERSATIONS,
    },
}
"""A new role is one entry here (and one in the database's CHECK of agents.role)."""


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor has this permission. A role that is not in the table has none."""
    return role_may(actor.role, permission)


def role_may(role: Role, permission: Permission) -> bool:
    """Whether people of this role have this permission. A role that is not in the table has none."""
    return permission in PERMISSIONS.get(role, frozenset())


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
    return Scope(may(actor, Permission.READ_ALL_CONVERSATIONS), actor.teams, actor.agent_id)
