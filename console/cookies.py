"""The names of the console's cookies: the session, and the proof that a sign-in form came from us. A known
device's cookie is named and signed by desk/people/devices.py.
"""

from uuid import UUID

from sanic import Request

from forms.cookies import Cookies

SESSION = "civicdesk_agent"
SIGN_IN = "civicdesk_sign_in"
STEP = "civicdesk_step"  # the password was right, the second factor is asked for
PASSKEY = "civicdesk_passkey"  # a challenge was given
PROVIDER = "civicdesk_provider"  # somebody is at the provider's page
PUSH = "civicdesk_push"  # the id of this browser's entry in the list of devices that get notices; it opens nothing
DEVICE = "civicdesk_device_"  # the beginning of a name; the rest is desk/people/devices.py's


def device_of(cookies: Cookies, request: Request) -> UUID | None:
    """This browser's entry in the list of devices that get notices, as its cookie says."""
    try:
        return UUID(cookies.read(request, PUSH) or "")
    except ValueError:
        return None
