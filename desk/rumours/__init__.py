"""Rumours: what citizens ask "is it true that …?" about, editors' verdicts, and telling whoever asked."""
