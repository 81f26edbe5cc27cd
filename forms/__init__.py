"""Reads untrusted request bodies within limits: forms, uploads, and the request class that enforces both."""
