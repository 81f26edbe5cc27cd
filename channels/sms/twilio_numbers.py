"""Checks the Twilio account of an inbox and the webhook of its number.

Source: twilio.com/docs/phone-numbers/api/incomingphonenumber-resource, /docs/iam/api/account.
"""

from collections.abc import Mapping

from channels.base import Finding, RetryLater
from channels.kit.calls import Calls, ProviderResponse

VERSION = "/2010-04-01"


class TwilioNumbers:
    """Checks one account and its number. Raises nothing: every problem becomes a finding."""

    def __init__(self, calls: Calls, sid: str, number: str, service: str) -> None:
        self._calls = calls
        self._account = f"{VERSION}/Accounts/{sid}"
        self._number = number
        self._service = service

    async def check(self, webhook_url: str) -> list[Finding]:
        """The account, then the number's webhook."""
        try:
            answer = await self._calls.get(f"{self._account}.json")
            found = [_account(answer)]
            if not found[0].fine:
                return found
            return [*found, await self._webhook(webhook_url)]
        except RetryLater as error:
            return [_away(error)]

    async def register(self, webhook_url: str) -> list[Finding]:
        """Set the number's webhook to our address. A messaging service's webhook is set in Twilio's console."""
        if not self._number:
            return [self._by_hand(webhook_url)]
        try:
            number = await self._find()
            if number is None:
                return [self._missing()]
            answer = await self._calls.post(
                f"{self._account}/IncomingPhoneNumbers/{number.get('sid')}.json",
                form=[("SmsUrl", webhook_url), ("SmsMethod", "POST")],
            )
        except RetryLater as error:
            return [_away(error)]
        if not answer.fine:
            return [
                Finding("webhook", False, f"Twilio answered {answer.status}. Set it by hand: {webhook_url}")
            ]
        return [Finding(f"webhook of {self._number}: {webhook_url}", True)]

    async def _webhook(self, webhook_url: str) -> Finding:
        if not self._number:
            return self._by_hand(webhook_url)
        number = await self._find()
        if number is None:
            return self._missing()
        capabilities = number.get("capabilities")
        if isinstance(capabilities, Mapping) and capabilities.get("sms") is False:
            return Finding(f"number {self._number}", False, "This number sends no SMS. Choose another one.")
        url, method = number.get("sms_url"), number.get("sms_method")
        if url != webhook_url or method != "POST":
            return Finding(
                f"webhook of {self._number}",
                False,
                f"Twilio posts elsewhere. Register it, or set 'A message comes in' to POST {webhook_url}",
            )
        return Finding(f"webhook of {self._number}", True)

    async def _find(self) -> Mapping[str, object] | None:
        answer = await self._calls.get(
            f"{self._account}/IncomingPhoneNumbers.json", [("PhoneNumber", self._number)]
        )
        answer.raise_if_busy()
        numbers = answer.fields.get("incoming_phone_numbers")
        for number in numbers if isinstance(numbers, list) else []:
            # The query also matches parts of numbers.
            if isinstance(number, dict) and number.get("phone_number") == self._number:
                return number
        return None

    def _missing(self) -> Finding:
        return Finding(
            f"number {self._number}", False, "This account has no such number. Check it in Twilio's console."
        )

    def _by_hand(self, webhook_url: str) -> Finding:
        return Finding(
            f"webhook of the messaging service {self._service}",
            False,
            "It cannot be looked at from here. In Twilio's console, under the service's Integration, "
            f"choose 'Send a webhook' with {webhook_url}",
        )


def _account(answer: ProviderResponse) -> Finding:
    if answer.status in (401, 403, 404):
        return Finding(
            "account and token", False, "Twilio refuses them. Copy account_sid and auth_token again."
        )
    if not answer.fine:
        return Finding("account", False, f"Twilio answered {answer.status}. Try again in a few minutes.")
    status = answer.fields.get("status")
    if status != "active":
        return Finding("account", False, f"The account is {status}. Mend that in Twilio's console.")
    return Finding("account and token", True)


def _away(error: RetryLater) -> Finding:
    return Finding("Twilio's API", False, f"{str(error).capitalize()}. Check the network and try again.")
