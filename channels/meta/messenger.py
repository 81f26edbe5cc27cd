"""Messenger: one Facebook page. People are identified only by an id specific to that page."""

from typing import ClassVar

from channels.base import Capabilities, Setting
from channels.kit.setup import NAMES
from channels.meta import graph
from channels.meta.messaging import OTHER_APP, STAFF_SILENCE, MetaChannel
from channels.meta.parts import Dialect, able

TEXT = 2_000
"""UTF-16 units, the strictest reading of the "2000 character limit" that many repeat from Meta's Send API
reference. We could not consult Meta's page itself: our choice may fall short of the limit but never exceeds
it.
"""
TEMPLATE_BUTTONS, TEMPLATE_TEXT = 3, 640  # Meta's page on the button template
FIELDS = (
    *("messages", "message_edits", "messaging_postbacks", "message_deliveries", "message_echoes"),
    *("messaging_handovers", "standby"),
)


class MessengerChannel(MetaChannel):
    """Two or three choices are permanent buttons; up to thirteen are quick replies, which vanish with the
    next message."""

    name: ClassVar[str] = "messenger"
    capabilities: ClassVar[Capabilities] = able(TEXT, "utf16", location=True)
    settings: ClassVar[tuple[Setting, ...]] = (
        Setting("account_id", "The page's id: in the page's About, under Page transparency."),
        Setting("app_id", "The app's id: at the top of the app's dashboard."),
        Setting("token", "The page's access token: in the app under Messenger, API settings.", secret=True),
        graph.APP_SECRET,
        graph.VERIFY_TOKEN,
        NAMES,
        OTHER_APP,
        STAFF_SILENCE,
        *graph.ADDRESS,
    )
    dialect: ClassVar[Dialect] = Dialect(
        object="page",
        text=TEXT,
        unit="utf16",
        scopes=("pages_messaging", "pages_manage_metadata"),
        fields=FIELDS,
        page_fields=FIELDS,
        template=TEMPLATE_BUTTONS,
        template_text=TEMPLATE_TEXT,
        files=True,
        metadata=True,
        names=(("first_name", "last_name"),),
    )
