"""Builds what sends notices, for the worker."""

from city import City
from desk.model import Clock
from desk.push.contacts import ContactPush
from desk.push.delivery import PushDelivery
from desk.push.keys import PushKeys
from desk.push.services import PushServices
from desk.settings import DeskSettings
from desk.store.pool import Store


def build_push(
    store: Store, city: City, settings: DeskSettings, clock: Clock
) -> dict[str, PushDelivery | ContactPush]:
    """Build what sends notices to agents' devices and to citizens' browsers, by the names of their tasks."""
    keys = PushKeys(settings.secret.get_secret_value().encode(), str(settings.public_url).rstrip("/"))
    services = PushServices(settings.push_hosts, settings.private_hosts)
    return {
        "push": PushDelivery(store, city, keys, services, clock),
        "contact_push": ContactPush(store, keys, services, clock),
    }
