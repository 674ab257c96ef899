"""How a Temporal server and its Web UI are configured for one machine.

Everything listens on 127.0.0.1 only; history and visibility are kept in one SQLite file.
"""

import json
import socket
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

HOST = "127.0.0.1"
ROLES = ("frontend", "history", "matching", "worker")
TIME_SKIPPING = "frontend.WorkflowTimeSkippingEnabled"
# The usual budget of 200 skips ends silently in the middle of a year-long case.
SKIPS_PER_SESSION = 1_000_000


@dataclass(frozen=True)
class Ports:
    """The ports of one local server, all of them on 127.0.0.1."""

    grpc: dict[str, int]
    """One a role; the frontend's is the one that clients connect to."""
    membership: dict[str, int]
    http: int
    ui: int

    @property
    def address(self) -> str:
        """host:port of the frontend."""
        return f"{HOST}:{self.grpc['frontend']}"

    @property
    def ui_url(self) -> str:
        """The Web UI's address."""
        return f"http://{HOST}:{self.ui}"


def free_ports(frontend: int = 0, ui: int = 0) -> Ports:
    """Ports that nobody uses now.

    `frontend` and `ui` are the ports that are wished for (0: any); a taken one is replaced.
    """
    with ExitStack() as sockets:
        # All are held until the last is found, so that no two are the same.
        def claim(wish: int) -> int:
            candidate = sockets.enter_context(socket.socket())
            try:
                candidate.bind((HOST, wish))
            except OSError:
                candidate.bind((HOST, 0))
            port: int = candidate.getsockname()[1]
            return port

        return Ports(
            grpc={role: claim(frontend if role == "frontend" else 0) for role in ROLES},
            membership={role: claim(0) for role in ROLES},
            http=claim(0),
            ui=claim(ui),
        )


def dynamic_values(virtual_time: bool) -> dict[str, Any]:
    """Dynamic configuration by key: what a server of a single machine and its tests need.

    `virtual_time` lets a client skip a workflow's waiting time; never in production.
    """
    return {
        TIME_SKIPPING: virtual_time,
        "frontend.WorkflowTimeSkippingMaxSkipPerSession": SKIPS_PER_SESSION,
        # New search attributes count at once instead of when a cache next expires.
        "system.forceSearchAttributesCacheRefreshOnRead": True,
        # A timer fires when it is due, not up to a second later: virtual time waits for each.
        "history.timerProcessorMaxTimeShift": "10ms",
        # A run continued as new begins at once: in virtual time the server would otherwise hold it
        # back for a second, and skip over all that falls due before the run has set its timers.
        **({"history.workflowIdReuseMinimalInterval": "0s"} if virtual_time else {}),
        # One machine, one queue: more partitions only add hops between them.
        "matching.numTaskqueueReadPartitions": 1,
        "matching.numTaskqueueWritePartitions": 1,
        # A rehearsal asks for lists far oftener than a handful of operators do.
        "frontend.namespaceRPS.visibility": 500,
        "frontend.namespaceRPS.namespaceReplicationInducingAPIs": 100,
        "frontend.namespaceRPS": 20_000,
        "frontend.rps": 20_000,
        "frontend.persistenceMaxQPS": 50_000,
        "history.persistenceMaxQPS": 50_000,
        "matching.persistenceMaxQPS": 50_000,
    }


def _store(database: Path, lasting: bool) -> dict[str, Any]:
    return {
        "sql": {
            "pluginName": "sqlite",
            "databaseName": str(database),
            "connectAddr": "localhost",
            "connectProtocol": "tcp",
            "connectAttributes": {
                "mode": "rwc",
                "setup": "true",
                "cache": "private",
                "journal_mode": "wal",
                # A database that is deleted afterwards need not survive a power cut.
                "synchronous": "1" if lasting else "0",
            },
            "maxConns": 1,
            "maxIdleConns": 1,
            "maxConnLifetime": "1h",
        }
    }


