"""2 and 3. A pothole is reported with a correction, a question and a photo in the middle, and followed from elsewhere."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.e2e.people import Citizen, reference_of


def test_a_report_with_a_correction_a_question_and_a_photo(
    citizen: Callable[..., Citizen], photo: Path
) -> None:
    someone = citizen()
    someone.say("I want to report a pothole")
    someone.sees("describe the problem")
    someone.say("It is deep and a cyclist fell into it")
    someone.sees("Where is it?")
    someone.say("12 Elm Street")
    someone.sees("Do you have a photo?")
    someone.say("no, the other street, 14 Oak Street")
    someone.sees("I have changed that")
    someone.say("how long does that take?")
    someone.sees(re.compile("10 working days"))
    someone.sees("Do you have a photo?")
    someone.attach(photo)
    someone.sees(re.compile("contact|news", re.IGNORECASE))
    someone.say("maria@example.org")
    summary = someone.sees(re.compile("14 Oak Street")).inner_text()
    assert "cyclist" in summary
    assert "Elm" not in summary
    someone.page.get_by_role("button", name="Check your answers").click()
    someone.page.get_by_role("region", name="Check your answers").get_by_text("14 Oak Street").wait_for()
    someone.page.get_by_role("button", name="Change: Contact").click()
    someone.page.get_by_role("group", name="Your report").get_by_text(re.compile("step [2-9]")).wait_for()
    someone.say("maria.lopez@example.org")
    someone.sees(re.compile("14 Oak Street.*maria.lopez", re.DOTALL))
    someone.press("Yes, send it")
    reference = reference_of(someone)

    someone.say(f"what happened to my report {reference}?")
    someone.sees(re.compile(rf"{reference}.*(open|received|work)", re.IGNORECASE | re.DOTALL))

    elsewhere = citizen()
    elsewhere.say(f"what happened to {reference.lower()}")
    told = elsewhere.sees(re.compile(reference)).inner_text()
    assert "Oak Street" not in told
    assert "cyclist" not in told


def test_a_report_with_the_browsers_location(citizen: Callable[..., Citizen]) -> None:
    someone = citizen(geolocation={"latitude": 41.0531, "longitude": -73.5387}, permissions=["geolocation"])
    someone.say("the street light outside my house is broken")
    someone.sees(re.compile("describe the problem|Where is it"))
    if not any("Where is it" in text for text in someone.texts()):
        someone.say("it has been dark for a week")
    someone.sees("Where is it?")
    someone.share_location()
    someone.sees("57 Market Square")
    someone.press("Yes, there")
    someone.sees(re.compile("Do you have a photo|open near there already"))
    if "No, mine is new" in " ".join(someone.choices()):  # other tests of this product report there, too
        someone.press("No, mine is new")
    someone.sees("Do you have a photo?")
    someone.press("No photo")
    someone.sees(re.compile("contact|news", re.IGNORECASE))
    someone.say("no")
    someone.sees("This is your report")
    someone.press("Yes, send it")
    reference_of(someone)


def test_stop_ends_a_report_and_nothing_is_sent(citizen: Callable[..., Citizen]) -> None:
    someone = citizen()
    someone.say("there is graffiti on Bridge Street 4")
    someone.sees(re.compile("describe|photo|Where", re.IGNORECASE))
    someone.say("stop")
    someone.sees(re.compile("nothing was sent|not sent|sent nothing", re.IGNORECASE))
    someone.say("when is my bin collected?")
    someone.sees(re.compile(r"collected once a week"))


def test_a_reference_that_does_not_exist_is_said_plainly(citizen: Callable[..., Citizen]) -> None:
    someone = citizen()
    someone.say("what happened to SR-0000-0000?")
    someone.sees(re.compile(r"SR-0000-0000"))
    assert not any("Traceback" in text or "Exception" in text for text in someone.texts())
