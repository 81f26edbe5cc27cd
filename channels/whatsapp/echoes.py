"""What staff wrote in the WhatsApp Business app, where a number is used there and here (Meta: "coexistence").

Meta reports it in a field of its own, `smb_message_echoes`. What we send is not in it; the desk compares the ids all the
same. Like Messenger's echoes, an edit or deletion by staff changes nothing here.
"""

from collections.abc import Mapping, Sequence

import msgspec

from channels.kit.lenient import Lenient, Unreadable, digest
from channels.kit.moment import moment
from channels.messages import Inbound
from channels.whatsapp.content import FILES, location_of, phone_of, text_of, unshown_of
from channels.whatsapp.shapes import Body, Contact, Echo, person_of

FIELD = "smb_message_echoes"
NO_LINE: Mapping[str, str] = {
    "edit": "what staff edited in the Business app",
    "revoke": "what staff deleted in the Business app",
    "reaction": "a reaction of staff's in the Business app",
    "system": "a system event in the Business app",
}


def staff_line(raw: msgspec.Raw, contacts: Sequence[Contact], silence: int) -> Inbound:
    """The line, for agents to see; the bot is then silent for `silence` minutes."""
    try:
        echo, body = _ECHO.decode(raw), _BODY.decode(raw)
    except Unreadable:
        return Inbound(digest(raw), "", "ignored", reason="unreadable")
    number = f"{echo.id or digest(raw)}:echo"
    to = (echo.to or "").removeprefix("+")
    person = person_of(echo.to_user_id, to, contacts)
    contact = echo.to_user_id or person.user_id or to or person.wa_id
    why = "a message in a group" if echo.group_id else "a message to nobody" if not contact else None
    if why := why or NO_LINE.get(echo.type):
        return Inbound(number, "", "ignored", reason=why)
    assert contact  # or there is a reason above
    file = next((one for one in (getattr(body, name) for name in FILES) if one), None)
    text, place = text_of(body, file), location_of(body.location)
    return Inbound(
        external_id=number,
        contact=contact,
        kind="staff",
        text=text or None,
        location=place,
        ref=echo.id,
        quotes=echo.context.id if echo.context else None,
        phone=phone_of(to or person.wa_id),
        # Files are named and not fetched; so is what has neither words nor a place.
        unshown=unshown_of(echo.type, file) if file or not (text or place) else (),
        silence=silence,
        sent_at=moment(echo.timestamp),
    )


_ECHO = Lenient(Echo)
_BODY = Lenient(Body)
