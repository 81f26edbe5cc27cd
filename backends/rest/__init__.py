"""Registers: permits, licences, benefits, fines and taxes, read from any JSON service by a mapping in city.yml."""
