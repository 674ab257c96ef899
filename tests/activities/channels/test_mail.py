"""E-mail through a real mail server: what arrives, and what each way of failing means."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from activities.channels.channel import Unavailable
from activities.channels.mail import Mail
from activities.channels.settings import MailSettings
from activities.telling.trying import Policy
from tests.activities.channels.samples import (
    FAST,
    IMPATIENT,
    SECRETS,
    SOON,
    TEXT,
    closed_port,
    full_port,
    message,
    outcome,
)
from tests.receiving import CERTIFICATE
from tests.receiving.mail import AfterData, MailServer

ZHANG = "zhang@nanhui.example.gov.cn"
SENDER = "tixing@bureau.example.gov.cn"
PASSWORD = SECRETS["TEST_PASSWORD"]


@pytest.fixture(scope="module")
def plain() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def server(plain: MailServer) -> MailServer:
    """A running server without letters and switches."""
    plain.mailbox.clear()
    plain.after_data.clear()
    plain.busy = plain.dribbling = False
    plain.unknown, plain.full, plain.unwelcome = set(), set(), set()
    return plain


def mail(port: int, **changes: Any) -> Mail:
    """The channel to a server on this machine."""
    entries = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": SENDER,
        "sender_name": "征地期限提醒",
        "timeout_seconds": FAST,
        **changes,
    }
    clock = lambda: datetime(2026, 11, 30, 0, 31, tzinfo=UTC)  # noqa: E731
    return Mail(MailSettings.model_validate(entries), clock)


def test_the_letter_arrives_as_it_was_written(server: MailServer) -> None:
    receipt = mail(server.port).deliver(message(), ZHANG, repeated=False)
    (received,) = server.mailbox
    assert receipt == "250 2.0.0 queued as 000001"
    assert (received.sender, received.recipient) == (SENDER, ZHANG)
    assert received.text == TEXT
    letter = received.letter
    assert letter["Subject"] == message().subject
    assert letter["From"] == f"征地期限提醒 <{SENDER}>"
    assert letter["To"] == ZHANG
    assert letter["Date"] == "Mon, 30 Nov 2026 08:31:00 +0800"
    assert letter["Message-ID"] == f"<{message().message_id}@bureau.example.gov.cn>"
    assert letter["Auto-Submitted"] == "auto-generated"


def test_the_html_shows_the_same_lines(server: MailServer) -> None:
    mail(server.port).deliver(message(text="甲 <b>&乙\n截止：今日\n"), ZHANG, repeated=False)
    page = server.mailbox[0].letter.get_body(("html",))
    assert page is not None
    shown = page.get_content()
    assert ">甲 &lt;b&gt;&amp;乙</div>" in shown
    assert "><b>截止：</b>今日</div>" in shown


def test_what_goes_over_the_line_is_ascii_in_short_lines(server: MailServer) -> None:
    mail(server.port).deliver(message(subject="征" * 300), ZHANG, repeated=False)
    (received,) = server.mailbox
    assert received.raw.isascii()
    lines = received.raw.split(b"\r\n")
    assert max(map(len, lines)) < 120
    assert max(len(line) for line in lines if b"=?utf-8?" in line) <= 78
    assert received.letter["Subject"] == "征" * 300


def test_a_repeat_says_so_and_keeps_its_identity(server: MailServer) -> None:
    channel = mail(server.port)
    channel.deliver(message(), ZHANG, repeated=False)
    channel.deliver(message(), ZHANG, repeated=True)
    first, second = (received.letter for received in server.mailbox)
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"] == first["Subject"] + "（可能重复）"
    assert server.mailbox[1].text.startswith("（可能重复：此前发送过一次")
    assert channel.knows(message(), ZHANG) is None


def _busy(server: MailServer) -> None:
    server.busy = True


def _unknown(server: MailServer) -> None:
    server.unknown = {ZHANG}


def _full(server: MailServer) -> None:
    server.full = {ZHANG}


def _unwelcome(server: MailServer) -> None:
    server.unwelcome = {SENDER}


def _after(trouble: AfterData) -> Callable[[MailServer], None]:
    return lambda server: server.after_data.append(trouble)


@pytest.mark.parametrize(
    ("befalls", "named", "kept"),
    [
        (_busy, "Unavailable", 0),
        (_unknown, "Refused", 0),
        (_full, "Unavailable", 0),
        (_unwelcome, "Unavailable", 0),
        (_after(AfterData.BUSY), "Unavailable", 0),
        (_after(AfterData.REFUSE), "Refused", 0),
        (_after(AfterData.KEEP_AND_DROP), "Uncertain", 1),
        (_after(AfterData.LOSE_AND_DROP), "Uncertain", 0),
        (_after(AfterData.KEEP_AND_MUMBLE), "Uncertain", 1),
    ],
)
def test_what_befalls_a_letter_is_told_truly(
    server: MailServer, befalls: Callable[[MailServer], None], named: str, kept: int
) -> None:
    befalls(server)
    assert outcome(mail(server.port), ZHANG) == named
    assert len(server.mailbox) == kept


@pytest.mark.parametrize("trouble", [AfterData.KEEP_AND_HANG, AfterData.KEEP_AND_DRIBBLE])
def test_an_answer_that_does_not_come_leaves_it_uncertain(
    server: MailServer, trouble: AfterData
) -> None:
    server.after_data.append(trouble)
    begun = time.monotonic()
    assert outcome(mail(server.port, timeout_seconds=SOON), ZHANG) == "Uncertain"
    assert time.monotonic() - begun < FAST
    assert len(server.mailbox) == 1


def test_a_server_that_never_comes_to_the_letter_is_unavailable_in_time(
    server: MailServer,
) -> None:
    server.dribbling = True
    begun = time.monotonic()
    with pytest.raises(Unavailable, match="超时"):
        mail(server.port, timeout_seconds=SOON).deliver(message(), ZHANG, repeated=False)
    assert time.monotonic() - begun < FAST
    assert server.mailbox == []


def test_a_delivery_is_over_long_before_its_process_is_taken_for_dead() -> None:
    entries = {"host": "m.cn", "sender": SENDER}
    longest = MailSettings.model_validate(entries | {"timeout_seconds": 60}).timeout_seconds
    assert timedelta(seconds=float(2 * longest)) < Policy().in_flight
    with pytest.raises(ValidationError):
        MailSettings.model_validate(entries | {"timeout_seconds": 61})


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with closed_port() as port:
        assert outcome(mail(port), ZHANG) == "Unavailable"
    with full_port() as port:
        assert outcome(mail(port, timeout_seconds=IMPATIENT), ZHANG) == "Unavailable"


def test_a_server_that_comes_back_delivers_again(server: MailServer) -> None:
    channel = mail(server.port)
    server.close()
    assert outcome(channel, ZHANG) == "Unavailable"
    server.open()
    assert outcome(channel, ZHANG) == "delivered"


@pytest.mark.parametrize(
    "address",
    ["", "zhang", "zhang@", "a@b c", "a@b.cn\r\nRCPT TO:<x@y.cn>", "张@b.cn", "a@b.cn,c@d.cn"],
)
def test_what_is_no_mail_address_is_refused_before_any_connection(address: str) -> None:
    with closed_port() as port:
        assert outcome(mail(port), address) == "Refused"


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, "delivered"),
        ({"ca_file": None}, "Unavailable"),
        ({"host": "localhost"}, "delivered"),
        ({"user": "nobody"}, "Unavailable"),
        ({"user": None, "password": None}, "Unavailable"),
    ],
)
def test_encrypted_and_logged_in(security: str, changes: dict[str, Any], named: str) -> None:
    entries = {
        "security": security,
        "user": "tixing",
        "password": {"env": "TEST_PASSWORD"},
        "ca_file": str(CERTIFICATE),
        **changes,
    }
    with MailServer(security, {"tixing": PASSWORD}) as server:
        assert outcome(mail(server.port, **entries), ZHANG) == named
        assert [received.encrypted for received in server.mailbox] == [True] * (
            named == "delivered"
        )


def test_a_wrong_password_is_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_OTHER", "falsch")
    entries = {"user": "tixing", "password": {"env": "TEST_OTHER"}, "ca_file": str(CERTIFICATE)}
    with MailServer("starttls", {"tixing": PASSWORD}) as server:
        channel = mail(server.port, security="starttls", **entries)
        with pytest.raises(Exception, match="不认发件账号的用户名或者口令（回执535）"):
            channel.deliver(message(), ZHANG, repeated=False)


def test_a_password_that_cannot_be_sent_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_OTHER", "口令")
    entries = {"user": "tixing", "password": {"env": "TEST_OTHER"}, "ca_file": str(CERTIFICATE)}
    with MailServer("starttls", {"tixing": PASSWORD}) as server:
        assert outcome(mail(server.port, security="starttls", **entries), ZHANG) == "Unavailable"


def test_a_server_without_starttls_gets_nothing(server: MailServer) -> None:
    channel = mail(server.port, security="starttls")
    with pytest.raises(Exception, match="没有以明文发送"):
        channel.deliver(message(), ZHANG, repeated=False)
    assert server.mailbox == []
