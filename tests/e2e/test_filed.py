"""A report that was sent is named, withdrawn, corrected and complemented; the queue answers and lets people go."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.people import Agent, Citizen, reference_of


def file_report(someone: Citizen, place: str = "5 Mill Lane") -> str:
    """A pothole that the city has; gives its number."""
    someone.say("I want to report a pothole")
    someone.sees("describe the problem")
    someone.say("It is deep and a cyclist fell into it")
    someone.sees("Where is it?")
    someone.say(place)
    someone.sees("Do you have a photo?")
    someone.press("No photo")
    someone.sees(re.compile("contact|news", re.IGNORECASE))
    someone.say("no")
    someone.sees("This is your report")
    someone.press("Yes, send it")
    return reference_of(someone)


def test_a_report_is_withdrawn(citizen: Callable[..., Citizen]) -> None:
    someone = citizen()
    reference = file_report(someone)
    someone.say("can you cancel my report")
    someone.sees(re.compile(rf"Shall I withdraw your report {reference}.*5 Mill Lane"))
    someone.say("yes")
    someone.sees(re.compile(rf"{reference}.* has been withdrawn"), author="system")
    someone.say(f"what happened to {reference}?")
    someone.sees(re.compile(rf"{reference}.* is closed"))
    someone.say("cancel my report")
    someone.sees(re.compile(rf"You withdrew your report {reference}"))


def test_a_report_is_corrected_and_gets_a_photo(citizen: Callable[..., Citizen], photo: Path) -> None:
    someone = citizen()
    reference = file_report(someone)
    someone.say("the number is 7 not 5")
    someone.sees("The new place is 7 Mill Lane")
    someone.sees(re.compile(rf"the change is in your report {reference}"), author="system")
    someone.attach(photo)
    someone.sees(re.compile(rf"adding the photo to your report {reference}"))
    someone.say("what did you send?")
    someone.sees(re.compile(rf"{reference}.*was sent to the city", re.DOTALL))


def test_the_queue_answers_and_a_report_goes_on_afterwards(citizen: Callable[..., Citizen]) -> None:
    someone = citizen()
    someone.say("I want to report a pothole")
    someone.sees("describe the problem")
    someone.say("It is deep and a cyclist fell into it")
    someone.sees("Where is it?")
    someone.say("I want to talk to a person")
    someone.sees(re.compile("place in the queue"), author="system")
    someone.say("my neighbour keeps seventeen peacocks")
    someone.sees(re.compile(r"will read this too\. Your place in the queue: \d"), author="system")
    someone.say("when is my bin collected?")
    someone.sees(re.compile(r"Meanwhile, from the assistant:.*collected", re.DOTALL))
    someone.banner().get_by_role("button", name="Leave the queue").click()
    someone.sees(re.compile("Let us continue with your report"))
    someone.sees("Where is it?")
    someone.say("71 Rosewood Crescent")
    someone.sees("Do you have a photo?")


def test_a_conversation_with_an_agent_is_ended_by_the_citizen(
    citizen: Callable[..., Citizen], agent: Callable[[str], Agent]
) -> None:
    ana, someone = agent("ana"), citizen()
    someone.say("I want to talk to a person about zebra nine")
    someone.sees(re.compile("place in the queue"), author="system")
    ana.claim("zebra nine")
    ana.reply("How can I help?")
    someone.sees("How can I help?", author="agent")
    someone.banner().get_by_role("button", name="End the conversation").click()
    someone.sees(re.compile("ended the conversation with our colleague"), author="system")
    expect(someone.banner()).to_contain_text("An automated assistant answers here.")
    someone.say("when is my bin collected?")
    someone.sees(re.compile("collected once a week"))
