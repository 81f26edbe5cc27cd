"""Linking two channels in a conversation: the code that is asked for, and a mail that is no proof."""

from channels.base import Capabilities
from channels.web.channel import WebChannel
from desk.people.linking import Linking
from desk.store.people import links
from tests.support.desk import Desk
from tests.support.providers import Recorder, write


async def _nobody(_: str) -> None: ...


async def test_a_citizen_links_two_channels_with_a_code(whatsapp: Desk) -> None:
    desk = whatsapp
    linking = Linking(desk.store, "secret", desk.clock)
    web = await desk.contact()
    channels = {"wa": Recorder(Capabilities(1000)), "web": WebChannel(_nobody)}
    async with desk.working(city=desk.city, channels=channels, linking=linking):
        await desk.send(web, "link my channels")
        answer = (await desk.settled(web))[-1]
        code = answer.text.split()[3].rstrip(".")
        phone = await write(desk, code)
        log = await desk.settled(phone)
    assert "are linked" in log[-1].text and desk.bot.asked == [], "no bot sees a code"
    assert [one.id for one in await links.list_linked(desk.store.pool, web.id)] == [phone.id]


async def test_a_forged_mail_with_a_code_links_nobody(whatsapp: Desk) -> None:
    desk = whatsapp
    linking = Linking(desk.store, "secret", desk.clock)
    thief = await desk.contact()
    channels = {"wa": Recorder(Capabilities(1000)), "web": WebChannel(_nobody)}
    async with desk.working(city=desk.city, channels=channels, linking=linking):
        await desk.send(thief, "link my channels")
        code = (await desk.settled(thief))[-1].text.split()[3].rstrip(".")
        log = await desk.settled(await write(desk, code, proven=False))
    assert "reply to this mail" in log[-1].text and desk.bot.asked == []
    assert await links.list_linked(desk.store.pool, thief.id) == []
