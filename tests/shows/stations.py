"""Where a show's people are reached: local receivers of every kind, and the settings for them.

The mail server wants STARTTLS and a login; robots, gateway and 浙政钉 check every signature.
How often a robot may post is left to the sender here: the case's minutes pass in a blink, and a
robot that counts this machine's minutes would turn away what comes in their rhythm.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

import yaml

from case.entries import CaseFile
from deploy.settings import REPOSITORY
from tests.receiving import CERTIFICATE
from tests.receiving.calls import Call, Receiver, Rules
from tests.receiving.gateways import SmsGatewayRules, WebhookRules, WorkNoticeRules
from tests.receiving.mail import MailServer, Received
from tests.receiving.robots import DingTalkRules, WeComRules

SENDER = "tixing@example.gov.cn"
GROUP = "征迁工作群"
"""The DingTalk robot's name."""
LAND_USER_GROUP = "建设中心项目群"
TAX_OFFICE = "税务协同平台"
ACCOUNTS = {"lucheng-chen": "经办人", "lucheng-xia": "负责人"}

_SECRETS = {
    "SHOW_MAIL_PASSWORD": "Tixing-2026-smtp",
    "SHOW_DING_TOKEN": "ding-6f0d1c55a7",
    "SHOW_WECOM_KEY": "wecom-93b2e1f4",
    "SHOW_SMS_SECRET": "sms-41c07be2",
    "SHOW_HOOK_SECRET": "hook-77aa10d9",
    "SHOW_ZZD_SECRET": "zzd-2be95c31",
}
_DING_SECRET = "SEC0c9a5f3b7e21"
"""The one that is kept in a file."""

Place = tuple[str, str]
"""Kind of channel, and address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A message as its receiver has it."""

    kind: str
    address: str
    """The receiver's: who it is to, or which robot it came by."""
    message_id: str
    """Empty where this kind of receiver is not told it."""
    text: str
    """All of it that can be read, subject included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stations:
    """All receivers, listening."""

    mail: MailServer
    dingtalk: Receiver
    wecom: Receiver
    sms: Receiver
    zhezhengding: Receiver
    webhook: Receiver
    secrets: Path
    """The folder of the secret that is kept in a file."""

    @property
    def called(self) -> Mapping[str, Receiver]:
        """Those that take HTTP calls, by kind of channel."""
        kinds = ("dingtalk", "wecom", "sms", "zhezhengding", "webhook")
        return {kind: getattr(self, kind) for kind in kinds}

    @property
    def channels(self) -> dict[str, Any]:
        """The section `channels` of a reminders.yaml that leads here."""
        return {
            "email": {
                "host": "127.0.0.1",
                "port": self.mail.port,
                "security": "starttls",
                "user": "tixing",
                "password": {"env": "SHOW_MAIL_PASSWORD"},
                "sender": SENDER,
                "sender_name": "征地期限提醒",
                "ca_file": str(CERTIFICATE),
            },
            "sms": {
                "url": f"{self.sms.origin}/send",
                "secret": {"env": "SHOW_SMS_SECRET"},
                "accepted": {"code": 0},
            },
            "zhezhengding": {
                "host": self.zhezhengding.origin,
                "app_key": "zhengdi-tixing",
                "app_secret": {"env": "SHOW_ZZD_SECRET"},
                "tenant": "330300",
            },
            "robots": {
                GROUP: {
                    "kind": "dingtalk",
                    "host": self.dingtalk.origin,
                    "token": {"env": "SHOW_DING_TOKEN"},
                    "secret": {"file": str(self.secrets / "dingtalk-secret")},
                },
                LAND_USER_GROUP: {
                    "kind": "wecom",
                    "host": self.wecom.origin,
                    "token": {"env": "SHOW_WECOM_KEY"},
                },
            },
            "webhooks": {
                TAX_OFFICE: {
                    "url": f"{self.webhook.origin}/notices",
                    "secret": {"env": "SHOW_HOOK_SECRET"},
                },
            },
        }

    def arrived(self) -> tuple[Arrived, ...]:
        """Everything that was taken, by kind of channel, in the order in which it came."""
        letters = tuple(map(_letter, self.mail.mailbox))
        calls = (
            _READ[kind](call) for kind, receiver in self.called.items() for call in receiver.taken
        )
        return (*letters, *calls)

    def turned_away(self) -> int:
        """How many calls were not taken: a wrong signature is one."""
        return sum(len(each.calls) - len(each.taken) for each in self.called.values())


@contextmanager
def stations(folder: Path) -> Iterator[Stations]:
    """Receivers for as long as the block runs, their secrets in the environment and in `folder`."""
    (folder / "dingtalk-secret").write_text(_DING_SECRET + "\n", encoding="utf-8")
    rules: dict[str, Rules] = {
        "dingtalk": DingTalkRules(_SECRETS["SHOW_DING_TOKEN"], _DING_SECRET, per_minute=None),
        "wecom": WeComRules(_SECRETS["SHOW_WECOM_KEY"], per_minute=None),
        "sms": SmsGatewayRules(_SECRETS["SHOW_SMS_SECRET"]),
        "zhezhengding": WorkNoticeRules(
            "zhengdi-tixing", _SECRETS["SHOW_ZZD_SECRET"], "330300", ACCOUNTS
        ),
        "webhook": WebhookRules(_SECRETS["SHOW_HOOK_SECRET"]),
    }
    mail = MailServer("starttls", users={"tixing": _SECRETS["SHOW_MAIL_PASSWORD"]})
    before = {name: os.environ.get(name) for name in _SECRETS}
    os.environ.update(_SECRETS)
    try:
        with ExitStack() as open_:
            listening = {kind: open_.enter_context(Receiver(rule)) for kind, rule in rules.items()}
            yield Stations(mail=open_.enter_context(mail), secrets=folder, **listening)
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def furnish(office: Path, **settings: Any) -> None:
    """An office's folder: the prices of the examples, and a reminders.yaml with these settings."""
    office.mkdir(parents=True, exist_ok=True)
    copyfile(REPOSITORY / "examples" / "office" / "prices.yaml", office / "prices.yaml")
    text = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False)
    (office / "reminders.yaml").write_text(text, encoding="utf-8")


