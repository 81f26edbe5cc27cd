"""Who sent a webhook: Twilio's signature, which covers our own address."""

import hashlib
from collections.abc import Callable

import pytest
from twilio.request_validator import RequestValidator

from channels.base import (
    NotAuthentic,
    Webhook,
)
from channels.kit.setup import InboxError
from tests.support.twilio_side import FORM, SMS, TOKEN, URL, channel, fixture, post

# Who posts


def test_what_twilio_signs_is_accepted() -> None:
    SMS.verify(post(fixture("text")))
    SMS.verify(post(fixture("photos_without_body")))


@pytest.mark.parametrize("theirs", [URL, URL.replace("example", "example:443")])
@pytest.mark.parametrize("ours", [URL, URL.replace("example", "example:443")])
def test_the_port_may_be_signed_or_not(ours: str, theirs: str) -> None:
    signed = post(fixture("text"), url=theirs)
    SMS.verify(Webhook(signed.headers, signed.body, url=ours))


def test_a_port_of_our_own_may_be_signed_or_not() -> None:
    for theirs in ("https://desk.example:8443/webhooks/sms", "https://desk.example/webhooks/sms"):
        signed = post(fixture("text"), url=theirs)
        SMS.verify(Webhook(signed.headers, signed.body, url="https://desk.example:8443/webhooks/sms"))


def test_a_name_given_twice_is_signed_twice() -> None:
    body = b"MessageSid=SM1&a=2&a=1&a=2&b="
    text = URL + "MessageSid" + "SM1" + "a1" + "a2" + "b"
    signature = RequestValidator(TOKEN).compute_signature(text, None)
    SMS.verify(Webhook({"x-twilio-signature": signature, "content-type": FORM}, body, url=URL))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: Webhook({**good.headers, "x-twilio-signature": ""}, good.body, url=good.url),
        lambda good: Webhook({"content-type": FORM}, good.body, url=good.url),
        lambda good: Webhook(good.headers, good.body + b"&Body=more", url=good.url),
        lambda good: Webhook(good.headers, good.body, url=good.url + "?x=1"),
        lambda good: Webhook(good.headers, good.body, url=good.url.replace("desk", "evil")),
        lambda good: Webhook({**good.headers, "content-type": "text/plain"}, good.body, url=good.url),
        lambda good: Webhook({**good.headers, "x-twilio-signature": "ü" * 28}, good.body, url=good.url),
        lambda good: Webhook(good.headers, "Body=ü".encode(), url=good.url),
        lambda good: Webhook(good.headers, b"a=1&" * 2_000, url=good.url),
        lambda good: post(fixture("text"), token="another-token"),
    ],
)
def test_a_forged_post_is_refused(spoil: Callable[[Webhook], Webhook]) -> None:
    """Rasa's connector checks no signature at all: a forged form gets an answer."""
    good = post(fixture("text"))
    SMS.verify(good)
    with pytest.raises(NotAuthentic):
        SMS.verify(spoil(good))


def test_a_shared_key_signs_with_sha_256_and_the_token_cannot_pass_for_it() -> None:
    shared = "the-shared-key"
    settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"
    fields = fixture("text")
    signature = RequestValidator(shared).compute_signature(URL, fields, "HMAC_SHA256")
    signed = post(
        fields,
        **{"x-twilio-signature": signature, "x-twilio-webhooks-signature-settings": settings},
    )
    channel(signing_key=shared).verify(signed)
    channel(signing_key=shared).verify(post(fields))  # while both kinds are on their way
    for inbox in (SMS, channel(signing_key="another")):
        with pytest.raises(NotAuthentic):
            inbox.verify(signed)
    for weaker in ("key=k,algorithm=HMAC_MD5", "key=k,algorithm=HMAC_SHA1", "key=k,algorithm=none"):
        forged = post(fields, **{"x-twilio-webhooks-signature-settings": weaker})
        with pytest.raises(NotAuthentic):
            channel(signing_key=shared).verify(forged)


def test_a_body_that_is_no_form_is_authenticated_by_its_hash() -> None:
    body = b'{"a": 1}'

    def signed(content: bytes, hashed: bytes) -> Webhook:
        url = f"{URL}?bodySHA256={hashlib.sha256(hashed).hexdigest()}"
        signature = RequestValidator(TOKEN).compute_signature(url, None)
        headers = {"x-twilio-signature": signature, "content-type": "application/json"}
        return Webhook(headers, content, url=url)

    good = signed(body, body)
    assert RequestValidator(TOKEN).validate(good.url, body.decode(), good.headers["x-twilio-signature"])
    SMS.verify(good)
    assert [one.kind for one in SMS.parse(good)] == ["ignored"]
    with pytest.raises(NotAuthentic):
        SMS.verify(signed(b'{"a": 2}', body))
    bare = RequestValidator(TOKEN).compute_signature(URL, None)
    with pytest.raises(NotAuthentic):
        SMS.verify(Webhook({"x-twilio-signature": bare, "content-type": "application/json"}, body, url=URL))


def test_without_a_secret_nothing_starts() -> None:
    with pytest.raises(ValueError, match="secret"):
        channel(auth_token="")
    with pytest.raises(InboxError, match="number"):
        channel(number="")
