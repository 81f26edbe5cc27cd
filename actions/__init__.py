"""Rasa custom actions: they read back ends, decide, and return what the desk should do.

Actions never change the world. They return replies and directives; the desk
carries them out in the transaction of the turn, so that a turn that runs twice files once.
"""
