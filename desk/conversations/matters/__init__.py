"""One matter in two conversations, and two matters in one."""
