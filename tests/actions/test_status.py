"""action_status: what citizens are told about a report, and what is withheld."""

import asyncio

import pytest

from actions.status import look_up
from actions.status.reference import find_reference, find_strange
from tests.support.stage import OWN, FakeBackend, Stage, down, responses

PATTERN = "SR-[0-9A-Z]{4}-[0-9A-Z]{4}"


async def test_an_own_report_is_told_with_its_details(stage: Stage) -> None:
    stage.metadata = {"own_references": [OWN]}
    said = await stage.run("action_status", f"what about {OWN}", "ask_status", reference=OWN)
    assert responses(said) == ["utter_status_open"]
    details = said[0]["reply"]["variables"]["details"]
    # 3 am UTC is still the evening before in the city; braces of the back end stay as they are.
    assert "November 1, 2026" in details
    assert "A {crew} is planned." in details
    assert "November 12, 2026" in details


async def test_details_are_told_in_the_citizens_language(stage: Stage) -> None:
    stage.metadata = {"own_references": [OWN]}
    stage.slots["language"] = "es"
    said = await stage.run("action_status", f"qué pasó con {OWN}", "ask_status")
    assert "1 de noviembre de 2026" in said[0]["reply"]["variables"]["details"]


async def test_somebody_elses_report_is_a_status_and_nothing_more(stage: Stage) -> None:
    stage.metadata = {"own_references": ["SR-4T8N-B3WD"]}
    said = await stage.run("action_status", OWN, "ask_status")
    assert responses(said) == ["utter_status_other_open"]
    assert said[0]["reply"]["variables"] == {"reference": OWN}


async def test_what_needs_an_identity_check_is_not_told_to_whoever_has_the_number(
    protected_stage: Stage,
) -> None:
    stage = protected_stage
    # Neither to a stranger ...
    said = await stage.run("action_status", OWN, "ask_status")
    assert responses(said) == ["utter_status_protected"]
    assert said[0]["reply"]["variables"] == {"reference": OWN}
    # ... nor to its own contact in another conversation, for whom the back end is not even asked ...
    stage.backend.asked.clear()
    stage.metadata = {"own_requests": [], "own_protected": [{"reference": OWN, "backend": "requests"}]}
    for words in (OWN, "what about my request?"):
        assert responses(await stage.run("action_status", words, "ask_status")) == ["utter_status_protected"]
    assert stage.backend.asked == []
    # ... but where it was made, or after the check, when the desk gives it as one of the contact's own.
    stage.metadata = {"own_requests": [{"reference": OWN, "backend": "requests"}], "own_protected": []}
    said = await stage.run("action_status", OWN, "ask_status")
    assert (
        responses(said) == ["utter_status_open"] and "November 12" in said[0]["reply"]["variables"]["details"]
    )


async def test_among_several_the_protected_one_is_a_number_without_a_title(protected_stage: Stage) -> None:
    stage = protected_stage
    stage.metadata = {
        "own_requests": [{"reference": "SR-4T8N-B3WD", "backend": "requests"}],
        "own_protected": [{"reference": OWN, "backend": "requests"}],
    }
    said = await stage.run("action_status", "what about my request?", "ask_status")
    assert responses(said) == ["utter_choose_reference"]
    assert [one["title"] for one in said[0]["reply"]["buttons"]] == ["SR-4T8N-B3WD", OWN]


async def test_a_word_that_nobody_knows_is_told_as_it_is(stage: Stage) -> None:
    stage.backend.word = "Erledigt?"
    said = await stage.run("action_status", OWN, "ask_status")
    assert responses(said) == ["utter_status_other_raw"]
    assert said[0]["reply"]["variables"] == {"reference": OWN, "word": "Erledigt?"}
    stage.metadata = {"own_references": [OWN]}
    said = await stage.run("action_status", OWN, "ask_status")
    assert responses(said) == ["utter_status_raw"]
    assert "November 12" in said[0]["reply"]["variables"]["details"]


async def test_an_unknown_reference(stage: Stage) -> None:
    said = await stage.run("action_status", "SR-ZZZZ-0000", "ask_status")
    assert responses(said) == ["utter_reference_unknown"]


