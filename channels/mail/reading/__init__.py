"""Reading a mail that a stranger wrote. All of this runs in a child process with limits (channels/mail/reader.py)."""
