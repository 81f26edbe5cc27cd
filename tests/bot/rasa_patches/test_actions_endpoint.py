"""Calls to the actions are signed, and what actions answer is checked as strictly as Rasa checks it."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import ValidationError, validate
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.rasa_patches.actions_endpoint import (
    ActionFailed,
    ActionsEndpoint,
    check_answers_once,
    find_kinds_once,
    sign_rasas_own_calls,
)
from tests.bot.fixtures import ACTIONS_SECRET, Actions

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
    {"events": None},
    {"responses": None},
    {"events": [{"event": "slot", "name": 1, "value": 2}]},
    {"events": [{"event": "slot", "name": "x", "value": None, "timestamp": "now"}]},
    {"events": [{"event": "pause", "timestamp": True}]},
    {"events": [{"event": "pause", "timestamp": 1, "metadata": {}}, {"event": "bot", "metadata": []}]},
    {"events": [{"event": ["slot"]}]},
    {"events": [{"event": "user", "parse_data": []}]},
    {"events": [{"event": "user", "text": "hello", "parse_data": {}}]},
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
    action = RemoteAction("action_x", ActionsEndpoint("http://127.0.0.1:9", "secret"))
    call = action._action_call_format(DialogueStateTracker("c1", ()), Domain.empty())
    assert set(call) == {"next_action", "sender_id", "tracker", "version"}


async def test_a_call_is_signed_and_its_answer_is_read(actions: Actions) -> None:
    actions.answers["action_x"] = {"events": [], "responses": [{"text": "Noted."}]}
    endpoint = ActionsEndpoint(actions.url, ACTIONS_SECRET)
    call = {"next_action": "action_x", "tracker": {"latest": "¿Qué día? 中"}}
    assert await endpoint.request(json=call) == actions.answers["action_x"]
    assert actions.calls == [call]
    await endpoint.close()


async def test_a_forms_validation_is_not_sent_the_domain_either(actions: Actions) -> None:
    actions.answers["validate_report_form"] = {"events": [], "responses": []}
    endpoint = ActionsEndpoint(actions.url, ACTIONS_SECRET)
    call = {"next_action": "validate_report_form", "tracker": {}}
    await endpoint.request(json={**call, "domain": {"responses": {"utter_greet": []}}})
    assert actions.calls == [call]
    await endpoint.close()


async def test_a_call_with_another_secret_fails_the_turn(actions: Actions) -> None:
    endpoint = ActionsEndpoint(actions.url, "not that secret")
    with pytest.raises(ActionFailed, match="the actions answered 401"):
        await endpoint.request(json={"next_action": "action_x"})
    assert actions.calls == []
    await endpoint.close()


@pytest.fixture
def rasas_own_calls() -> Iterator[None]:
    """As `rasa shell` has them; undone afterwards."""
    original = RemoteAction.__init__
    sign_rasas_own_calls(ACTIONS_SECRET)
    yield
    RemoteAction.__init__ = original
    del RemoteAction.civicdesk_signs


async def test_rasa_shell_signs_too(actions: Actions, rasas_own_calls: None) -> None:
    actions.answers["action_x"] = {"events": [], "responses": []}
    from_endpoints_yml = EndpointConfig.from_dict({"url": f"{actions.url}/webhook"})
    action = RemoteAction("action_x", from_endpoints_yml)
    call = {"next_action": "action_x", "sender_id": "c1"}
    assert await action.action_endpoint.request(json=call, method="post", timeout=8) == {
        "events": [],
        "responses": [],
    }
    assert actions.calls == [call]


def test_the_products_own_endpoint_is_left_as_it_is(rasas_own_calls: None) -> None:
    ours = ActionsEndpoint("http://127.0.0.1:9", ACTIONS_SECRET)
    assert RemoteAction("action_x", ours).action_endpoint is ours


def test_a_kind_of_event_is_the_one_that_rasa_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(Event.resolve_by_type))
    names = [kind.type_name for kind in all_subclasses(Event)]
    theirs = {name: Event.resolve_by_type(name) for name in (*names, "topic")}
    find_kinds_once()
    assert {name: Event.resolve_by_type(name) for name in theirs} == theirs and len(theirs) > 20
    assert Event.resolve_by_type("unheard", Event) is Event
    with pytest.raises(ValueError):
        Event.resolve_by_type("unheard")
