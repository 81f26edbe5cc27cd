"""What agents see of messages that were deleted, quoted, written in another app, or that brought what we cannot show."""

from datetime import UTC, datetime

from tests.support.console import RunningConsole

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).isoformat()
DELETED = {"deleted": {"at": AT, "text": "my neighbour Xaver"}}


async def test_a_deleted_message_is_seen_as_deleted_and_its_words_are_not(console: RunningConsole) -> None:
    conversation = await console.queued()
    deleted = await console.say(conversation, "", content=DELETED)
    await console.say(conversation, "I mean that one", content={"quotes": str(deleted.id)})
    page = await (await console.signed_in()).get(f"/console/conversations/{conversation.id}")
    assert "The citizen deleted this message." in page.visible
    assert "a message that the citizen deleted" in page.visible
    assert "Xaver" not in page.text


async def test_an_open_page_learns_that_a_message_was_deleted(console: RunningConsole) -> None:
    conversation = await console.queued()
    first = await console.say(conversation, "", content=DELETED)
    await console.say(conversation, "something else")
    ana = await console.signed_in()
    live = await ana.get(f"/console/conversations/{conversation.id}/live?after={first.seq + 1}")
    earlier = live.text.partition("data-earlier")[2]
    assert f'data-seq="{first.seq}"' in earlier and "deleted this message" in earlier
    assert "something else" not in earlier


async def test_a_reply_shows_what_it_answers_as_text_and_never_as_markup(console: RunningConsole) -> None:
    conversation = await console.queued()
    asked = await console.say(conversation, "Is the <b>pool</b> open? " + "x" * 400)
    await console.say(conversation, "this one", content={"quotes": str(asked.id)})
    await console.say(conversation, "that one", content={"quotes": ""})
    await console.say(conversation, "Oak Street", content={"quotes": str(asked.id), "edited": True})
    page = await (await console.signed_in()).get(f"/console/conversations/{conversation.id}")
    quotes = page.text.split('<blockquote class="quoted')[1:]
    assert len(quotes) == 3
    assert "Answers" in quotes[0] and "Is the &lt;b&gt;pool&lt;/b&gt; open?" in quotes[0]
    assert "x" * 300 not in quotes[0].partition("</blockquote>")[0]
    assert "an earlier message that is not in this log" in quotes[1]
    assert "Before" in quotes[2]


async def test_what_a_message_brought_is_named(console: RunningConsole) -> None:
    conversation = await console.queued()
    things = [{"kind": "document", "name": "per<m>it.pdf"}, {"kind": "gift", "name": None}]
    await console.say(conversation, "here", content={"unshown": things})
    page = await (await console.signed_in()).get(f"/console/conversations/{conversation.id}")
    assert "Not shown: a document per<m>it.pdf" in page.visible and "a gift" in page.visible
    assert "per&lt;m&gt;it.pdf" in page.text
