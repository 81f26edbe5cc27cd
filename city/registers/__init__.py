"""Registers in city.yml: systems where permits, licences, benefits, fines and taxes are kept. Read-only."""
