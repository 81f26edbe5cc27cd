"""A photo is scaled down and its location data removed; a place is shared or refused."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.support.browser import NewPage
from tests.support.widget import message, open_chat, violations, write
from tests.web.fake_gateway import FakeGateway


def _photo(folder: Path, size: tuple[int, int] = (3000, 1500)) -> Path:
    file = folder / "street.jpg"
    exif = Image.Exif()
    exif[0x010E] = "taken at home"  # ImageDescription
    Image.effect_noise(size, 40).convert("RGB").save(file, exif=exif)
    return file


async def _choose(page: Page, file: Path) -> None:
    async with page.expect_file_chooser() as waiting:
        await page.get_by_role("button", name="Add a photo").click()
    await (await waiting.value).set_files(file)


async def test_photo_is_made_smaller_and_sent_with_words(
    gateway: FakeGateway, new_page: NewPage, tmp_path: Path
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    await _choose(page, _photo(tmp_path))
    await expect(panel.get_by_text("Photo added.")).to_be_visible()
    kind, body = next(iter(gateway.contact.media.values()))
    sent = Image.open(io.BytesIO(body))
    assert (kind, sent.size) == ("image/jpeg", (2048, 1024))
    assert b"taken at home" not in body
    await write(page, "The hole is this deep")
    line = message(page, "The hole is this deep")
    await expect(line).to_contain_text("Sent")
    await expect(line.get_by_role("img", name="Photo you sent")).to_be_visible()
    await expect(panel.get_by_text("Photo added.")).to_be_hidden()
    (message_body,) = gateway.contact.accepted.values()
    assert message_body["media"] == list(gateway.contact.media)
    await page.reload()
    await open_chat(page)
    picture = line.get_by_role("img", name="Photo you sent")
    await expect(picture).to_be_visible()
    await page.wait_for_function(
        "(picture) => picture.querySelector('canvas')?.width === 640", arg=await picture.element_handle()
    )


async def test_a_broken_line_costs_one_part_and_no_second_one(
    gateway: FakeGateway, new_page: NewPage, tmp_path: Path
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    gateway.lose_uploads = 2
    await _choose(page, _photo(tmp_path))
    await expect(panel.get_by_text("Photo added.")).to_be_visible()
    ((_, body),) = gateway.contact.media.values()
    assert Image.open(io.BytesIO(body)).size == (2048, 1024)
    assert len(gateway.parts) > 2 and sum(length for _, _, length in gateway.parts) == len(body)
    assert max(length for _, _, length in gateway.parts) <= 256 * 1024


async def test_photo_that_comes_pushes_nothing_out_of_sight(
    gateway: FakeGateway, new_page: NewPage, tmp_path: Path
) -> None:
    page = await new_page(viewport={"width": 480, "height": 640})
    panel = await open_chat(page)
    await _choose(page, _photo(tmp_path))
    await expect(panel.get_by_text("Photo added.")).to_be_visible()
    await write(page, "Mine")
    await expect(message(page, "Mine")).to_contain_text("Sent")
    for number in range(6):
        await gateway.say(f"Line {number}\n\nand more of it")
        await expect(
            message(page, f"Line {number}")
        ).to_be_visible()  # what comes together is shown from its beginning
    (photo,) = gateway.contact.media
    shown: dict[str, Any] = {"attachments": [{"id": photo, "content_type": "image/jpeg", "alt": "A form"}]}
    await gateway.say("Here is ours.", author="agent", buttons=[{"id": "b", "title": "Thank you"}], **shown)
    picture = message(page, "Here is ours.").get_by_role("img", name="A form")
    await page.wait_for_function(
        "(picture) => picture.querySelector('canvas')?.width === 640", arg=await picture.element_handle()
    )
    await expect(panel.get_by_role("button", name="Thank you")).to_be_in_viewport(ratio=1)


async def test_an_agents_photo_is_shown_with_what_it_shows(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page()
    await open_chat(page)
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40).convert("RGB").save(out, "JPEG")
    await write(page, "Where is the stop now?")
    await gateway.heard()
    photos: list[dict[str, Any]] = [{"id": "p1", "content_type": "image/jpeg", "alt": "A map of the new stop"}, {"id": "p2", "content_type": "image/jpeg", "alt": None}]  # fmt: skip
    gateway.contact.media |= {one["id"]: ("image/jpeg", out.getvalue()) for one in photos}
    await gateway.say("It moved here.", author="agent", agent_name="Ana", attachments=photos)
    line = message(page, "It moved here.")
    await expect(line.get_by_role("img", name="A map of the new stop")).to_be_visible()
    await expect(line.get_by_role("img", name="Photo", exact=True)).to_be_visible()


async def test_file_that_is_no_photo_gets_a_sentence(
    gateway: FakeGateway, new_page: NewPage, tmp_path: Path
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    for name in ("letter.doc", "broken.jpg"):
        file = tmp_path / name
        file.write_bytes(b"%PDF-1.7 not a photo")
        await _choose(page, file)
        await expect(panel.get_by_text("We cannot read this file.")).to_be_visible()
        await page.get_by_label("Your message").press("x")
        await expect(panel.get_by_text("We cannot read this file.")).to_be_hidden()
    assert gateway.contacts == {}


async def test_a_pdf_is_sent_as_it_is_and_comes_back_as_a_download(
    gateway: FakeGateway, new_page: NewPage, tmp_path: Path
) -> None:
    page = await new_page()
    panel = await open_chat(page)
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.7\n" + b"x" * 40_000 + b"\n%%EOF")
    await _choose(page, file)
    await expect(panel.get_by_text("PDF added.")).to_be_visible()
    await expect(panel.get_by_role("button", name="Remove the PDF")).to_be_visible()
    assert await violations(page) == []
    assert list(gateway.contact.media.values()) == [("application/pdf", file.read_bytes())]
    await write(page, "My landlord's letter")
    line = message(page, "My landlord's letter")
    await expect(line).to_contain_text("Sent")
    await page.reload()
    await open_chat(page)
    requests = len(gateway.requests)
    async with page.expect_download() as waiting:
        await line.get_by_role("button", name="PDF document (download)").click()
    saved = await waiting.value
    assert saved.suggested_filename == "document.pdf"
    assert (await saved.path()).read_bytes() == file.read_bytes()
    assert sum("media/" in one for one in gateway.requests[requests:]) == 1, "loaded when it is wanted"
    await expect(line.locator("canvas")).to_have_count(0)

    gateway.limits["photo_bytes"] = 1024 * 1024
    await page.reload()
    await open_chat(page)
    file.write_bytes(b"%PDF-1.7\n" + b"x" * 1_100_000)
    await _choose(page, file)
    await expect(panel.get_by_text("This PDF is too large. Please choose one under 1 MB.")).to_be_visible()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (413, "This photo is too large. Please choose one under 10 MB."),
        (415, "We cannot read this file."),
        (503, "The photo could not be uploaded. Your text is kept."),
    ],
)
async def test_refused_photo_gets_a_sentence_and_keeps_the_text(
    gateway: FakeGateway, new_page: NewPage, tmp_path: Path, status: int, sentence: str
) -> None:
    gateway.refuse["POST media"] = (status, "")
    page = await new_page()
    panel = await open_chat(page)
    await page.get_by_label("Your message").fill("A hole")
    await _choose(page, _photo(tmp_path, (400, 300)))
    await expect(panel.get_by_text(sentence)).to_be_visible()
    await expect(page.get_by_label("Your message")).to_have_value("A hole")
    assert gateway.contact.log == []


async def test_shared_place_is_sent(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page(
        permissions=["geolocation"], geolocation={"latitude": 40.7128, "longitude": -74.0061}
    )
    await open_chat(page)
    await page.get_by_role("button", name="Share my location").click()
    await page.get_by_role("button", name="Use my position").click()
    await expect(message(page, "My location")).to_contain_text("40.71280, -74.00610")
    await gateway.heard()
    (body,) = gateway.contact.accepted.values()
    assert body["location"] == {"latitude": 40.7128, "longitude": -74.0061}


async def test_refused_place_asks_for_the_address(gateway: FakeGateway, new_page: NewPage) -> None:
    page = await new_page(permissions=[])
    panel = await open_chat(page)
    await page.get_by_role("button", name="Share my location").click()
    await page.get_by_role("button", name="Use my position").click()
    await expect(panel.get_by_text("Please type the address, for example: 12 Market Street.")).to_be_visible()
    await expect(page.get_by_label("Your message")).to_be_focused()
    assert gateway.contacts == {}


async def test_an_address_is_found_by_its_first_letters_and_shown_before_it_is_sent(
    gateway: FakeGateway, new_page: NewPage
) -> None:
    page = await new_page(viewport={"width": 320, "height": 720})
    panel = await open_chat(page)
    share = page.get_by_role("button", name="Share my location")
    await share.click()
    field = page.get_by_label("Street and number of the place")
    await expect(field).to_be_focused()
    await field.fill("nowhere")
    await expect(panel.get_by_text("No address of the city begins like this.")).to_be_visible()
    await field.fill("12 har")
    await expect(page.get_by_role("button", name="12 Harbour Street")).to_be_visible()
    assert await violations(page) == []
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(panel.get_by_text("Is this the place? 12 Harbour Street")).to_be_visible()
    await expect(page.get_by_role("button", name="Send this address")).to_be_focused()
    assert gateway.contacts == {}
    await page.keyboard.press("Enter")
    await expect(message(page, "12 Harbour Street")).to_contain_text("Sent")
    await expect(share).to_be_focused()
    await share.click()
    await page.keyboard.press("Escape")
    await expect(field).to_be_hidden()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_a_map_stands_beside_the_address_where_the_city_has_one(
    gateway: FakeGateway, new_page: NewPage, shots: Path
) -> None:
    gateway.map_credit = "Map: City of Lindenport"
    page = await new_page(viewport={"width": 320, "height": 720})
    panel = await open_chat(page)
    await page.get_by_role("button", name="Share my location").click()
    await page.get_by_label("Street and number of the place").fill("12 harbour")
    picture = panel.get_by_role("img", name="Map of the surroundings of 12 Harbour Street")
    await expect(picture).to_be_hidden()
    await page.get_by_role("button", name="12 Harbour Street").click()
    await expect(picture).to_be_visible()
    await expect(panel.get_by_text("Map: City of Lindenport")).to_be_visible()
    await page.get_by_role("button", name="Send this address").scroll_into_view_if_needed()
    await page.screenshot(path=shots / "map.png")
    assert await violations(page) == []
    # 480 px of the map around the place, and the place in the middle of it.
    pixel = "(canvas) => [...canvas.getContext('2d').getImageData(240, 94, 1, 1).data.slice(0, 3)]"
    assert await picture.evaluate(pixel) == [168, 35, 27]
    assert await picture.evaluate(pixel.replace("240, 94", "2, 2")) == [200, 220, 200]

    await page.get_by_role("button", name="Another address").click()
    await expect(picture).to_be_hidden()
    await page.route("**/chat/v1/tiles/**", lambda route: route.abort())
    await page.get_by_label("Street and number of the place").fill("12 harbour")
    await page.get_by_role("button", name="12 Harbour Street").click()
    await expect(page.get_by_role("button", name="Send this address")).to_be_focused()
    await expect(picture).to_be_hidden()  # the address says it all
