"""The bot process: understanding and dialogue inside Rasa 3.6 on Python 3.10. The request format is in bot/turn/request.py."""

from bot.kernels import choose

choose()  # before any module of ours imports numpy