async def test_a_back_end_that_is_down_offers_to_try_again_with_the_number(stage: Stage) -> None:
    stage.backend.trouble = down
    said = await stage.run("action_status", OWN, "ask_status")
    assert responses(said) == ["utter_status_unavailable"]
    assert said[0]["reply"]["buttons"][0]["entities"] == {"reference": OWN}


async def test_a_slow_back_end_is_not_waited_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(look_up, "LOOK_UP_SECONDS", 0.01)
    stage.backend.trouble = never
    said = await stage.run("action_status", OWN, "ask_status")
    assert responses(said) == ["utter_status_unavailable"]


async def test_the_number_is_asked_for_and_then_read_without_its_front(stage: Stage) -> None:
    assert responses(await stage.run("action_status", "check my report", "ask_status")) == [
        "utter_ask_reference"
    ]
    said = await stage.run("action_unsure", "7k2p q9xm")
    assert responses(said) == ["utter_status_other_open"]
    assert stage.backend.asked == [OWN]


async def test_what_cannot_be_a_number_is_asked_again(stage: Stage) -> None:
    await stage.run("action_status", "check my report", "ask_status")
    assert responses(await stage.run("action_unsure", "12345")) == ["utter_reference_malformed"]


async def test_a_number_of_no_known_shape_is_said_to_be_none(stage: Stage) -> None:
    stage.metadata = {"own_references": [OWN]}
    said = await stage.run("action_status", "what became of SR-2026-00001?", "ask_status")
    assert responses(said) == ["utter_reference_not_ours"]
    assert said[0]["reply"]["variables"] == {"reference": "SR-2026-00001"}
    assert stage.backend.asked == [] and stage.slots["awaiting_reference"] is True


@pytest.mark.parametrize(
    "written", ["SR-2026-00001", "SR20260001", "ABC-12345", "(A-77/2026)", "SR–2026–00001"]
)
def test_words_that_are_built_like_numbers(written: str) -> None:
    assert find_strange(f"what about {written}, please?") is not None


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-30",
        "555-0100",
        "12 Elm Street",
        "covid-2019",
        "COVID-19",
        "I-95",
        "A4",
        "12345",
        "NOW",
        "e-mail",
        "B-B-B",
    ],
)
def test_words_that_are_not(written: str) -> None:
    assert find_strange(f"what about {written}, please?") is None


async def test_several_own_reports_are_offered(stage: Stage) -> None:
    stage.metadata = {"own_references": [OWN, "SR-4T8N-B3WD"]}
    said = await stage.run("action_status", "check my report", "ask_status")
    assert responses(said) == ["utter_choose_reference"]
    assert [button["title"] for button in said[0]["reply"]["buttons"]] == [OWN, "SR-4T8N-B3WD"]


async def test_inside_a_form_it_asks_no_second_question(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    assert responses(await stage.run("action_status", "my report", "ask_status")) == [
        "utter_ask_reference_later"
    ]


@pytest.mark.parametrize(
    "written", ["SR-7K2P-Q9XM", "sr-7k2p-q9xm", "sr 7k2p q9xm", "SR7K2PQ9XM", "my number sr.7k2p.q9xm?"]
)
def test_a_reference_is_found_however_it_is_written(written: str) -> None:
    assert find_reference(written, PATTERN) == OWN


@pytest.mark.parametrize(
    "written", ["Sr. Juan Pepe", "7k2p-q9xm", "XSR-7K2P-Q9XM", "SR-7K2P-Q9XMM", "sr", ""]
)
def test_what_is_no_reference_is_none(written: str) -> None:
    assert find_reference(written, PATTERN) is None


def test_a_bare_number_counts_once_it_was_asked_for() -> None:
    assert find_reference("7k2p-q9xm", PATTERN, asked=True) == OWN


async def test_no_own_back_end_means_no_call(stage: Stage, backend: FakeBackend) -> None:
    await stage.run("action_status", "hello", "ask_status")
    assert backend.asked == []


async def test_a_stranger_is_offered_a_code_where_one_can_be_sent(stage: Stage) -> None:
    for codes in (True, False):
        stage.metadata["codes"] = codes
        said = await stage.run("action_status", "status of SR-4T8N-B3WD", "ask_status")
        assert responses(said) == ["utter_status_other_closed"]
        offered = [one["intent"] for one in said[-1]["reply"]["buttons"]]
        assert offered == (["prove_request"] if codes else [])
