"""The bot process: understanding and dialogue inside Rasa 3.6 on Python 3.10. The request format is in bot/turn/request.py."""
