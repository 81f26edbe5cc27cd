"""`python -m bench.mail_quotes`: how well replies and forwards are told from what they quote, and the written cases."""
