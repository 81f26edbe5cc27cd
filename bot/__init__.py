"""The bot process: understanding and dialogue inside Rasa 3.6 on Python 3.10. bot/turn/request.py reads what it is asked."""
