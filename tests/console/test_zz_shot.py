import asyncio
from tests.console.test_browser import _agent, chromium, built  # noqa
from tests.support.console import House

async def test_shots(house: House, chromium) -> None:
    ana = None
    convs=[]
    for n in range(14):
        convs.append(await house.queued(name=None if n%3 else f"Lucía {n}", text=f"When does my permit arrive, number {n}? I have been waiting for weeks now", language=["en","es","fr"][n%3], reason=["asked","unsure","failed"][n%3]))
    urgent=await house.queued(name=None, text="i dont want to live anymore", reason="distress")
    page = await _agent(house, chromium, viewport={"width":1366,"height":768})
    for n in range(3):
        await page.get_by_role("button", name="Next").click()
        await page.get_by_label("Your reply").wait_for()
    page_url=page.url
    await page.get_by_label("Your reply").fill("Hello, I am looking into it.\nSecond line")
    await page.get_by_label("Your reply").press("Control+Enter")
    await asyncio.sleep(1)
    await house.say(convs[0], "are you there? parking permit")
    await asyncio.sleep(1.5)
    await page.screenshot(path="/tmp/s1.png")
    await page.get_by_label("Your reply").fill("/park")
    await asyncio.sleep(1)
    await page.screenshot(path="/tmp/s2.png")
    await page.keyboard.press("Enter"); await asyncio.sleep(.3)
    await page.screenshot(path="/tmp/s3.png")
    for w,h in ((900,700),(390,780),(320,640)):
        await page.set_viewport_size({"width":w,"height":h}); await asyncio.sleep(.3)
        await page.screenshot(path=f"/tmp/s_{w}.png")
    await page.set_viewport_size({"width":1366,"height":768})
    await page.goto(house.base+"/console/"); await asyncio.sleep(1)
    await page.screenshot(path="/tmp/s4.png")
    await page.keyboard.press("?"); await asyncio.sleep(.5)
    await page.screenshot(path="/tmp/s5.png")
