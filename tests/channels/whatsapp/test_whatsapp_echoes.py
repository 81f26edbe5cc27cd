"""What staff write in the WhatsApp Business app on the same number."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.base import Inbound, Location, Unshown
from channels.kit.setup import InboxError
from tests.channels.contract import sound
from tests.channels.odd_events import SAMPLES, damaged
from tests.support.specimens.meta_common import deliver
from tests.support.specimens.whatsapp import PERSON, SPECIMEN, contact, said, value, webhook


def fixture(name: str) -> Inbound:
    (found,) = SPECIMEN.open().parse(deliver(SPECIMEN.fixtures()[name]))
    return found


def echoes(*messages: Any, contacts: Any = ()) -> list[Inbound]:
    change = value(message_echoes=list(messages), contacts=list(contacts))
    change["field"] = "smb_message_echoes"
    return SPECIMEN.open().parse(deliver(webhook(change)))


def wrote(**fields: Any) -> dict[str, Any]:
    return {"id": "wamid.E", "to_user_id": PERSON, "timestamp": "1795363200", **fields}


def test_a_line_of_staffs_is_for_agents_and_silences_the_bot() -> None:
    line = fixture("staff_line")
    assert (line.kind, line.contact, line.phone) == ("staff", PERSON, "+16505551234")
    assert (line.text, line.silence) == ("The lamp is repaired on Monday.", 60)
    assert line.ref and line.external_id == f"{line.ref}:echo" and line.sent_at and not line.unshown


def test_the_minutes_of_silence_are_set_for_each_inbox() -> None:
    body = deliver(SPECIMEN.fixtures()["staff_line"])
    for minutes in ("0", "15"):
        (line,) = SPECIMEN.open(staff_silence_minutes=minutes).parse(body)
        assert line.silence == int(minutes)
    with pytest.raises(InboxError):
        SPECIMEN.open(staff_silence_minutes="an hour")


def test_who_it_was_written_to_is_known_by_user_id_by_contacts_or_by_number() -> None:
    by_number = fixture("staff_line_to_a_number")
    assert (by_number.contact, by_number.phone) == ("16505551234", "+16505551234")
    words = wrote(type="text", text={"body": "x"}, to_user_id=None, to="16505551234")
    people = [contact("US.1", "Ben", "12025550100"), contact(PERSON, "Ana", "16505551234")]
    assert [one.contact for one in echoes(words, contacts=people)] == [PERSON]
    nobody, group, line = echoes({**words, "to": None}, {**words, "group_id": "g"}, words)
    assert (nobody.kind, group.kind, line.kind) == ("ignored", "ignored", "staff")


def test_files_and_unknown_types_are_named() -> None:
    photo = fixture("staff_photo")
    assert (photo.text, photo.unshown, photo.media) == ("Is it this lamp?", (Unshown("photo"),), ())
    pdf = {"type": "document", "document": {"id": "1", "filename": "form.pdf"}}
    place = {"type": "location", "location": {"latitude": 40.5, "longitude": -74.0}}
    found = echoes(wrote(**pdf), wrote(type="sticker"), wrote(type="brand_new"), wrote(**place))
    assert [one.kind for one in found] == ["staff"] * 4
    assert [one.unshown for one in found] == [
        (Unshown("document", "form.pdf"),), (Unshown("sticker"),), (Unshown("message"),), (),
    ]  # fmt: skip
    assert found[3].location == Location(40.5, -74.0)


def test_what_staff_edit_delete_or_react_to_changes_nothing() -> None:
    found = [fixture("staff_edited"), fixture("staff_deleted"), *echoes(wrote(type="reaction"))]
    assert [one.kind for one in found] == ["ignored"] * 3 and all(one.reason for one in found)


def test_an_odd_line_takes_no_other_with_it() -> None:
    kept = wrote(type="text", text={"body": "kept"}, timestamp=[], context={"id": "wamid.Q"})
    found = echoes(7, wrote(type="text", text={"body": []}, id=None), kept)
    assert [one.kind for one in found] == ["ignored", "staff", "staff"]
    assert found[1].unshown and found[1].ref is None
    assert (found[2].text, found[2].quotes, found[2].sent_at) == ("kept", "wamid.Q", None)


@given(data=st.data())
@SAMPLES
def test_nothing_but_a_damaged_line_is_lost(data: st.DataObject) -> None:
    line = wrote(
        type="image", image={"id": "1", "caption": "x"}, to="+16505551234", context={"id": "wamid.Q"}
    )
    good = [wrote(id=f"wamid.{text}", type="text", text={"body": text}) for text in ("before", "after")]
    found = echoes(good[0], data.draw(damaged(line)), good[1])
    sound(found)
    assert [one.text for one in (found[0], found[-1])] == ["before", "after"] and len(found) == 3


def test_only_its_own_field_brings_lines_of_staffs() -> None:
    words = wrote(type="text", text={"body": "x"})
    assert SPECIMEN.open().parse(deliver(webhook(value(message_echoes=[words])))) == []
    change = value(messages=[said("a citizen")], contacts=[contact()], message_echoes=[words])
    change["field"] = "smb_message_echoes"
    assert [one.kind for one in SPECIMEN.open().parse(deliver(webhook(change)))] == ["staff"]
    change["value"]["metadata"]["phone_number_id"] = "999"
    assert [one.kind for one in SPECIMEN.open().parse(deliver(webhook(change)))] == ["ignored"]


def test_what_coexistence_brings_besides_has_a_name_of_its_own() -> None:
    for field, what in (("history", "before it was connected"), ("smb_app_state_sync", "address book")):
        (found,) = SPECIMEN.open().parse(
            deliver(webhook({"field": field, "value": {"history": [], "state_sync": []}}))
        )
        assert found.kind == "ignored" and what in (found.reason or "")
