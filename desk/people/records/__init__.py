"""Records: what is given out on request, what is taken out, and what must stay."""
