"""Permissions: what each role may do, and that nobody asks for a role anywhere else."""

import ast
from dataclasses import replace
from pathlib import Path
from typing import get_args
from uuid import uuid4

import pytest

from desk.model import Actor, Author, NotAllowed, Role
from desk.people.permissions import PERMISSIONS, Permission, home_of, may, require, scope_of

ROOT = Path(__file__).parents[3]
ROLES = set(get_args(Role)) - set(get_args(Author))  # "agent" is also who wrote a message


def actor(role: str) -> Actor:
    return Actor(uuid4(), "N", role, ("front-desk",))  # type: ignore[arg-type]  # text from the test's table, where the type lists the words


def test_a_supervisor_may_do_what_an_agent_may_and_more() -> None:
    assert set(PERMISSIONS) == set(get_args(Role))
    assert PERMISSIONS["agent"] < PERMISSIONS["supervisor"]
    assert frozenset().union(*PERMISSIONS.values()) == frozenset(Permission), "each is somebody's"


@pytest.mark.parametrize("permission", sorted(Permission))
def test_require_says_which_permission_was_missing(permission: Permission) -> None:
    allowed = {role for role in PERMISSIONS if may(actor(role), permission)}
    assert allowed and allowed < set(PERMISSIONS)
    for role in allowed:
        require(actor(role), permission)
    for role in set(PERMISSIONS) - allowed:
        with pytest.raises(NotAllowed, match="Only some") as refused:
            require(actor(role), permission, "Only some may do this.")
        assert refused.value.permission == permission


def test_who_keeps_the_desk_in_order_reads_no_conversation() -> None:
    for role in ("editor", "admin", "auditor"):
        assert not may(actor(role), Permission.READ_CONVERSATIONS)
        with pytest.raises(NotAllowed):
            scope_of(actor(role))
    assert not PERMISSIONS["supervisor"] & {Permission.MANAGE_ACCOUNTS}
    assert PERMISSIONS["auditor"] == {Permission.READ_WHOLE_AUDIT}


def test_everybody_begins_on_a_page_that_they_may_see() -> None:
    homes = {role: home_of(actor(role)) for role in PERMISSIONS}
    assert homes == {
        "agent": "/console/", "supervisor": "/console/", "editor": "/console/answers",
        "admin": "/console/admin/agents", "auditor": "/console/audit",
    }  # fmt: skip
    assert home_of(actor("nobody")) == "/console/account"


def test_a_role_that_nobody_described_may_do_nothing() -> None:
    assert not any(may(actor("nobody"), permission) for permission in Permission)
    with pytest.raises(NotAllowed):
        scope_of(actor("nobody"))


def test_a_supervisor_may_be_limited_to_the_own_teams() -> None:
    limited = replace(actor("supervisor"), only_own_teams=True)
    assert not scope_of(limited).everything and scope_of(limited).teams == ("front-desk",)


def test_lists_reach_all_for_supervisors_and_the_own_teams_for_agents() -> None:
    agent, supervisor = actor("agent"), actor("supervisor")
    assert (scope_of(agent).everything, scope_of(supervisor).everything) == (False, True)
    assert scope_of(agent).teams == ("front-desk",) and scope_of(agent).agent_id == agent.agent_id


def _compares_a_role(tree: ast.AST) -> bool:
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(isinstance(side, ast.Attribute) and side.attr == "role" for side in sides):
                return True
            if any(isinstance(side, ast.Constant) and side.value in ROLES for side in sides):
                return True
    return False


def test_no_other_module_and_no_template_compares_roles() -> None:
    assert _compares_a_role(ast.parse('x = actor.role == "supervisor"'))
    found = [
        str(path.relative_to(ROOT))
        for room in ("desk", "console", "gateway")
        for path in (ROOT / room).rglob("*.py")
        if _compares_a_role(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []
    templates = list((ROOT / "console" / "templates").glob("*.html"))
    assert templates and not [one.name for one in templates if ".role ==" in one.read_text(encoding="utf-8")]
