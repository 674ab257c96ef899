"""E-mail (邮件) through the office's own mail server: SMTP with STARTTLS, with TLS, or plain.

A letter keeps its Message-ID over repeats, so that mail programs show it once.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from typing import Any

from activities.channels.channel import NotDelivered, Refused, Unavailable, Uncertain
from activities.channels.deadline import Deadline
from activities.channels.settings import MailSettings
from activities.channels.wording import subject_of, text_of
from activities.telling.message import Message
from case.entries import is_mail_address
from law import SHANGHAI

_LABEL = re.compile(r"\A([^：\s]{1,8}：)(?=.)")
"""What a line begins with where it says what it is about, such as 截止：."""
_SOMEONE = re.compile(r"\S+@\S+")
_STYLE = "font-family:sans-serif;font-size:15px;line-height:1.7;color:#1a1a1a"


def _now() -> datetime:
    return datetime.now(UTC)


class Mail:
    """The mail server of the office. An address is a mail address."""

    def __init__(self, settings: MailSettings, clock: Callable[[], datetime] = _now) -> None:
        """Raises SecretUnreadable. `clock` gives the letters' date."""
        self.per_minute = settings.per_minute
        self._settings = settings
        self._password = settings.password.reveal() if settings.password else None
        self._domain = settings.sender.rpartition("@")[2]
        self._clock = clock

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Hand the letter to the mail server; its answer. Raises NotDelivered."""
        if not is_mail_address(address):
            raise Refused("收件人的邮箱地址写法不对")
        letter = self.letter(message, address, repeated=repeated).as_bytes()
        outcome = self._hand_over(address, letter)
        if isinstance(outcome, NotDelivered):
            raise outcome
        return outcome

    def knows(self, message: Message, address: str) -> bool | None:
        """None: a mail server does not say what it has taken before."""
        return None

    def letter(self, message: Message, address: str, *, repeated: bool) -> EmailMessage:
        """The message as a mail program shows it, in plain text and the same lines as HTML."""
        letter = EmailMessage(policy=SMTP)
        letter["Subject"] = subject_of(message, repeated=repeated)
        letter["From"] = Address(
            display_name=self._settings.sender_name or "", addr_spec=self._settings.sender
        )
        letter["To"] = address
        letter["Date"] = format_datetime(self._clock().astimezone(SHANGHAI))
        letter["Message-ID"] = f"<{message.message_id}@{self._domain}>"
        # So that out-of-office programs do not answer a machine (RFC 3834).
        letter["Auto-Submitted"] = "auto-generated"
        text = text_of(message, repeated=repeated)
        letter.set_content(text + "\n", charset="utf-8", cte="base64")
        letter.add_alternative(_page(text), subtype="html", charset="utf-8", cte="base64")
        return letter

    def _hand_over(self, address: str, letter: bytes) -> str | NotDelivered:
        seconds = float(self._settings.timeout_seconds)
        # Nothing is lost where the time is up before the letter goes out; all is open after it.
        before, after = Deadline(seconds / 3), Deadline(seconds * 2 / 3)
        gone_out = False
        server: _Server | None = None
        try:
            server = _Server(before, self._trust(), self._settings.security, self._domain)
            with before:
                self._meet(server)
                if refusal := self._announced(server, address):
                    return refusal
            with after:
                server.guarded_by(after)
                gone_out = True
                # No line of it begins with a full stop to be doubled: base64 has none.
                server.send(letter + b".\r\n")
                code, said = server.getreply()
                with suppress(OSError):
                    server.quit()
        except (OSError, ValueError) as error:
            if gone_out:
                return Uncertain("邮件已经发出，没有回执，不知道邮件服务器是否收下")
            return _unsent(TimeoutError() if before.over else error)
        finally:
            if server is not None:
                server.close()
        return _answered(code, said)

    def _meet(self, server: "_Server") -> None:
        """Connect, encrypt and log in as the settings want it."""
        settings = self._settings
        code, said = server.connect(settings.host, settings.served_at)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        if settings.security == "starttls":
            server.starttls(context=server.trust)
        if settings.user is not None and self._password is not None:
            server.login(settings.user, self._password)
        else:
            server.ehlo_or_helo_if_needed()

    def _trust(self) -> ssl.SSLContext:
        own = self._settings.ca_file
        return ssl.create_default_context(cafile=own.root if own else None)

    def _announced(self, server: smtplib.SMTP, address: str) -> NotDelivered | None:
        """Name sender and recipient and ask to send; why the server will not have it."""
        code, _ = server.mail(self._settings.sender)
        if code >= 400:
            # Not the recipient's fault: once the sender's address is put right, it will work.
            return Unavailable(f"邮件服务器不接受发件人地址（回执{code}）")
        code, _ = server.rcpt(address)
        if code >= 400:
            return _failed(code, "邮件服务器不接受这个收件人")
        code, _ = server.docmd("data")
        if code != 354:
            return _failed(code, "邮件服务器不收这封邮件")
        return None


class _Server(smtplib.SMTP):
    """A mail server whose connection the deadlines can cut; not connected when it is made."""

    def __init__(
        self, deadline: Deadline, trust: ssl.SSLContext, security: str, local_hostname: str
    ) -> None:
        # By its own way smtplib would look up this machine's name, which can take its time.
        super().__init__(local_hostname=local_hostname)
        self.trust = trust
        self._deadline = deadline
        self._security = security

    def connect(
        self, host: str = "", port: int = 0, source_address: Any = None
    ) -> tuple[int, bytes]:
        # smtplib itself knows the host's name, by which certificates are checked, only where it
        # connects while it is being made.
        self._host = host
        return super().connect(host, port, source_address)

    def _get_socket(self, host: str, port: int, timeout: object) -> socket.socket:
        connected = socket.create_connection((host, port), self._deadline.left)
        self._deadline.guard(connected)
        if self._security != "tls":
            return connected
        return self.trust.wrap_socket(connected, server_hostname=host)

    def guarded_by(self, deadline: Deadline) -> None:
        """From here on another deadline counts. Raises OSError where there is no connection."""
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is gone")
        deadline.guard(self.sock)
        self.sock.settimeout(deadline.left)


def _answered(code: int, said: bytes) -> str | NotDelivered:
    """The answer to the whole letter: only a clean refusal leaves no doubt."""
    if 200 <= code < 300:
        return _SOMEONE.sub("…", f"{code} {said.decode(errors='replace')}")[:120]
    if 400 <= code < 600:
        return _failed(code, "邮件服务器不收这封邮件")
    return Uncertain("邮件服务器的回执看不懂，不知道是否收下")


def _failed(code: int, what: str) -> NotDelivered:
    said = f"{what}（回执{code}）"
    return Refused(said) if 500 <= code < 600 else Unavailable(said)


def _unsent(error: Exception) -> Unavailable:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Unavailable(f"邮件服务器不认发件账号的用户名或者口令（回执{error.smtp_code}）")
    if isinstance(error, smtplib.SMTPResponseException):
        return Unavailable(f"邮件服务器暂时不受理（回执{error.smtp_code}）")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Unavailable("与邮件服务器的连接中断")
    if isinstance(error, smtplib.SMTPException):
        return Unavailable("邮件服务器不支持所设的加密或者登录方式，没有以明文发送")
    if isinstance(error, ssl.SSLError):
        return Unavailable("与邮件服务器的加密连接建立不了，证书不受信任或者加密方式不对")
    if isinstance(error, UnicodeError):
        return Unavailable("邮件账号的用户名和口令只能用英文字母、数字和符号")
    if isinstance(error, TimeoutError):
        return Unavailable("连接邮件服务器超时")
    return Unavailable("连不上邮件服务器")


def _page(text: str) -> str:
    marked = (_LABEL.sub(r"<b>\1</b>", escape(line)) for line in text.splitlines())
    lines = "\n".join(f'<div style="min-height:1em">{line}</div>' for line in marked)
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8"></head>\n'
        f'<body style="{_STYLE}">\n{lines}\n</body></html>\n'
    )
