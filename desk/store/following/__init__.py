"""Requests whose status is followed: those that were filed here, and those that citizens follow."""
