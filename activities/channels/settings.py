"""The channels an office has (reminders.yaml, “channels”): servers, robots, gateways, services.

Nothing secret stands in the file, only where to find it: {env: NAME} or {file: PATH}. What the
directory of a case calls a robot, a webhook or a service is its name here.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from activities.channels.secrets import Authorities, Secret, missing
from case.entries import is_mail_address
from case.faults import Path as Place
from case.kinds import Entry, Text

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z", re.ASCII)
_FIELD = re.compile(r"\{([^{}]*)\}")

SMS_FIELDS = ("phone", "text", "message_id")
"""What the fields of an SMS gateway may be filled with."""

PUBLIC_HOSTS: Mapping[str, str] = {
    "dingtalk": "https://oapi.dingtalk.com",
    "wecom": "https://qyapi.weixin.qq.com",
    "feishu": "https://open.feishu.cn",
}
_ZHEZHENGDING = "https://openplatform-pro.ding.zj.gov.cn"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def _host(value: str) -> str:
    if not _HOST.match(value):
        raise PydanticCustomError("case_host", "应当是主机名或者 IP 地址，不带 http:// 和端口")
    return value


def _address(value: str) -> str:
    if not is_mail_address(value):
        raise PydanticCustomError("case_mail", "不是正确的邮箱地址，如 tixing@example.gov.cn")
    return value


def _url(value: str) -> str:
    # What is wrong is never quoted: an address may hold a token.
    try:
        parts = urlsplit(value)
        sound = (
            parts.scheme in {"http", "https"}
            and _HOST.match(parts.hostname or "") is not None
            and parts.port != 0
            and not re.search(r"\s", value)
        )
    except ValueError:
        sound = False
    if not sound:
        raise PydanticCustomError("case_url", "应当是以 https:// 或者 http:// 开头的网址")
    if parts.username or parts.password:
        raise PydanticCustomError("case_url", "不能带用户名和口令")
    return value


def _origin(value: str) -> str:
    _url(value)
    parts = urlsplit(value)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise PydanticCustomError("case_url", "只写到主机为止，不带路径和参数")
    return value.rstrip("/")


def _text_of_number(value: object) -> object:
    return str(value) if type(value) is int else value


Host = Annotated[Text, AfterValidator(_host)]
MailAddress = Annotated[Text, AfterValidator(_address)]
Url = Annotated[Text, AfterValidator(_url)]
Origin = Annotated[Text, AfterValidator(_origin)]
Number = Annotated[Text, BeforeValidator(_text_of_number)]
Seconds = Annotated[Decimal, Field(gt=0, le=60)]
"""For a whole delivery; much less than after which its process is taken for dead."""
PerMinute = Annotated[int, Field(strict=True, gt=0, le=60_000)]


class Remote(Entry):
    """What all that is reached over the network has."""

    timeout_seconds: Seconds = Field(default=Decimal(10), title="超时（秒）")
    per_minute: PerMinute | None = Field(default=None, title="每分钟条数")
    """How many messages it takes in any sixty seconds."""
    ca_file: Authorities | None = Field(default=None, title="证书文件")


class MailSettings(Remote):
    """The mail server (SMTP) through which letters go."""

    host: Host = Field(title="邮件服务器")
    security: Literal["starttls", "tls", "none"] = Field(default="starttls", title="加密方式")
    port: int | None = Field(default=None, strict=True, gt=0, le=65535, title="端口")
    user: Text | None = Field(default=None, title="用户名")
    password: Secret | None = Field(default=None, title="口令")
    sender: MailAddress = Field(title="发件人邮箱")
    sender_name: Text | None = Field(default=None, title="发件人名称")
    timeout_seconds: Seconds = Field(default=Decimal(60), title="超时（秒）")
    """Two thirds of it are for the answer to the letter itself: once lost, nobody can know."""

    @model_validator(mode="after")
    def _login(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise PydanticCustomError("case_login", "的用户名（user）和口令（password）应当都写")
        if self.password is not None and self.security == "none":
            raise PydanticCustomError(
                "case_login", "不加密（security: none）时不能带口令，口令会以明文传送"
            )
        return self

    @property
    def served_at(self) -> int:
        """The port: as written, else the usual one of the way of encrypting."""
        return self.port or _PORTS[self.security]


class SmsSettings(Remote):
    """A gateway that turns an HTTP call into a short message."""

    url: Url = Field(title="网关网址")
    secret: Secret | None = Field(default=None, title="签名密钥")
    fields: dict[Text, Text] = Field(
        default={"phone": "{phone}", "content": "{text}", "id": "{message_id}"}, title="报文字段"
    )
    """The JSON body: names as the gateway has them; {phone}, {text}, {message_id} are filled in."""
    accepted: dict[Text, Number] = Field(default={}, title="成功回执")
    """What the JSON answer must hold, such as {code: 0}; HTTP 2xx is enough where empty."""
    max_chars: int = Field(default=300, strict=True, ge=30, le=1000, title="最多字数")

    @model_validator(mode="after")
    def _filled(self) -> Self:
        asked = {name for value in self.fields.values() for name in _FIELD.findall(value)}
        allowed = "、".join(f"{{{name}}}" for name in SMS_FIELDS)
        if unknown := sorted(asked - set(SMS_FIELDS)):
            listed = "、".join(f"{{{name}}}" for name in unknown)
            raise PydanticCustomError(
                "case_fields",
                "的报文字段（fields）里没有{listed}，只能用{allowed}",
                {"listed": listed, "allowed": allowed},
            )
        if not {"phone", "text"} <= asked:
            raise PydanticCustomError("case_fields", "的报文字段（fields）里要有{phone}和{text}")
        return self


class ZhezhengdingSettings(Remote):
    """An application on 浙政钉 that may send work notices (工作通知)."""

    host: Origin = Field(default=_ZHEZHENGDING, title="开放平台网址")
    app_key: Text = Field(title="App Key")
    app_secret: Secret = Field(title="App Secret")
    tenant: Number = Field(title="租户编号")
    max_bytes: int = Field(default=2048, strict=True, ge=500, le=20_000, title="最多字节数")
    """UTF-8 bytes that a notice may have; DingTalk's own work notices take 2,048."""


