"""Each platform's citizen, on the product that all end-to-end tests share."""

import pytest

from tests.e2e.channels.platform import Platform
from tests.e2e.channels.platforms import PLATFORMS
from tests.e2e.product import Product


@pytest.fixture(params=[one.channel for one in PLATFORMS])
def phone(request: pytest.FixtureRequest, product: Product) -> Platform:
    return product.platforms[request.param]
