"""Request bodies from strangers, read within limits: forms, uploads, and the request class that enforces both."""
