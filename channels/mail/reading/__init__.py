"""Parses mails written by strangers. All of this runs in a child process with limits
(channels/mail/reader.py).
"""
