"""The training report: one page of text, and the same with plots under var/reports/."""
