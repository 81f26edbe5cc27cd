"""Sends a transfer to a partner desk that only has a mail address, with a signed link on which they accept or decline."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from channels.base import Channel, ChannelError, Outbound, Undeliverable
from desk.partners.answers import PartnerAnswer
from desk.partners.client import PartnerAway, PartnerRefused
from desk.partners.links import PartnerLink
from desk.partners.registry import Partner
from desk.store.routing.partners import PartnerTransfer

_AUTHORS = {"contact": "Citizen", "bot": "Assistant", "agent": "Agent", "system": "Front desk"}


class PartnerMails:
    """Built once by the worker. `channel` is the city's first mail inbox."""

    def __init__(self, channel: Channel | None, link: PartnerLink, language: str) -> None:
        self._channel = channel
        self._link = link
        self._language = language

    async def send(self, partner: Partner, row: PartnerTransfer, body: Mapping[str, Any]) -> PartnerAnswer:
        """Under the same Message-ID at every attempt. Raises PartnerAway or PartnerRefused."""
        if self._channel is None or row.answer_by is None:
            raise PartnerAway("no mail inbox")
        link = self._link(partner.config.name, row.id, row.answer_by)
        message = Outbound(
            str(row.id),
            partner.config.email,
            mail_text(body, link),
            self._language,
            human=True,
            subject=subject_of(body["from"], row.id),
        )
        try:
            for request in self._channel.render(message):
                await self._channel.send(request, str(row.id))
        except Undeliverable as error:
            raise PartnerRefused(type(error).__name__) from None
        except ChannelError as error:
            raise PartnerAway(type(error).__name__) from None
        return PartnerAnswer("pending")


def subject_of(city: str, transfer: UUID) -> str:
    """It says nothing of the citizen: subjects are shown where mails are not opened."""
    return f"{city}: a conversation for you ({str(transfer)[:8]})"


def mail_text(body: Mapping[str, Any], link: str) -> str:
    """What `transfer_body` made, as a person reads it. Pure."""
    contact = body["contact"]
    known = [f"{name}: {contact[key]}" for name, key in _KNOWN if contact[key]]
    lines = [
        f"{body['from']} asks you to take over a conversation. The citizen has agreed that you get it.",
        "",
        f"Accept or decline it here, until {body['answer_by']}:",
        link,
        "Without an answer by then it stays with us. An answer to this mail is not read as one.",
        "",
        "Our note:",
        body["note"],
        "",
        "The citizen:",
        *(known or ["no name or address is known"]),
        f"Language: {body['language']}",
        "",
        "What was written:",
    ]
    if body["left_out"]:
        lines.append(f"({body['left_out']} older messages are left out)")
    for one in body["messages"]:
        lines += ["", f"{_AUTHORS.get(one['author'], one['author'])}, {one['at']}:"]
        if one["text"]:
            lines.append(one["text"] + (" (cut)" if one["cut"] else ""))
        if one["photos"]:
            lines.append(f"({one['photos']} photos, which are not sent)")
        if one["place"]:
            lines.append(f"Place: {one['place']['latitude']}, {one['place']['longitude']}")
    return "\n".join(lines)


_KNOWN = (("Name", "name"), ("E-mail", "email"), ("Phone", "phone"))
