"""The parts of Telegram's updates that we read. Everything else in them may change freely."""

from collections.abc import Mapping
from typing import Annotated

import msgspec

from channels.messages import UnshownKind
from city.coordinates import Latitude, Longitude

_Id = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]

UNSHOWN: Mapping[str, UnshownKind] = {
    **{"sticker": "sticker", "dice": "sticker", "poll": "poll", "game": "message", "story": "story"},
    **{"paid_media": "photo", "checklist": "message", "rich_message": "message"},
    **{"gift": "gift", "unique_gift": "gift", "giveaway": "gift", "gift_upgrade_sent": "gift"},
    **{"invoice": "payment", "successful_payment": "payment", "refunded_payment": "payment"},
    **{"passport_data": "document", "web_app_data": "message", "users_shared": "contact"},
    **{"chat_shared": "contact", "suggested_post_info": "post"},
}
"""Content that a citizen can send and we cannot show. Other updates without text are Telegram's service messages."""

FILES: Mapping[str, str] = {
    "document": "application/octet-stream",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
}
"""The content type that is assumed where Telegram gives none, until the file is fetched."""

NO_CONTENT = frozenset(
    {
        *(
            "message_id",
            "message_thread_id",
            "direct_messages_topic",
            "from",
            "sender_chat",
            "sender_boost_count",
        ),
        *("sender_business_bot", "sender_tag", "date", "business_connection_id", "chat", "forward_origin"),
        *(
            "forward_from",
            "forward_from_chat",
            "forward_from_message_id",
            "forward_signature",
            "forward_date",
        ),
        *(
            "forward_sender_name",
            "is_topic_message",
            "is_automatic_forward",
            "reply_to_message",
            "external_reply",
        ),
        *("quote", "reply_to_story", "reply_to_checklist_task_id", "via_bot", "edit_date", "paid_star_count"),
        *(
            "has_protected_content",
            "is_from_offline",
            "is_paid_post",
            "media_group_id",
            "author_signature",
            "text",
        ),
        *("entities", "link_preview_options", "effect_id", "caption", "caption_entities", "reply_markup"),
        *("show_caption_above_media", "has_media_spoiler"),
    }
)
"""Fields of a message that are no content of their own."""

SERVICE = frozenset(
    {
        *("new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo"),
        *("group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_from_chat_id"),
        *("message_auto_delete_timer_changed", "pinned_message", "connected_website", "write_access_allowed"),
        *("proximity_alert_triggered", "boost_added", "chat_background_set", "checklist_tasks_done"),
        *("checklist_tasks_added", "direct_message_price_changed", "paid_message_price_changed"),
        *("forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"),
        *(
            "general_forum_topic_hidden",
            "general_forum_topic_unhidden",
            "giveaway_created",
            "giveaway_completed",
        ),
        *(
            "giveaway_winners",
            "suggested_post_approved",
            "suggested_post_approval_failed",
            "suggested_post_paid",
        ),
        *("suggested_post_declined", "suggested_post_refunded", "video_chat_scheduled", "video_chat_started"),
        *("video_chat_ended", "video_chat_participants_invited"),
    }
)
"""What Telegram itself writes into a chat (Bot API 10.1). Anything else is content, even of a kind that is still unknown."""


class Fields(msgspec.Struct):
    """The names of a message's fields."""

    message: dict[str, msgspec.Raw] = {}


class User(msgspec.Struct):
    id: _Id
    first_name: str = ""
    last_name: str = ""
    language_code: str | None = None


class Chat(msgspec.Struct):
    id: _Id
    type: str = "private"


class File(msgspec.Struct):
    file_id: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    mime_type: str | None = None  # a video note never has one
    file_name: str | None = None
    width: int = 0
    height: int = 0


class Point(msgspec.Struct):
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class Venue(msgspec.Struct):
    location: Point | None = None
    title: str = ""
    address: str = ""


class Sticker(msgspec.Struct):
    emoji: str | None = None


class Card(msgspec.Struct):
    phone_number: str = ""
    first_name: str = ""
    last_name: str = ""
    user_id: int | None = None


class Entity(msgspec.Struct):
    """A part of a text; `offset` and `length` count UTF-16 units."""

    type: str = ""
    offset: int = 0
    length: int = 0
    url: str = ""


class Passage(msgspec.Struct):
    """The part of another message that a reply marks."""

    text: str = ""


class Message(msgspec.Struct):
    chat: Chat
    message_id: int | None = None
    date: int | float | str | None = None
    sender: User | None = msgspec.field(default=None, name="from")
    reply_to_message: "Replied | None" = None
    external_reply: msgspec.Raw = msgspec.Raw()
    quote: Passage | None = None
    entities: list[Entity] = []
    caption_entities: list[Entity] = []
    text: str | None = None
    caption: str | None = None
    photo: list[File] = []
    document: File | None = None
    video: File | None = None
    video_note: File | None = None
    audio: File | None = None
    voice: File | None = None
    location: Point | None = None
    venue: Venue | None = None
    sticker: Sticker | None = None
    contact: Card | None = None
    media_group_id: str | None = None
    dice: msgspec.Raw = msgspec.Raw()
    poll: msgspec.Raw = msgspec.Raw()
    game: msgspec.Raw = msgspec.Raw()
    story: msgspec.Raw = msgspec.Raw()
    paid_media: msgspec.Raw = msgspec.Raw()
    checklist: msgspec.Raw = msgspec.Raw()
    rich_message: msgspec.Raw = msgspec.Raw()
    gift: msgspec.Raw = msgspec.Raw()
    unique_gift: msgspec.Raw = msgspec.Raw()
    giveaway: msgspec.Raw = msgspec.Raw()
    invoice: msgspec.Raw = msgspec.Raw()
    successful_payment: msgspec.Raw = msgspec.Raw()
    refunded_payment: msgspec.Raw = msgspec.Raw()
    passport_data: msgspec.Raw = msgspec.Raw()
    web_app_data: msgspec.Raw = msgspec.Raw()
    users_shared: msgspec.Raw = msgspec.Raw()
    chat_shared: msgspec.Raw = msgspec.Raw()
    migrate_to_chat_id: _Id | None = None


class Replied(msgspec.Struct):
    """The message that another one answers: its id is enough. Without a chat it is in the same one."""

    chat: Chat | None = None
    message_id: int | None = None


class Callback(msgspec.Struct):
    sender: User = msgspec.field(name="from")
    id: str = ""
    data: str | None = None
    message: Message | None = None


class Status(msgspec.Struct):
    status: str = ""


class Member(msgspec.Struct):
    chat: Chat
    new_chat_member: Status


class Update(msgspec.Struct):
    update_id: _Id | None = None
    message: Message | None = None
    callback_query: Callback | None = None
    my_chat_member: Member | None = None
    edited_message: Message | None = None
