"""Starts one Temporal server, of whichever kind, on ports that are free."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.configuration import (
    Ports,
    development_server_arguments,
    forget_members,
    free_ports,
    write_server_files,
    write_ui_files,
)
from deploy.guarded import Command, Guarded
from deploy.programs import DevelopmentServer, Programs

# The server may take half a minute to leave in good order; its database survives being killed.
STOP_SECONDS = 3.0
USUAL_PORT = 7233
USUAL_UI_PORT = 8233


@dataclass(frozen=True)
class Started:
    """A server that has been started and may not be ready yet."""

    ports: Ports
    programs: Guarded
    log: Path


@dataclass(frozen=True)
class Launch:
    """What to start, and how."""

    programs: Programs
    namespace: str
    data: Path | None
    """The folder of a database that lasts; None for one that is deleted with the server."""
    ui: bool
    virtual_time: bool

    def start(self) -> Started:
        """Start it: on its usual ports where the database lasts and they are free."""
        lasting = self.data is not None
        folder = self.data or Path(tempfile.mkdtemp(prefix="land-acquisition-"))
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / "server.log"
        log.unlink(missing_ok=True)
        ports = free_ports(USUAL_PORT, USUAL_UI_PORT) if lasting else free_ports()
        running = Guarded(
            self._commands(folder, ports),
            log=log,
            # A database that is thrown away need not be closed in good order.
            grace=STOP_SECONDS if lasting else 0,
            discard=() if lasting else (folder,),
        )
        return Started(ports, running, log)

    def _commands(self, folder: Path, ports: Ports) -> list[Command]:
        database = folder / "temporal.db"
        if isinstance(self.programs, DevelopmentServer):
            arguments = development_server_arguments(
                self.programs.program,
                database=database,
                ports=ports,
                namespace=self.namespace,
                ui=self.ui,
                virtual_time=self.virtual_time,
            )
            return [Command(arguments, folder)]
        forget_members(database)
        file = write_server_files(
            folder,
            database=database,
            ports=ports,
            virtual_time=self.virtual_time,
            lasting=self.data is not None,
        )
        server = str(self.programs.server)
        commands = [
            Command((server, "--config-file", str(file), "--allow-no-auth", "start"), folder)
        ]
        if self.ui:
            page = write_ui_files(folder, ports=ports, namespace=self.namespace)
            commands.append(Command((str(self.programs.ui), *page), folder))
        return commands


def port_was_taken(log: Path) -> bool:
    """Whether the server says that somebody else listens on one of its ports."""
    try:
        said = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "address already in use" in said
