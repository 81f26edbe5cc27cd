"""Records: exports on request, redaction, and legal holds."""
