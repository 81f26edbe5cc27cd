"""Alerts of other services (CAP in): read, matched to the city, and made into drafts or banners."""
