"""`python -m bench.mail_quotes`: how well replies and forwards are separated from quoted text, and the written cases."""