def readdressed(
    file: CaseFile,
    places: Mapping[tuple[str, str], tuple[Place, ...]],
    groups: Mapping[str, str] | None = None,
) -> CaseFile:
    """The case with its people reached elsewhere, checked as a case file is.

    `places` by unit and role, the first before its stand-bys; who is not in it stays in the outbox.
    `groups` are told beside a unit's 经办人: DingTalk robots by unit.
    """
    dumped = file.model_dump(by_alias=True)
    for person in dumped["directory"]:
        if found := places.get((person["unit"], person["role"])):
            first, *others = ({"kind": kind, "address": address} for kind, address in found)
            person["channel"], person["fallback"] = first, others
    dumped["directory"] = [
        *dumped["directory"],
        *(
            {
                "unit": unit,
                "role": "经办人",
                "name": robot,
                "channel": {"kind": "dingtalk", "address": robot},
            }
            for unit, robot in (groups or {}).items()
        ),
    ]
    return CaseFile.model_validate(dumped)


def identity_of(received: Received) -> str:
    """The message's identity, from a letter's Message-ID."""
    return str(received.letter["Message-ID"]).strip("<>").partition("@")[0]


def _letter(received: Received) -> Arrived:
    letter = received.letter
    return Arrived(
        kind="email",
        address=received.recipient,
        message_id=identity_of(received),
        text=f"{letter['Subject']}\n\n{received.text}",
    )


def _ding(call: Call) -> Arrived:
    text = call.json["text"]["content"]
    return Arrived(kind="dingtalk", address=GROUP, message_id=call.json["msgUuid"], text=text)


def _wecom(call: Call) -> Arrived:
    # A long text goes as "markdown".
    text = call.json[call.json["msgtype"]]["content"]
    return Arrived(kind="wecom", address=LAND_USER_GROUP, message_id="", text=text)


def _sms(call: Call) -> Arrived:
    said = call.json
    return Arrived(kind="sms", address=said["phone"], message_id=said["id"], text=said["content"])


def _notice(call: Call) -> Arrived:
    form = call.form
    return Arrived(
        kind="zhezhengding",
        address=form["receiverIds"],
        message_id=form["bizMsgId"],
        text=json.loads(form["msg"])["text"]["content"],
    )


def _hook(call: Call) -> Arrived:
    said = call.json
    return Arrived(
        kind="webhook",
        address=TAX_OFFICE,
        message_id=said["message_id"],
        text=f"{said['subject']}\n\n{said['text']}",
    )


_READ = {
    "dingtalk": _ding,
    "wecom": _wecom,
    "sms": _sms,
    "zhezhengding": _notice,
    "webhook": _hook,
}
