"""The names of the console's cookies: the session, and the proof that a sign-in form came from us. A known
device's cookie is named and signed by desk/people/devices.py.
"""

SESSION = "civicdesk_agent"
SIGN_IN = "civicdesk_sign_in"
STEP = "civicdesk_step"  # the password was right, the second factor is asked for
PASSKEY = "civicdesk_passkey"  # a challenge was given
PROVIDER = "civicdesk_provider"  # somebody is at the provider's page
DEVICE = "civicdesk_device_"  # the beginning of a name; the rest is desk/people/devices.py's
