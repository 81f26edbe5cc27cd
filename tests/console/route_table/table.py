"""Every route, and what each role is answered: agent, supervisor, editor, admin, auditor.

200 and 303 are the act itself; 409 and 422 are answers to somebody who may do it, about what they gave. 404 and 403 refuse.
A new route needs a row here; test_routes.py fails without. One long file on purpose: every route is in one list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ROLES = ("agent", "supervisor", "editor", "admin", "auditor")
Case = Literal["queued", "mine", "resolved", "held", ""]
"""The state of the conversation that a row's address names, before the request."""


@dataclass(frozen=True)
class Row:
    """`expected` are the answers in the order of ROLES."""

    method: str
    path: str
    expected: tuple[int, int, int, int, int]
    form: Mapping[str, str] = field(default_factory=dict)
    case: Case = ""
    ones_own: bool = False
    """It concerns the agent's own words alone, which stay theirs when the conversation goes to another team."""

    @property
    def about_conversation(self) -> bool:
        return "{conversation}" in self.path


ONE = "/console/conversations/{conversation}"
SERVE = (404, 404, 404)  # for those who read no conversation
POINTS = {"understood": "2", "correct": "2", "plain": "2", "process": "2"}
REPORT = {"service": "pothole", "description": "A hole", "address": "8 Elm Street"}
WRONG = {"password": "not the password", "current": "not the password"}

