"""What happened, in numbers: facts of conversations, figures made from them, staffing, and the live wall."""