def write_server_files(
    folder: Path, *, database: Path, ports: Ports, virtual_time: bool, lasting: bool
) -> Path:
    """Write the server's configuration into `folder` and return the file to start it with.

    `lasting` asks that the database survive the machine's failure, not only the server's end.
    """
    dynamic = folder / "dynamic.yaml"
    values = dynamic_values(virtual_time)
    dynamic.write_text(
        yaml.safe_dump({key: [{"value": value}] for key, value in values.items()}),
        encoding="utf-8",
    )
    services: dict[str, Any] = {
        role: {
            "rpc": {
                "grpcPort": ports.grpc[role],
                "membershipPort": ports.membership[role],
                "bindOnLocalHost": True,
            }
        }
        for role in ROLES
    }
    services["frontend"]["rpc"]["httpPort"] = ports.http
    configuration = {
        "log": {"stdout": True, "level": "warn"},
        "persistence": {
            "defaultStore": "history",
            "visibilityStore": "visibility",
            "numHistoryShards": 1,
            "datastores": {
                "history": _store(database, lasting),
                "visibility": _store(database, lasting),
            },
        },
        "global": {"membership": {"maxJoinDuration": "30s", "broadcastAddress": HOST}},
        "services": services,
        "clusterMetadata": {
            "enableGlobalNamespace": False,
            "failoverVersionIncrement": 10,
            "masterClusterName": "active",
            "currentClusterName": "active",
            "clusterInformation": {
                "active": {
                    "enabled": True,
                    "initialFailoverVersion": 1,
                    "rpcName": "frontend",
                    "rpcAddress": ports.address,
                    "httpAddress": f"{HOST}:{ports.http}",
                }
            },
        },
        "dcRedirectionPolicy": {"policy": "noop"},
        "dynamicConfigClient": {"filepath": str(dynamic), "pollInterval": "60s"},
    }
    file = folder / "server.yaml"
    file.write_text(yaml.safe_dump(configuration, allow_unicode=True), encoding="utf-8")
    return file


def forget_members(database: Path) -> None:
    """Strike out which services ran on this database before.

    They listened on ports that nobody has now; a new server would send work to them for 50
    seconds before it believes that they have gone.
    """
    if not database.exists():
        return
    with closing(sqlite3.connect(database)) as connection, connection:
        present = connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'cluster_membership'"
        ).fetchone()
        if present is not None:
            connection.execute("DELETE FROM cluster_membership")


def write_ui_files(folder: Path, *, ports: Ports, namespace: str) -> tuple[str, ...]:
    """Write the Web UI's configuration and return the arguments to start it with."""
    configuration = {
        "temporalGrpcAddress": ports.address,
        "host": HOST,
        "port": ports.ui,
        "enableUi": True,
        "defaultNamespace": namespace,
        "disableNewsFetch": True,
        "cors": {"cookieInsecure": True, "allowOrigins": [ports.ui_url]},
    }
    home = folder / "ui"
    home.mkdir(exist_ok=True)
    (home / "ui.yaml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    # It joins root and config without looking whether config is absolute.
    return ("--root", str(folder), "--config", "ui", "--env", "ui", "start")


def development_server_arguments(
    program: Path, *, database: Path, ports: Ports, namespace: str, ui: bool, virtual_time: bool
) -> tuple[str, ...]:
    """How to start the Temporal CLI's development server, which takes no file."""
    values = dynamic_values(virtual_time).items()
    dynamic = [f"--dynamic-config-value={key}={json.dumps(value)}" for key, value in values]
    page = [f"--ui-port={ports.ui}"] if ui else ["--headless"]
    return (
        str(program),
        "server",
        "start-dev",
        f"--ip={HOST}",
        f"--port={ports.grpc['frontend']}",
        f"--http-port={ports.http}",
        f"--db-filename={database}",
        f"--namespace={namespace}",
        "--log-level=warn",
        *page,
        *dynamic,
    )