CONSOLE = (
    Row("GET", "/console", (200, 200, 303, 303, 303)),  # the others begin on another page
    Row("GET", "/console/", (200, 200, 303, 303, 303)),
    Row("GET", "/console/list", (200, 200, *SERVE)),
    Row("GET", "/console/search", (200, 200, *SERVE)),
    Row("POST", "/console/search", (200, 200, *SERVE), {"query": "person"}),
    Row(
        "GET", "/console/stream", (200, 200, 200, 200, 200)
    ),  # the end of a session and alarms are for everybody
    Row("POST", "/console/next", (303, 303, *SERVE)),
    Row("POST", "/console/active", (200, 200, 200, 200, 200)),
    Row("POST", "/console/presence", (303, 303, *SERVE), {"state": "break"}),
    Row("GET", "/console/waits", (404, 200, *SERVE)),
    Row("GET", "/console/sign-out", (200, 200, 200, 200, 200)),
    Row("POST", "/console/sign-out", (303, 303, 303, 303, 303)),
    Row("GET", "/console/answers", (200, 200, 200, 200, 404)),
    Row("GET", "/console/answers/find", (200, 200, 200, 200, 404)),
    Row("GET", "/console/requests", (200, 200, *SERVE)),
    Row("POST", "/console/requests/search", (200, 200, *SERVE), {"words": "hole"}),
    Row("POST", "/console/requests/{reference}/status", (403, 303, 403, 403, 403), {"status": "closed"}),
    Row("POST", "/console/requests/{reference}/crew", (403, 303, 403, 403, 403), {"crew": "North"}),
    Row("GET", "/console/requests/import", (403, 200, 403, 403, 403)),
    Row("GET", "/console/answers/learned", (404, 404, 200, 404, 404)),
    Row("POST", "/console/answers/learned", (404, 404, 422, 404, 404), {"words": "highway 9"}),
    Row("POST", "/console/answers/learned/{learned}", (404, 404, 404, 404, 404), {"decision": "drop"}),
    Row("GET", "/console/requests/stuck", (404, 200, *SERVE)),
    Row("POST", "/console/requests/stuck/{stuck}/retry", (404, 422, *SERVE)),
    *(
        Row("POST", f"/console/requests/{act}", (403, answer, 403, 403, 403))
        for act, answer in (("export", 200), ("import", 422), ("import/apply", 422))
    ),
    Row("GET", "/console/inboxes", (200, 200, 404, 200, 404)),
    Row("GET", "/console/embedding", (200, 200, 404, 200, 404)),
    Row("POST", "/console/inboxes/web/resume", (404, 409, 404, 409, 404)),
    Row("GET", "/console/inboxes/web/not-taken", (200, 200, *SERVE)),
    Row("GET", "/console/not-taken/{arrival}/raw", (200, 200, *SERVE)),
    Row("POST", "/console/not-taken/{arrival}/take", (409, 409, *SERVE), {"inbox": "web"}),
    Row("POST", "/console/dead-letters/1/replay", (404, 409, 404, 404, 404)),
    # Notices: everybody at the desk reads them, supervisors and editors write, supervisors and administrators release.
    Row("GET", "/console/rumours", (404, 200, 200, 404, 404)),
    Row("GET", "/console/rumours/{rumour}", (404, 200, 200, 404, 404)),
    Row("POST", "/console/rumours", (404, 303, 303, 404, 404)),
    Row("POST", "/console/rumours/{rumour}", (404, 422, 422, 404, 404)),
    Row("POST", "/console/rumours/{rumour}/set-aside", (404, 303, 303, 404, 404)),
    Row("POST", "/console/rumours/{rumour}/reopen", (404, 303, 303, 404, 404)),
    Row("POST", "/console/rumours/{rumour}/join", (404, 422, 422, 404, 404)),
    Row("POST", "/console/rumours/{rumour}/claims/{message}", (404, 404, 404, 404, 404)),
    Row("GET", "/console/notices", (200, 200, 200, 200, 404)),
    Row("GET", "/console/notices/new", (404, 200, 200, 404, 404)),
    # Incidents: who answers conversations sees and attaches, supervisors declare, tell and close.
    Row("GET", "/console/incidents", (200, 200, *SERVE)),
    Row("GET", "/console/incidents/new", (404, 200, *SERVE)),
    Row("POST", "/console/incidents", (404, 422, *SERVE)),
    Row("GET", "/console/incidents/{incident}", (200, 200, *SERVE)),
    Row("POST", "/console/incidents/{incident}", (404, 422, *SERVE)),
    Row("GET", "/console/incidents/{incident}/edit", (404, 200, *SERVE)),
    Row("POST", "/console/incidents/{incident}/attach", (404, 404, *SERVE)),  # nothing was named
    Row("POST", "/console/incidents/{incident}/undo", (404, 404, *SERVE)),
    Row("POST", "/console/incidents/{incident}/news", (404, 422, *SERVE)),
    Row("POST", "/console/incidents/{incident}/news/{news}/cancel", (404, 303, *SERVE)),
    Row("POST", "/console/incidents/{incident}/close", (404, 422, *SERVE)),
    Row("GET", "/console/notices/alerts", (200, 200, 200, 200, 404)),
    Row(
        "POST", "/console/notices/alerts/sources/{weather}/read", (404, 404, 404, 404, 404)
    ),  # no such source
    Row("POST", "/console/notices/alerts/{alert}/draft", (404, 303, 303, 404, 404)),
    Row("POST", "/console/notices/alerts/{alert}/decide", (404, 404, 404, 404, 404)),  # it waits for nobody
    Row("GET", "/console/notices/plan.zip", (200, 200, 200, 200, 404)),
    Row("GET", "/console/notices/plan/{plan}", (200, 200, 200, 200, 404)),
    Row("GET", "/console/notices/{notice}", (200, 200, 200, 200, 404)),
    Row("GET", "/console/notices/{notice}/{version}", (404, 200, 200, 404, 404)),
    Row("POST", "/console/notices", (404, 422, 422, 404, 404)),
    Row("POST", "/console/notices/plan/{plan}", (404, 422, 422, 404, 404)),
    Row("POST", "/console/notices/{notice}/update", (404, 409, 409, 404, 404)),
    Row("POST", "/console/notices/{notice}/all-clear", (404, 409, 409, 404, 404)),
    Row("POST", "/console/notices/{notice}/{version}", (404, 422, 422, 404, 404)),
    Row("POST", "/console/notices/{notice}/{version}/propose", (404, 303, 303, 404, 404)),
    Row("POST", "/console/notices/{notice}/{version}/release", (404, 409, 404, 409, 404)),  # not proposed
    Row("POST", "/console/notices/{notice}/{version}/send-back", (404, 409, 409, 409, 404)),
    Row("POST", "/console/notices/{notice}/{version}/drop", (404, 303, 303, 303, 404)),
    # One's own account.
    Row("GET", "/console/account", (200, 200, 200, 200, 200)),
    Row("GET", "/console/account/mails", (404, 200, *SERVE)),
    Row("POST", "/console/account/mails", (404, 303, *SERVE), {"urgent": "yes"}),
    Row("POST", "/console/account/password", (422, 422, 422, 422, 422), WRONG | {"new": "x", "again": "x"}),
    Row("POST", "/console/account/sessions/{session}/end", (303, 303, 303, 303, 303)),
    Row("POST", "/console/account/sessions/end-others", (303, 303, 303, 303, 303)),
    Row("POST", "/console/account/push", (422, 422, *SERVE), {"endpoint": "https://example.org/"}),
    Row("POST", "/console/account/push/{device}", (303, 303, *SERVE), {"urgent": "yes"}),
    Row("POST", "/console/account/push/{device}/end", (303, 303, 303, 303, 303)),
    Row("GET", "/console/account/second-factor", (200, 200, 200, 200, 200)),
    Row("GET", "/console/account/second-factor/picture", (200, 200, 200, 200, 200)),
    Row("POST", "/console/account/second-factor/app", (200, 200, 200, 200, 200)),
    Row("POST", "/console/account/second-factor/app/confirm", (422, 422, 422, 422, 422), WRONG),
    Row("POST", "/console/account/second-factor/passkey/options", (422, 422, 422, 422, 422), WRONG),
    Row("POST", "/console/account/second-factor/passkey", (422, 422, 422, 422, 422), {"answer": "{}"}),
    Row("POST", "/console/account/second-factor/codes", (422, 422, 422, 422, 422), WRONG),
    Row("POST", "/console/account/second-factor/remove", (422, 422, 422, 422, 422), WRONG | {"which": "app"}),
    # Others' accounts, and the audit.
    Row("GET", "/console/admin/agents", (404, 404, 404, 200, 404)),
    Row("GET", "/console/admin/agents/{account}", (404, 404, 404, 200, 404)),
    Row("GET", "/console/admin/agents/new", (404, 404, 404, 200, 404)),
    Row("POST", "/console/admin/agents", (404, 404, 404, 422, 404), {"name": "N"}),
    Row("POST", "/console/admin/agents/{account}", (404, 404, 404, 422, 404), {"role": "editor"}),
    Row("POST", "/console/admin/agents/{account}/new-link", (404, 404, 404, 200, 404)),
    Row("POST", "/console/admin/agents/{account}/end-sessions", (404, 404, 404, 303, 404)),
    Row("POST", "/console/admin/agents/{account}/reset-factors", (404, 404, 404, 303, 404)),
    Row("POST", "/console/admin/agents/{account}/deactivate", (404, 404, 404, 303, 404)),
    Row("POST", "/console/admin/agents/{account}/activate", (404, 404, 404, 303, 404)),
    Row("GET", "/console/admin/teams", (404, 404, 404, 200, 404)),
    Row("GET", "/console/admin/teams/new", (404, 404, 404, 200, 404)),
    Row("POST", "/console/admin/teams", (404, 404, 404, 422, 404), {"name": "N"}),
    Row("GET", "/console/admin/teams/{team}", (404, 404, 404, 200, 404)),
    Row("POST", "/console/admin/teams/{team}", (404, 404, 404, 422, 404), {"title": ""}),
    Row("POST", "/console/admin/teams/{team}/earlier", (404, 404, 404, 303, 404)),
    Row("POST", "/console/admin/teams/{team}/retire", (404, 404, 404, 303, 404)),
    Row("POST", "/console/admin/teams/{team}/bring-back", (404, 404, 404, 303, 404)),
    Row("GET", "/console/admin/start", (404, 404, 404, 200, 404)),
    Row("POST", "/console/admin/start/{setting}", (404, 404, 404, 303, 404)),
    Row("GET", "/console/admin/settings", (404, 404, 404, 200, 404)),
    Row("GET", "/console/admin/settings/{setting}", (404, 404, 404, 200, 404)),
    Row("GET", "/console/admin/city.yml", (404, 404, 404, 200, 404)),
    Row("POST", "/console/admin/settings/{setting}", (404, 404, 404, 422, 404)),
    Row("POST", "/console/admin/settings/{setting}/restore", (404, 404, 404, 404, 404)),  # no such version
    Row("POST", "/console/admin/settings/{setting}/settle", (404, 404, 404, 303, 404), {"take": "ours"}),
    Row("GET", "/console/audit", (404, 200, 404, 200, 200)),
    Row("GET", "/console/audit.csv", (404, 200, 404, 200, 200)),
    Row("GET", "/console/reports", (404, 200, *SERVE)),
    Row("GET", "/console/reports/conversations", (404, 200, *SERVE)),
    Row("GET", "/console/reports/csv?table=figures", (404, 200, *SERVE)),
    Row("GET", "/console/reports/staffing", (404, 200, *SERVE)),
    Row("GET", "/console/reports/presence", (404, 200, *SERVE)),
    Row("GET", "/console/people", (404, 200, 404, 200, 404)),
    Row("GET", "/console/people/{account}", (404, 200, 404, 200, 404)),
    Row("POST", "/console/people/{account}", (404, 422, 404, 422, 404), {"capacity": "many"}),
    Row("GET", "/console/wall", (404, 200, *SERVE)),
    Row("GET", "/console/wall/live", (404, 200, *SERVE)),
    Row("GET", "/console/wall/agents/{account}", (404, 200, *SERVE)),
    # Texts and tools of replies.
    Row("GET", "/console/drafts", (200, 200, *SERVE)),
    Row("POST", "/console/reminders/{reminder}/done", (303, 303, *SERVE)),
    Row("POST", "/console/views", (422, 422, *SERVE)),
    Row("POST", "/console/views/remove", (303, 303, *SERVE), {"name": "None"}),
    Row("POST", "/console/bulk", (422, 422, *SERVE)),
    Row("GET", "/console/bulk/{batch}", (404, 404, *SERVE)),  # each agent sees the own ones alone
    Row("POST", "/console/bulk/{batch}/cancel", (303, 303, *SERVE)),
    Row("GET", "/console/answers/proposals", (404, 200, 200, 404, 404)),
    Row("GET", "/console/answers/unanswered", (404, 200, 200, 404, 404)),
    Row("POST", "/console/answers/unanswered/{group}", (404, 404, 303, 404, 404), {"act": "set_aside"}),
    Row("POST", "/console/answers/proposals/{message}", (404, 422, 422, 404, 404)),
    Row("GET", "/console/answers/{answer}", (200, 200, 200, 200, 404)),
    Row("GET", "/console/answers/shared", (200, 200, 200, 200, 404)),
    Row("GET", "/console/answers/stops", (200, 200, 200, 200, 404)),
    Row("GET", "/console/answers/files.zip", (200, 200, 200, 200, 404)),
    Row(
        "POST",
        "/console/answers/stops",
        (404, 303, 303, 303, 404),
        {"kind": "answer", "name": "trees", "why": "x"},
    ),
    Row("POST", "/console/answers/stops/{stop}/resume", (404, 404, 404, 404, 404)),  # of nobody
    Row("POST", "/console/answers/areas", (404, 404, 404, 303, 404), {"area": "civic", "two_people": "yes"}),
    Row("POST", "/console/answers/{answer}", (404, 404, 422, 404, 404)),
    Row("POST", "/console/answers/{answer}/check", (200, 200, 200, 200, 404)),  # it only reads
    Row("POST", "/console/answers/{answer}/submit", (404, 404, 409, 404, 404)),
    Row("POST", "/console/answers/{answer}/approve", (404, 404, 409, 404, 404)),
    Row("POST", "/console/answers/{answer}/send-back", (404, 404, 422, 404, 404)),
    Row("POST", "/console/answers/{answer}/publish", (404, 404, 409, 404, 404)),
    Row("POST", "/console/answers/{answer}/withdraw", (404, 404, 422, 404, 404)),
    Row("POST", "/console/answers/{answer}/restore", (404, 404, 409, 404, 404)),
    Row("POST", "/console/answers/{answer}/settle", (404, 404, 409, 404, 404)),
    Row("GET", "/console/answers/{answer}/recall", (200, 200, 200, 200, 404)),
    Row("POST", "/console/answers/{answer}/recall", (404, 404, 422, 404, 404)),
    Row("POST", "/console/answers/{answer}/recall/{recall}/approve", (404, 404, 404, 404, 404)),  # of nobody
    Row("POST", "/console/answers/{answer}/recall/{recall}/drop", (404, 404, 404, 404, 404)),
    Row("GET", "/console/answers/new", (404, 404, 200, 404, 404)),
    Row("POST", "/console/answers/new", (404, 404, 422, 404, 404)),
    Row(
        "POST", "/console/answers/comparisons", (404, 404, 409, 404, 404), {"training": "1"}
    ),  # there is no model
    Row("GET", "/console/answers/comparisons/{comparison}", (404, 200, 200, 404, 404)),
    Row("POST", "/console/answers/comparisons/{comparison}/end", (404, 404, 409, 404, 404)),
    Row("POST", "/console/answers/comparisons/{comparison}/mark", (404, 404, 422, 404, 404)),
    Row("GET", "/console/answers/judging", (404, 200, 200, 404, 404)),
    Row("POST", "/console/answers/judging", (404, 404, 422, 404, 404)),
    Row("GET", "/console/answers/training", (200, 200, 200, 200, 404)),
    Row("POST", "/console/answers/training", (404, 404, 303, 404, 404)),
    Row("POST", "/console/answers/training/use", (404, 404, 303, 404, 404), {"training": ""}),
    Row("GET", "/console/facts", (200, 200, 200, 200, 404)),
    Row("GET", "/console/facts/new", (404, 404, 200, 404, 404)),
    Row("POST", "/console/facts", (404, 404, 422, 404, 404)),
    Row("GET", "/console/facts/{fact}", (200, 200, 200, 200, 404)),
    Row("POST", "/console/facts/{fact}", (404, 404, 422, 404, 404)),
    Row("POST", "/console/facts/{fact}/publish", (404, 404, 409, 404, 404)),
    Row("POST", "/console/facts/{fact}/settle", (404, 404, 409, 404, 404)),
    Row("GET", "/console/admin/replies", (404, 200, 200, 404, 404)),
    Row("POST", "/console/admin/canned", (404, 422, 422, 404, 404)),
    Row("POST", "/console/admin/tags", (404, 303, 303, 404, 404), {"name": "parking", "active": "1"}),
    Row("GET", "/console/admin/rules", (404, 200, *SERVE)),
    Row("POST", "/console/admin/rules", (404, 422, *SERVE)),
    Row("POST", "/console/admin/rules/try", (404, 422, *SERVE)),
    Row("POST", "/console/admin/macros", (404, 422, 422, 404, 404)),
    # A conversation.
    Row("GET", f"{ONE}/why", (200, 200, 404, 200, 200)),
    Row("GET", ONE, (200, 200, *SERVE), case="queued"),
    Row("GET", f"{ONE}/live", (200, 200, *SERVE), case="queued"),
    Row("GET", f"{ONE}/media/{{media}}", (200, 200, *SERVE), case="queued"),
    Row("POST", f"{ONE}/claim", (303, 303, *SERVE), case="queued"),
    Row("POST", f"{ONE}/hand-back", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/release", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/transfer", (303, 303, *SERVE), {"to": "team:front-desk"}, case="mine"),
    Row("POST", f"{ONE}/note", (303, 303, *SERVE), {"text": "A note."}, case="queued"),
    Row("POST", f"{ONE}/resolve", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/reopen", (303, 303, *SERVE), case="resolved"),
    Row("POST", f"{ONE}/reply", (303, 303, *SERVE), {"text": "Hello.", "client_id": "one"}, case="mine"),
    Row("POST", f"{ONE}/template", (422, 422, *SERVE), {"template": "none/en"}, case="mine"),
    Row("POST", f"{ONE}/link", (303, 303, *SERVE), {"other": "{other}"}, case="queued"),
    Row("POST", f"{ONE}/unlink", (303, 303, *SERVE), {"contact": "{linked}"}, case="queued"),
    Row("POST", f"{ONE}/whisper", (404, 409, *SERVE), {"text": "Ask."}, case="mine"),  # nobody else has it
    Row("POST", f"{ONE}/whisper-read", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/review", (404, 303, *SERVE), POINTS, case="resolved"),
    Row("POST", f"{ONE}/draft", (200, 200, *SERVE), {"text": "Half a"}, case="mine", ones_own=True),
    Row("POST", f"{ONE}/draft/discard", (303, 303, *SERVE), case="mine", ones_own=True),
    Row("POST", f"{ONE}/here", (200, 200, *SERVE), case="queued"),
    Row("POST", f"{ONE}/tag", (422, 422, *SERVE), {"tag": "unknown"}, case="queued"),
    Row("POST", f"{ONE}/untag", (303, 303, *SERVE), {"tag": "unknown"}, case="queued"),
    Row("POST", f"{ONE}/macro", (303, 303, *SERVE), {"macro": "done"}, case="mine"),
    Row("POST", f"{ONE}/snooze", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/wake", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/remind", (422, 422, *SERVE), case="queued"),
    Row("POST", f"{ONE}/undo-resolve", (409, 409, *SERVE), case="queued"),
    Row("POST", f"{ONE}/scheduled/{{scheduled}}/cancel", (409, 409, *SERVE), case="mine"),
    Row("POST", f"{ONE}/messages/{{message}}/change", (422, 422, *SERVE), case="mine"),
    Row("POST", f"{ONE}/messages/{{message}}/withdraw", (422, 422, *SERVE), case="mine"),
    # The test's services do not answer: 503 is for whoever may ask them.
    Row("POST", f"{ONE}/messages/{{message}}/translate", (503, 503, *SERVE), case="mine"),
    Row("POST", f"{ONE}/translate-reply", (422, 422, *SERVE), {"text": "In English."}, case="mine"),
    Row("POST", f"{ONE}/own-words", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/draft-reply", (503, 503, *SERVE), {"text": "Hello."}, case="mine"),
    Row("POST", f"{ONE}/draft-summary", (503, 503, *SERVE), case="mine"),
    Row("POST", f"{ONE}/contact", (422, 422, *SERVE), case="queued"),
    Row("POST", f"{ONE}/find-contact", (200, 200, *SERVE), {"query": "Ana"}, case="queued"),
    Row("GET", f"{ONE}/merge?other={{other}}", (200, 200, *SERVE), case="mine"),
    Row("POST", f"{ONE}/merge", (422, 422, *SERVE), {"other": "{conversation}"}, case="mine"),
    Row("POST", f"{ONE}/unmerge", (422, 422, *SERVE), {"other": "{other}"}, case="mine"),
    Row("GET", f"{ONE}/split?message={{message}}", (422, 422, *SERVE), case="mine"),
    Row("POST", f"{ONE}/split", (422, 422, *SERVE), {"message": "{message}"}, case="mine"),
    Row("POST", f"{ONE}/identity", (422, 422, *SERVE), {"contact": "{conversation}"}, case="mine"),
    Row("GET", f"{ONE}/requests/new", (200, 200, *SERVE), case="queued"),
    Row("POST", f"{ONE}/requests", (303, 303, *SERVE), REPORT, case="mine"),
    Row("GET", f"{ONE}/requests/{{request}}", (200, 200, *SERVE), case="queued"),
    Row("POST", f"{ONE}/requests/{{request}}/change", (303, 303, *SERVE), {"text": "More."}, case="mine"),
    Row("POST", f"{ONE}/requests/{{request}}/withdraw", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/requests/{{request}}/follow", (303, 303, *SERVE), {"tells": "yes"}, case="mine"),
    Row("POST", f"{ONE}/warn", (303, 303, *SERVE), case="mine"),
    Row("POST", f"{ONE}/block", (422, 422, *SERVE), case="mine"),
    Row("POST", f"{ONE}/unblock", (404, 303, *SERVE), case="queued"),
    Row("POST", f"{ONE}/accept", (409, 409, *SERVE), case="queued"),  # nobody offered it
    Row("POST", f"{ONE}/decline", (409, 409, *SERVE), case="queued"),
    Row("POST", f"{ONE}/withdraw", (409, 409, *SERVE), case="mine"),
    Row("POST", f"{ONE}/partner", (404, 404, *SERVE), {"to": "none", "note": "Hello."}, case="mine"),
    Row("POST", f"{ONE}/partner/withdraw", (409, 409, *SERVE), case="mine"),
    Row("POST", f"{ONE}/take-over", (404, 303, *SERVE), case="queued"),
    Row("POST", f"{ONE}/priority", (404, 303, *SERVE), {"priority": "1"}, case="queued"),
    Row("POST", f"{ONE}/export", (404, 200, *SERVE), case="queued"),
    Row(
        "POST", f"{ONE}/redact", (404, 303, *SERVE), {"words": "person", "reason": "unlawful"}, case="queued"
    ),
    Row("POST", f"{ONE}/hold", (404, 303, *SERVE), {"reason": "Case 17"}, case="queued"),
    Row("POST", f"{ONE}/lift-hold", (404, 303, *SERVE), case="held"),
)

OPEN = {
    # Whoever is not signed in: the answer without a form's token, without a provider.
    ("GET", "/console/sign-in"): 200,
    ("POST", "/console/sign-in"): 403,
    ("GET", "/console/sign-in/second"): 303,
    ("POST", "/console/sign-in/second"): 403,
    ("GET", "/console/sign-in/new-password"): 404,  # without a link
    ("POST", "/console/sign-in/new-password"): 403,
    ("GET", "/console/sign-in/first-admin"): 404,  # without a link
    ("POST", "/console/sign-in/first-admin"): 403,
    ("POST", "/console/sign-in/passkey/options"): 403,
    ("POST", "/console/sign-in/passkey"): 403,
    ("GET", "/console/sign-in/provider"): 404,
    ("GET", "/console/sign-in/provider/callback"): 404,
    ("POST", "/console/sign-in/provider/ended"): 404,
    # Notices, for everybody.
    ("GET", "/rumours"): 200,
    ("GET", "/rumours.json"): 200,
    ("GET", "/official"): 200,
    ("GET", "/official.json"): 200,
    ("POST", "/official"): 422,
    ("GET", "/notices"): 200,
    ("GET", "/notices.atom"): 200,
    ("GET", "/notices.json"): 200,
    ("GET", "/notices/current.json"): 200,
    ("GET", "/notices/cap/<notice_id:uuid>/<version:int>"): 404,
    # The city's pages and files.
    ("GET", "/"): 404,  # the built pages are not in this test
    ("GET", "/<path:path>"): 404,
    ("GET", "/assets/<path:path>"): 404,
    ("GET", "/chat/chat.css"): 200,
    ("GET", "/chat"): 200,
    ("POST", "/chat"): 403,  # a form's token
    ("POST", "/chat/end"): 403,
    ("POST", "/chat/continue"): 403,
    ("POST", "/chat/erase"): 403,
    ("POST", "/chat/photo"): 403,
    ("GET", "/chat/accessibility"): 200,
    ("GET", "/chat/assistant"): 200,
    ("GET", "/chat/assistant.csv"): 200,
    ("GET", "/chat/assistant-topics.csv"): 200,
    ("GET", "/chat/privacy"): 200,
    ("GET", "/requests/<reference:str>"): 404,  # a number that nobody has
    ("GET", "/chat/v1/openapi.json"): 200,
    ("POST", "/chat/v1/erase"): 401,
    ("GET", "/chat/v1/config"): 200,
    ("POST", "/chat/v1/session"): 400,  # anybody may, with a body of JSON
    # A citizen's own, by the token of a web session.
    ("POST", "/chat/v1/end"): 401,
    ("POST", "/chat/v1/media"): 401,
    ("GET", "/chat/v1/media/<media_id:uuid>"): 401,
    ("POST", "/chat/v1/media/<media_id:uuid>"): 401,
    ("GET", "/chat/v1/addresses"): 200,
    ("GET", "/chat/v1/push"): 200,
    ("POST", "/chat/v1/push"): 401,
    ("POST", "/chat/v1/push/end"): 401,
    ("GET", "/chat/v1/tiles/<x:int>/<y:int>"): 404,  # no map is set up
    ("GET", "/chat/v1/messages"): 401,
    ("POST", "/chat/v1/messages"): 401,
    ("GET", "/chat/v1/stream"): 401,
    ("GET", "/chat/photos/<media_id:uuid>"): 404,
    # A signed link; a provider's or a partner's signature.
    ("POST", "/partners/<name:str>/transfers/<transfer_id:uuid>"): 403,
    ("GET", "/partners/<name:str>/answer/<transfer_id:uuid>/<token:str>"): 403,
    ("POST", "/partners/<name:str>/answer/<transfer_id:uuid>/<token:str>"): 403,
    ("GET", "/media/<media_id:uuid>"): 403,
    ("GET", "/webhooks/<inbox:str>"): 404,
    ("POST", "/webhooks/<inbox:str>"): 404,
    # Operators: the proxy lets nobody else reach them (tests/deploy/test_proxy.py).
    ("GET", "/live"): 200,
    ("GET", "/ready"): 200,
    ("GET", "/metrics"): 200,
    # GeoReport: lists are public, filing and what citizens gave need a key.
    ("GET", "/open311/v2/services/<last:str>"): 404,
    **{
        ("GET", f"/open311/v2/{what}.{form}"): 200
        for what in ("discovery", "services", "requests", "servicerequestupdates")
        for form in ("json", "xml")
    },
    ("GET", "/open311/v2/requests/<last:str>"): 404,
    ("GET", "/open311/v2/tokens/<last:str>"): 404,
    **{
        ("POST", f"/open311/v2/{what}.{form}"): 403
        for what in ("requests", "servicerequestupdates")
        for form in ("json", "xml")
    },
    **{
        ("POST", f"/open311/v2/requests/<reference:str>/{what}.{form}"): 403
        for what in ("notes", "reopening", "withdrawal")
        for form in ("json", "xml")
    },
}
"""Method and route -> the answer to somebody without any proof. An agent's session changes none of them."""
