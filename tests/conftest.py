"""What every test may use: one real Temporal server for the whole run, with virtual time."""

from collections.abc import AsyncIterator

import pytest_asyncio

from deploy.server import LocalServer, local_server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def server() -> AsyncIterator[LocalServer]:
    """A server whose namespace and search attributes are ready, started when first asked for."""
    async with local_server(virtual_time=True) as running:
        yield running
