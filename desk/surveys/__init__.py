"""Asking citizens how satisfied they are, once, after an agent resolved their conversation."""
