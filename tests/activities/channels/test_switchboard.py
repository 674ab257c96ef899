"""Which channel an address stands for, and that nothing of a channel shows its secrets."""

from pathlib import Path

import pytest

from activities.channels.apprise_services import AppriseService
from activities.channels.channel import Channel
from activities.channels.dingtalk import DingTalkRobot
from activities.channels.feishu import FeishuRobot
from activities.channels.mail import Mail
from activities.channels.outbox import Outbox
from activities.channels.settings import ChannelSettings
from activities.channels.sms import ShortMessages
from activities.channels.switchboard import Switchboard
from activities.channels.webhook import Webhook
from activities.channels.wecom import WeComRobot
from activities.channels.zhezhengding import WorkNotices
from activities.office.unusable import SettingsUnusable
from activities.telling.message import Address
from tests.activities.channels.samples import SECRETS, settings

TOKEN, SECRET = {"env": "TEST_TOKEN"}, {"env": "TEST_SECRET"}


def everything(monkeypatch: pytest.MonkeyPatch) -> ChannelSettings:
    """Settings with one channel of every kind."""
    monkeypatch.setenv("TEST_SERVICE", f"json://127.0.0.1:1/{SECRETS['TEST_TOKEN']}")
    password = {"env": "TEST_PASSWORD"}
    return settings(
        email={"host": "m.cn", "sender": "a@b.cn", "user": "x", "password": password},
        sms={"url": "https://x.cn", "secret": SECRET},
        zhezhengding={"app_key": "a", "app_secret": SECRET, "tenant": "1"},
        robots={
            "甲": {"kind": "dingtalk", "token": TOKEN, "secret": SECRET},
            "乙": {"kind": "wecom", "token": TOKEN},
            "丙": {"kind": "feishu", "token": TOKEN, "secret": SECRET},
        },
        webhooks={"丁": {"url": "https://x.cn", "secret": SECRET}},
        apprise={"戊": {"url": {"env": "TEST_SERVICE"}}},
    )


@pytest.mark.parametrize(
    ("kind", "name", "made"),
    [
        ("email", "zhang@b.cn", Mail),
        ("sms", "13800000000", ShortMessages),
        ("zhezhengding", "1234567", WorkNotices),
        ("dingtalk", "甲", DingTalkRobot),
        ("wecom", "乙", WeComRobot),
        ("feishu", "丙", FeishuRobot),
        ("webhook", "丁", Webhook),
        ("apprise", "戊", AppriseService),
        ("outbox", "张三的桌上", Outbox),
    ],
)
def test_an_address_has_the_channel_of_its_kind_and_name(
    kind: str, name: str, made: type[Channel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = Switchboard.of(everything(monkeypatch), tmp_path)
    address = Address(kind=kind, address=name)
    channel = board.channel(address)
    assert type(channel) is made
    assert board.configured(address)
    assert not [each for each in SECRETS.values() if each in repr(channel) + repr(board)]


@pytest.mark.parametrize(
    ("kind", "name"), [("dingtalk", "乙"), ("dingtalk", "己"), ("webhook", "甲"), ("fax", "甲")]
)
def test_what_is_not_set_up_has_no_channel(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = Switchboard.of(everything(monkeypatch), tmp_path)
    address = Address(kind=kind, address=name)
    assert not board.configured(address)
    with pytest.raises(LookupError, match=kind):
        board.channel(address)


def test_a_limit_is_the_servers_not_the_addressees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    board = Switchboard.of(everything(monkeypatch), tmp_path)
    lines = [
        board.line(Address(kind=kind, address=address))
        for kind in ("email", "dingtalk")
        for address in ("甲", "己")
    ]
    assert lines == [("email", ""), ("email", ""), ("dingtalk", "甲"), ("dingtalk", "己")]


def test_every_secret_that_is_missing_is_named(tmp_path: Path) -> None:
    nowhere = {"env": "TEST_NONE"}
    wrong = settings(
        robots={"甲": {"kind": "wecom", "token": nowhere}},
        apprise={"戊": {"url": nowhere}},
    )
    with pytest.raises(SettingsUnusable) as raised:
        Switchboard.of(wrong, tmp_path)
    assert raised.value.faults == (
        "reminders.yaml channels.robots.甲.token：没有设置环境变量“TEST_NONE”",
        "reminders.yaml channels.apprise.戊.url：没有设置环境变量“TEST_NONE”",
    )


def test_a_service_that_apprise_does_not_know_is_named_without_its_address(
    tmp_path: Path,
) -> None:
    with pytest.raises(SettingsUnusable) as raised:
        Switchboard.of(settings(apprise={"戊": {"url": TOKEN}}), tmp_path)
    assert raised.value.faults == (
        "reminders.yaml channels.apprise.戊：服务网址（url）不是 Apprise 认识的写法",
    )
