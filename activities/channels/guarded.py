"""HTTP calls whose connections a deadline can cut, at whatever point they are.

They are guarded from when they stand, before anything is encrypted or sent on them.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from activities.channels.deadline import Deadline

_deadline: ContextVar[Deadline] = ContextVar("deadline")


@contextmanager
def session(deadline: Deadline) -> Iterator[requests.Session]:
    """A session for calls of this thread within the deadline."""
    before = _deadline.set(deadline)
    try:
        with requests.Session() as made:
            for scheme in ("http://", "https://"):
                made.mount(scheme, _Guarding())
            yield made
    finally:
        _deadline.reset(before)


def _guarded(connected: socket.socket) -> socket.socket:
    _deadline.get().guard(connected)
    return connected


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _guarded(super()._new_conn())


class _Encrypted(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _guarded(super()._new_conn())


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted


class _Guarding(HTTPAdapter):
    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        super().init_poolmanager(*given, **more)
        _let_guard(self.poolmanager)

    def proxy_manager_for(self, proxy: Any, **more: Any) -> PoolManager:
        manager: PoolManager = super().proxy_manager_for(proxy, **more)
        _let_guard(manager)
        return manager


def _let_guard(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
