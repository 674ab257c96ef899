"""Where this installation finds its Temporal server, its registry, its outbox, its own papers.

One object, read from the environment. While `make dev` runs, what is not set there is taken from
the note it leaves (`var/dev.json`), so that a command in another terminal finds the same server.
"""

import os
import sys
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

REPOSITORY = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("LAND_VAR") or REPOSITORY / "var")
"""What this installation writes, apart from what the settings place elsewhere."""
DEV_NOTE = VAR / "dev.json"


class DevNote(BaseModel):
    """What `make dev` tells the other terminals while it runs."""

    model_config = ConfigDict(frozen=True)

    pid: int
    address: str
    namespace: str
    ui: str | None
    registry: str
    outbox: str
    office: str | None = None

    def write(self) -> None:
        """Leave the note whole or not at all: a reader never sees half of it."""
        path = DEV_NOTE
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{self.pid}")
        draft.write_text(self.model_dump_json(indent=1), encoding="utf-8")
        draft.replace(path)

    @classmethod
    def read(cls) -> "DevNote | None":
        """The note of a `make dev` that still runs; None when there is none."""
        try:
            note = cls.model_validate_json(DEV_NOTE.read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            return None
        return note if _is_running(note.pid) else None


def _is_running(pid: int) -> bool:
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class _RunningDevServer(PydanticBaseSettingsSource):
    """Settings from `make dev`'s note, silent when an address is given in the environment."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        if os.environ.get("TEMPORAL_ADDRESS"):
            return {}
        note = DevNote.read()
        if note is None:
            return {}
        found = {
            "temporal_address": note.address,
            "namespace": note.namespace,
            "registry_url": note.registry,
            "outbox": note.outbox,
            "office": note.office,
            "ui_url": note.ui,
        }
        return {name: value for name, value in found.items() if value is not None}


class Settings(BaseSettings):
    """Every choice an installation makes, each an environment variable.

    TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE go by Temporal's own names; the others are LAND_ and
    the field's name in capitals (LAND_TASK_QUEUE, LAND_REGISTRY_URL, LAND_OUTBOX, LAND_OFFICE,
    LAND_FEEDS, LAND_METRICS, LAND_UI_URL, LAND_VIRTUAL_TIME, LAND_OFFLINE). LAND_VAR moves the
    folder in which the defaults lie.
    """

    model_config = SettingsConfigDict(
        env_prefix="LAND_",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    temporal_address: str = Field("127.0.0.1:7233", validation_alias="TEMPORAL_ADDRESS")
    """host:port of the Temporal frontend."""
    namespace: str = Field("land-acquisition", validation_alias="TEMPORAL_NAMESPACE")
    task_queue: str = "land-acquisition"
    registry_url: str = f"sqlite:///{VAR / 'registry.db'}"
    """SQLAlchemy address of the registry."""
    outbox: Path = VAR / "outbox"
    """The folder into which reminders are written, one readable file each."""
    office: Path = VAR / "office"
    """The folder of what the office itself maintains: adopted holiday papers, prices."""
    feeds: Path = VAR / "feeds"
    """The folder of the calendar feeds (.ics), one a township, district and the bureau."""
    metrics: str | None = None
    """host:port on which the worker shows its metrics to Prometheus; None for nowhere."""
    ui_url: str | None = None
    """The Web UI's address, for the links that commands print."""
    virtual_time: bool = False
    """Whether the server of `make dev` lets a client skip a workflow's waiting time."""
    offline: bool = False
    """Never look for anything outside this machine: no probe, no download."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is passed in, then the environment, then a running `make dev`."""
        return init_settings, env_settings, _RunningDevServer(settings_cls)

    def environment(self) -> dict[str, str]:
        """The variables by which another process finds the same installation.

        What is not set is said to be empty, so that nothing is taken from around it.
        """
        return {
            "TEMPORAL_ADDRESS": self.temporal_address,
            "TEMPORAL_NAMESPACE": self.namespace,
            "LAND_TASK_QUEUE": self.task_queue,
            "LAND_REGISTRY_URL": self.registry_url,
            "LAND_OUTBOX": str(self.outbox),
            "LAND_OFFICE": str(self.office),
            "LAND_FEEDS": str(self.feeds),
            "LAND_METRICS": self.metrics or "",
            "LAND_UI_URL": self.ui_url or "",
        }

    def ui_link(self, workflow_id: str) -> str | None:
        """The Web UI's page of one case; None where no UI is known."""
        if self.ui_url is None:
            return None
        return f"{self.ui_url.rstrip('/')}/namespaces/{self.namespace}/workflows/{workflow_id}"


def load() -> Settings:
    """The settings as they stand now: the environment, else a running `make dev`, else defaults."""
    return Settings()
