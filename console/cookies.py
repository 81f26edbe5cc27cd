"""The names of the console's cookies: the session, and the proof that a sign-in form came from us. A known
device's cookie is named and signed by desk/people/devices.py.
"""

SESSION = "civicdesk_agent"
SIGN_IN = "civicdesk_sign_in"
