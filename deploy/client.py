"""The one way to connect to the Temporal server, with the project's data converter."""

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime

from deploy.settings import Settings

DATA_CONVERTER = pydantic_data_converter
"""How arguments and results are written: pydantic's JSON."""


async def connect(settings: Settings, runtime: Runtime | None = None) -> Client:
    """A client of the settings' server, on the usual runtime or on that of a worker with metrics.

    Raises RuntimeError where nobody answers."""
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.namespace,
        data_converter=DATA_CONVERTER,
        runtime=runtime,
    )
