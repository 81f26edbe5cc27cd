"""The gateway of tests/gateway."""

from tests.gateway.conftest import citizen, gateway

__all__ = ["citizen", "gateway"]
