"""E-mail over IMAP and SMTP."""
