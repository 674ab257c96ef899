"""A real mail server (SMTP) on 127.0.0.1 that keeps its letters and fails on demand."""

import asyncio
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from enum import Enum, auto
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult

from tests.receiving import CERTIFICATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A letter as it came in: envelope, bytes, and whether the line was encrypted."""

    at: datetime
    sender: str
    recipient: str
    raw: bytes
    encrypted: bool

    @property
    def letter(self) -> EmailMessage:
        """The letter as a mail program reads it."""
        return message_from_bytes(self.raw, policy=default)

    @property
    def text(self) -> str:
        """Its plain text."""
        part = self.letter.get_body(("plain",))
        assert part is not None
        return cast(str, part.get_content()).replace("\r\n", "\n")


class AfterData(Enum):
    """What happens once a letter has come in whole, in place of a proper answer."""

    KEEP_AND_DROP = auto()
    LOSE_AND_DROP = auto()
    KEEP_AND_HANG = auto()
    KEEP_AND_DRIBBLE = auto()
    """An answer of ever more lines that does not end."""
    KEEP_AND_MUMBLE = auto()
    """An answer that means nothing."""
    BUSY = auto()
    REFUSE = auto()


KEPT = frozenset(each for each in AfterData if each.name.startswith("KEEP"))


class MailServer:
    """Use it in a with statement. Its switches may be set while it runs."""

    def __init__(self, security: str = "none", users: Mapping[str, str] | None = None) -> None:
        """`security` as in the settings: none, starttls or tls. `users`: passwords by name."""
        self.mailbox: list[Received] = []
        self.busy = False
        """Answer every letter with 451 before it is sent."""
        self.unknown: set[str] = set()
        """Recipients refused for good (550)."""
        self.full: set[str] = set()
        """Recipients refused for now (452)."""
        self.unwelcome: set[str] = set()
        """Senders refused (553)."""
        self.dribbling = False
        """Answer senders with ever more lines, without an end."""
        self.after_data: list[AfterData] = []
        """For the next letters, one each."""
        self.port = 0
        self._security = security
        self._users = users
        self._loop = asyncio.new_event_loop()
        self._released = asyncio.Event()
        self._listening: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._loop.call_soon_threadsafe(self._released.set)
        asyncio.run_coroutine_threadsafe(self._finished(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def open(self) -> None:
        """Listen (again), on the same port as before."""
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)
        self._listening = listening
        self.port = listening.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Take no connections until opened again."""
        if self._listening is not None:
            self._loop.call_soon_threadsafe(self._listening.close)
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop).result(5)
            self._listening = None

    async def _listen(self) -> asyncio.Server:
        encrypt = _encryption() if self._security == "tls" else None
        return await self._loop.create_server(self._serving, "127.0.0.1", self.port, ssl=encrypt)

    async def _finished(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _serving(self) -> SMTP:
        starttls = self._security == "starttls"
        return SMTP(
            self,
            hostname="localhost",
            loop=self._loop,
            tls_context=_encryption() if starttls else None,
            require_starttls=starttls,
            # It counts only STARTTLS as encrypted, not a line that is so from its beginning.
            auth_require_tls=self._security != "tls",
            authenticator=self._authenticated,
            auth_required=self._users is not None,
        )

    def _authenticated(self, server: Any, session: Any, envelope: Any, how: str, who: Any) -> Any:
        known = (self._users or {}).get(who.login.decode())
        right = known is not None and known == who.password.decode()
        # By "handled" it would be for this method to answer the refusal.
        return AuthResult(success=right, handled=right)

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Aiosmtpd's hook for the sender."""
        if self.dribbling:
            await self._dribble(server)
        if self.busy:
            return "451 4.7.1 come back later"
        if address in self.unwelcome:
            return f"553 5.1.8 not you, {address}"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Aiosmtpd's hook for a recipient."""
        if address in self.unknown:
            return f"550 5.1.1 no {address} here"
        if address in self.full:
            return f"452 4.2.2 {address} is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Aiosmtpd's hook for the letter."""
        trouble = self.after_data.pop(0) if self.after_data else None
        if trouble is None or trouble in KEPT:
            encrypted = server.transport.get_extra_info("sslcontext") is not None
            self.mailbox += [
                Received(
                    at=datetime.now(UTC),
                    sender=envelope.mail_from,
                    recipient=recipient,
                    raw=envelope.original_content,
                    encrypted=encrypted,
                )
                for recipient in envelope.rcpt_tos
            ]
        match trouble:
            case AfterData.KEEP_AND_DROP | AfterData.LOSE_AND_DROP:
                server.transport.abort()
            case AfterData.KEEP_AND_HANG:
                await self._released.wait()
            case AfterData.KEEP_AND_DRIBBLE:
                await self._dribble(server)
            case AfterData.KEEP_AND_MUMBLE:
                return "354 well then"
            case AfterData.BUSY:
                return "451 4.3.0 try again"
            case AfterData.REFUSE:
                return "554 5.7.1 looks like spam"
        return f"250 2.0.0 queued as {len(self.mailbox):06}"

    async def _dribble(self, server: Any) -> None:
        while not (self._released.is_set() or server.transport.is_closing()):
            server.transport.write(b"250-and more\r\n")
            await asyncio.sleep(0.01)


def _encryption() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context
