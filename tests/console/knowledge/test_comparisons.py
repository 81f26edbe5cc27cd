"""Differences of two models stand side by side in the console, and an editor marks them without a script."""

from tests.support.comparisons import add_comparison, add_difference
from tests.support.console import RunningConsole


async def test_differences_are_grouped_and_marked(console: RunningConsole) -> None:
    _, actor = await console.agent("Emil", "editor")
    ed, ana = await console.signed_in("Ed", "editor"), await console.signed_in()
    comparison = await add_comparison(console.store, actor.agent_id)
    ids = []
    for text in ("rats in the cellar", "rats under my tree", "mail me at ed@x.example"):
        conversation = await console.queued(text=text, name=None)
        ids.append((await console.log(conversation))[0].id)
    await add_difference(console.store, comparison, ids[0], "rats", "trees")
    await add_difference(console.store, comparison, ids[1], "rats", "trees")
    await add_difference(console.store, comparison, ids[2], "rats", "nlu_fallback")
    path = f"/console/answers/comparisons/{comparison}"
    page = await ed.get(path)
    assert "3 answered differently, 3 without a mark" in page.visible and "No answer" in page.visible
    assert page.visible.index("rats under my tree") < page.visible.index("mail me at")
    assert "ed@x.example" not in page.text
    done = await ed.post(f"{path}/mark", data={"message": str(ids[0]), "mark": "old"})
    assert "The model in use is right Ed" in done.visible and "2 without a mark" in done.visible
    training = await ed.get("/console/answers/training")
    assert "Questions that editors marked (1)" in training.visible and "3 differ" not in training.visible
    assert "Train, and do not use it yet" in training.visible and f"{path}" in training.text
    assert "rats in the cellar" not in (await ana.get("/console/answers/training")).text
    assert (await ana.get(path)).status == 404
    assert (await ed.post("/console/answers/comparisons", data={"training": "1"})).status == 409
