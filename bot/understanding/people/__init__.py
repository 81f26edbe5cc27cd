"""Recognises messages that ask for a person, or in which somebody is in danger."""
