"""SQL for reports and the live wall."""
