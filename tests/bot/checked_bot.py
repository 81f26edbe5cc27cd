"""`python -m tests.bot.checked_bot`: the bot, which can compare its predictions with those of Rasa's own policies.

It does so for messages whose metadata has COMPARE. A turn in which they differ fails, so every dialogue that is run so
proves that nothing kept or left out (bot/rasa_patches/policies.py) changes a prediction. Runs on the bot's interpreter.
"""

from __future__ import annotations

import copy
import sys
from typing import Any

from bot.rasa_patches.import_stubs import leave_out_the_unused
from bot.rasa_patches.quiet import hush, read_config

COMPARE = "compare_predictions"
REPLACED = (
    "_prediction_states",
    "_get_possible_keys",
    "_find_action_from_rules",
    "format_tracker_states",
    "predict_action_probabilities",
)


class Differs(Exception):
    """A prediction is not Rasa's."""


def compare(assistant: Any) -> None:
    """Make this loaded assistant compare its predictions."""
    from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
    from rasa.core.policies.memoization import MemoizationPolicy
    from rasa.core.policies.rule_policy import RulePolicy

    ours = assistant._predict_next_with_tracker
    stock = []
    for policy in assistant.graph_runner.components:
        if type(policy) in (RulePolicy, MemoizationPolicy):
            plain = copy.copy(policy)
            for name in REPLACED:
                vars(plain).pop(name, None)
            stock.append(plain)
    assert len(stock) == 2, "the model has other policies than those that this compares"
    rule_only = next(one for one in stock if type(one) is RulePolicy)._get_rule_only_data()

    def predict(tracker: Any) -> Any:
        message = tracker.latest_message
        if tracker.followup_action or not (message and message.metadata.get(COMPARE)):
            return ours(tracker)
        theirs = DefaultPolicyPredictionEnsemble().combine_predictions(
            [
                policy.predict_action_probabilities(tracker, assistant.domain, rule_only_data=rule_only)
                for policy in stock
            ],
            tracker,
            assistant.domain,
        )
        found = ours(tracker)
        if _shown(found) != _shown(theirs):
            raise Differs(f"after {tracker.latest_action_name}: {found.policy_name}, {theirs.policy_name}")
        return found

    assistant._predict_next_with_tracker = predict


def _shown(prediction: Any) -> tuple[Any, ...]:
    return (
        prediction.probabilities,
        prediction.policy_name,
        prediction.hide_rule_turn,
        prediction.is_no_user_prediction,
        [(type(event), vars(event) | {"timestamp": None}) for event in prediction.events],
    )


def main() -> int:
    hush()
    leave_out_the_unused(read_config(), training=False)
    import bot.__main__
    import bot.server

    load = bot.server.load_assistant

    def checked(*given: Any) -> Any:
        assistant = load(*given)
        compare(assistant)
        return assistant

    bot.server.load_assistant = checked  # type: ignore[assignment]  # only `serve` calls it
    return bot.__main__.main()


if __name__ == "__main__":
    sys.exit(main())
