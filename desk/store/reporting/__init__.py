"""Statements that reports and the live wall read by."""
