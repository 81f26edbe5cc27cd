"""What actions answer is checked as strictly as Rasa checks it."""

from typing import Any

import pytest
from jsonschema import ValidationError, validate
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_patches.actions_endpoint import ActionsEndpoint, check_answers_once

ANSWERS: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "timestamp": None, "name": "place", "value": {"a": 1}}]},
    {"events": [{"event": "active_loop", "timestamp": None, "name": None}], "responses": [{"text": "x"}]},
    {"events": [{"event": "followup", "name": "action_listen"}]},
    [],
    None,
    "text",
    {"events": {}},
    {"events": [{"event": "unheard"}]},
    {"events": [{"event": "slot"}]},
    {"events": ["slot"]},
    {"responses": ["text"]},
    {"responses": {"text": "x"}},
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_refuses_what_rasa_refuses(answer: Any) -> None:
    check_answers_once()
    action = RemoteAction("action_x", None)
    try:
        validate(answer, RemoteAction.action_response_format_spec())
    except ValidationError:
        with pytest.raises(ValidationError, match="action_x"):
            action._validate_action_result(answer)
    else:
        assert action._validate_action_result(answer) is True


def test_an_action_is_not_sent_the_domain() -> None:
    action = RemoteAction("action_x", ActionsEndpoint("http://127.0.0.1:9"))
    call = action._action_call_format(DialogueStateTracker("c1", ()), Domain.empty())
    assert set(call) == {"next_action", "sender_id", "tracker", "version"}
