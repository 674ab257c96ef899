"""Both examples played once for the whole run of the tests; many tests look at the result."""

from pathlib import Path

import pytest
import pytest_asyncio

from deploy.server import LocalServer
from tests.workflows.playing import Played, play


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def one_village(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """examples/one-village.yaml, undisturbed."""
    return await play(server, "one-village", folder(tmp_path_factory, "one-village"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def three_villages(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """examples/three-villages.yaml, undisturbed."""
    return await play(server, "three-villages", folder(tmp_path_factory, "three-villages"))


def folder(factory: pytest.TempPathFactory, name: str) -> Path:
    return factory.mktemp(name)
