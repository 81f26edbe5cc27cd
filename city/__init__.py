"""The jurisdiction: city.yml and the catalogue of services, read once at start and never changed."""

from city.errors import CityError
from city.loader import load_city
from city.model import BackendConfig, City, InboxConfig, Team, TemplateConfig

__all__ = ["BackendConfig", "City", "CityError", "InboxConfig", "Team", "TemplateConfig", "load_city"]
