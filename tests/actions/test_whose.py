"""Of a photo with several reports it is asked which it shows, and "no, it's the other one" moves it."""

from tests.support.stage import Stage, responses

FORM = "validate_report_form"
PHOTO = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
HOLE = {
    "text": "a deep pothole at 12 Mill Lane",
    "service": "pothole",
    "entities": [{"entity": "service", "value": "pothole"}, {"entity": "address", "value": "12 Mill Lane"}],
}
LAMP = {
    "text": "a broken street light at 3 Elm Street",
    "service": "street_light",
    "entities": [
        {"entity": "service", "value": "street_light"},
        {"entity": "address", "value": "3 Elm Street"},
    ],
}


async def test_of_a_photo_of_two_problems_it_is_asked_which_it_shows(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    stage.extra = {"matters": [HOLE, LAMP]}
    said = await stage.run(FORM, "hole and lamp", "share_photo", media=[PHOTO])
    assert responses(said)[-1] == "utter_ask_report_photo_whose"
    assert (stage.slots["draft_media"], stage.slots["draft_spare"]) == (None, [PHOTO])
    stage.extra = {}
    await stage.run(FORM, "the second")
    assert stage.slots["draft_media"] is None
    assert [one.get("media") for one in stage.slots["report_queue"]] == [[PHOTO]]


async def test_a_photo_may_show_both_problems(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    stage.extra = {"matters": [HOLE, LAMP]}
    await stage.run(FORM, "hole and lamp", "share_photo", media=[PHOTO])
    stage.extra = {}
    await stage.run(FORM, "both")
    assert stage.slots["draft_media"] == [PHOTO]
    assert [one.get("media") for one in stage.slots["report_queue"]] == [[PHOTO]]


async def test_a_photo_goes_with_a_report_only_when_it_is_said(stage: Stage) -> None:
    stage.loop = {"name": "report_form"}
    stage.extra = {"matters": [HOLE, LAMP], "own": False}
    await stage.run(FORM, "hole and lamp", "report_problem")
    stage.extra = {}
    await stage.run(FORM, intent="share_photo", media=[PHOTO])
    said = await stage.run(FORM, "no, it's the other one", "deny")
    assert responses(said)[0] == "utter_report_photo_moved"
    assert stage.slots["draft_media"] is None
    assert [one.get("media") for one in stage.slots["report_queue"]] == [[PHOTO]]
