"""The bot process: understanding and dialogue inside Rasa 3.6 on Python 3.10. DESIGN section 4 is its contract."""