class RobotSettings(Remote):
    """A robot in a group of DingTalk, WeCom or Feishu; of DingTalk on any host, 浙政钉's too."""

    kind: Literal["dingtalk", "wecom", "feishu"] = Field(title="机器人种类")
    host: Origin | None = Field(default=None, title="机器人网址")
    """The public one where it is left out."""
    token: Secret = Field(title="机器人令牌")
    """access_token of DingTalk, key of WeCom, the end of the webhook's address of Feishu."""
    secret: Secret | None = Field(default=None, title="加签密钥")
    keyword: Text | None = Field(default=None, title="关键词")
    """Added to each message that lacks it."""
    per_minute: PerMinute | None = Field(default=20, title="每分钟条数")

    @model_validator(mode="after")
    def _unsigned(self) -> Self:
        if self.kind == "wecom" and self.secret is not None:
            raise PydanticCustomError("case_robot", "是企业微信机器人，没有加签，不能写 secret")
        return self

    @property
    def origin(self) -> str:
        """The host's address: as written, else the public one."""
        return self.host or PUBLIC_HOSTS[self.kind]


class WebhookSettings(Remote):
    """An address of the office's own that takes signed messages."""

    url: Url = Field(title="接收网址")
    secret: Secret = Field(title="签名密钥")


class ServiceSettings(Entry):
    """A service that Apprise knows; its address holds its tokens, so all of it is secret."""

    url: Secret = Field(title="服务网址")
    per_minute: PerMinute | None = Field(default=None, title="每分钟条数")


class ChannelSettings(Entry):
    """All channels; those left out fall to the outbox."""

    email: MailSettings | None = Field(default=None, title="邮件")
    sms: SmsSettings | None = Field(default=None, title="短信")
    zhezhengding: ZhezhengdingSettings | None = Field(default=None, title="浙政钉")
    robots: dict[Text, RobotSettings] = Field(default={}, title="群机器人")
    webhooks: dict[Text, WebhookSettings] = Field(default={}, title="接收网址")
    apprise: dict[Text, ServiceSettings] = Field(default={}, title="其他通知服务")


def missing_secrets(written: object) -> tuple[tuple[Place, str], ...]:
    """Every secret and certificate that cannot be read now: its place, and a Chinese sentence.

    `written` is the section, or its plain values, sound or not. Places begin below it, such as
    ("robots", "鹿城区群", "token").
    """
    return tuple(missing(ChannelSettings, written))
