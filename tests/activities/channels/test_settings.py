"""The section “channels” of the office's file: every fault at once, in Chinese, without secrets."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from activities.channels.secrets import Secret, SecretUnreadable
from activities.channels.settings import ChannelSettings, missing_secrets
from case.faults import place_of
from case.reading import structural_faults
from case.source import read
from tests.receiving import CERTIFICATE

SOUND = f"""
email:
  host: mail.example.gov.cn
  user: tixing
  password: {{env: TEST_PASSWORD}}
  sender: tixing@example.gov.cn
  ca_file: {CERTIFICATE}
  timeout_seconds: 7.5
  per_minute: 60
sms:
  url: https://sms.example.gov.cn/send
  fields: {{mobile: "{{phone}}", msg: "【温州】{{text}}"}}
  accepted: {{code: 0}}
zhezhengding:
  app_key: tixing-1
  app_secret: {{env: TEST_SECRET}}
  tenant: 196729
robots:
  南汇群: {{kind: dingtalk, token: {{env: TEST_TOKEN}}, secret: {{env: TEST_SECRET}}}}
  专有钉: {{kind: dingtalk, host: "https://ding.example.gov.cn", token: {{env: TEST_TOKEN}}}}
  企微群: {{kind: wecom, token: {{env: TEST_TOKEN}}}}
webhooks:
  督办系统: {{url: "https://duban.example.gov.cn/in", secret: {{env: TEST_SECRET}}}}
apprise:
  市局: {{url: {{env: TEST_TOKEN}}}}
"""


def faults(text: str) -> dict[str, str]:
    """What is wrong with a section: the sentences by place."""
    source = read(text)
    try:
        ChannelSettings.model_validate(source.content)
    except ValidationError as error:
        found = structural_faults(source, error, ChannelSettings)
        assert all(fault.line for fault in found)
        return {fault.place: fault.sentence for fault in found}
    return {}


def test_a_section_as_an_office_would_write_it() -> None:
    settings = ChannelSettings.model_validate(read(SOUND).content)
    assert missing_secrets(read(SOUND).content) == ()
    assert settings.email is not None
    assert settings.email.served_at == 587
    assert settings.robots["南汇群"].origin == "https://oapi.dingtalk.com"
    assert settings.robots["专有钉"].origin == "https://ding.example.gov.cn"
    assert settings.robots["企微群"].per_minute == 20
    assert settings.zhezhengding is not None
    assert settings.zhezhengding.tenant == "196729"


def test_nothing_need_be_configured() -> None:
    assert ChannelSettings.model_validate({}) == ChannelSettings()


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_port_follows_the_encryption(security: str, port: int) -> None:
    entries = {"host": "m.cn", "sender": "a@b.cn", "security": security}
    settings = ChannelSettings.model_validate({"email": entries})
    assert settings.email is not None
    assert settings.email.served_at == port


def test_all_faults_at_once_in_chinese() -> None:
    assert faults("""
email:
  host: https://mail.example.gov.cn
  security: ssl
  port: 0
  password: geheim
  sender: 张三
robots:
  甲: {kind: qq, token: geheim}
  乙: {kind: wecom, token: {env: "geheim!"}, host: "oapi.dingtalk.com"}
  丙: {kind: wecom, token: {env: A}, secret: {env: B}}
  丁: {kind: feishu, token: {env: A, file: /b}}
webhooks:
  甲: {url: "https://me:geheim@example.gov.cn", secret: {file: geheim.txt}}
sms: {url: "https://x.cn", fields: {a: "{handy}", b: "{text}"}}
zhezhengding: {app_key: a, app_secret: {}, tenant: "1", host: "https://x.cn/path"}
fax: {}
""") == {
        "email.host": "“邮件服务器”应当是主机名或者 IP 地址，不带 http:// 和端口",
        "email.security": "“ssl”不在可选范围内，“加密方式”只能是starttls、tls、none",
        "email.port": "“端口”应当大于0",
        "email.password": (
            "“口令”不能直接写在文件里，应当写明从哪里取：{env: 环境变量名} 或者 {file: 文件路径}"
        ),
        "email.sender": "“发件人邮箱”不是正确的邮箱地址，如 tixing@example.gov.cn",
        "robots.甲.kind": "“qq”不在可选范围内，“机器人种类”只能是dingtalk、wecom、feishu",
        "robots.甲.token": (
            "“机器人令牌”不能直接写在文件里，"
            "应当写明从哪里取：{env: 环境变量名} 或者 {file: 文件路径}"
        ),
        "robots.乙.token.env": "“环境变量”应当是环境变量的名称，如 LAND_MAIL_PASSWORD",
        "robots.乙.host": "“机器人网址”应当是以 https:// 或者 http:// 开头的网址",
        "robots.丙": "“群机器人”是企业微信机器人，没有加签，不能写 secret",
        "robots.丁.token": "“机器人令牌”应当在 env 和 file 之中写一项，只写一项",
        "webhooks.甲.url": "“接收网址”不能带用户名和口令",
        "webhooks.甲.secret.file": "“文件”应当是绝对路径",
        "sms": "“短信”的报文字段（fields）里没有{handy}，只能用{phone}、{text}、{message_id}",
        "zhezhengding.app_secret": "“App Secret”应当在 env 和 file 之中写一项，只写一项",
        "zhezhengding.host": "“开放平台网址”只写到主机为止，不带路径和参数",
        "fax": "没有“fax”这一项",
    }


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("email: {host: m.cn, sender: a@b.cn, user: x}", "email", "应当都写"),
        (
            "email: {host: m.cn, sender: a@b.cn, user: x, password: {env: X}, security: none}",
            "email",
            "口令会以明文传送",
        ),
        ('sms: {url: "https://x.cn", fields: {a: "{text}"}}', "sms", "要有{phone}和{text}"),
        (
            "email: {host: m.cn, sender: a@b.cn, timeout_seconds: 0}",
            "email.timeout_seconds",
            "大于",
        ),
    ],
)
def test_what_does_not_go_together(text: str, place: str, said: str) -> None:
    assert said in faults(text)[place]


def test_every_secret_that_is_not_there_is_named_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").write_text("\n", "utf-8")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    monkeypatch.setenv("TEST_EMPTY", "  ")
    section = f"""
email:
  host: m.cn
  sender: a@b.cn
  user: x
  password: {{file: {tmp_path}/none}}
  ca_file: {tmp_path}/empty
robots:
  甲: {{kind: dingtalk, token: {{env: TEST_NONE}}, secret: {{env: TEST_EMPTY}}}}
  乙: {{kind: wecom, token: {{file: {tmp_path}/empty}}}}
webhooks:
  丙: {{url: "https://x.cn", secret: {{file: {tmp_path}/binary}}}}
  丁: {{url: "https://x.cn", secret: {{file: {tmp_path}}}}}
"""
    settings = ChannelSettings.model_validate(read(section).content)
    assert dict(missing_secrets(settings)) == dict(missing_secrets(read(section).content))
    assert said_of_secrets(section) == {
        "email.password": f"找不到文件“{tmp_path}/none”",
        "email.ca_file": f"“{tmp_path}/empty”不是可用的证书文件（PEM）",
        "robots.甲.token": "没有设置环境变量“TEST_NONE”",
        "robots.甲.secret": "没有设置环境变量“TEST_EMPTY”",
        "robots.乙.token": f"文件“{tmp_path}/empty”是空的",
        "webhooks.丙.secret": f"读不了文件“{tmp_path}/binary”",
        "webhooks.丁.secret": f"读不了文件“{tmp_path}”",
    }


def said_of_secrets(section: str) -> dict[str, str]:
    found = missing_secrets(read(section).content)
    return {place_of(place): sentence for place, sentence in found}


def test_faults_of_other_entries_hide_no_missing_secret() -> None:
    section = """
email: {host: "https://m.cn", password: {env: TEST_NONE}, ca_file: relative.pem}
robots:
  甲: {kind: qq, token: {env: TEST_NONE}, secret: geheim}
  乙: 5
webhooks: [a]
sms: {url: "https://x.cn", secret: {env: "geheim!"}}
apprise: {丙: {url: {env: TEST_NONE}, fax: 1}}
"""
    assert faults(section)
    assert said_of_secrets(section) == dict.fromkeys(
        ["email.password", "robots.甲.token", "apprise.丙.url"], "没有设置环境变量“TEST_NONE”"
    )
    assert missing_secrets(None) == missing_secrets(5) == ()


@pytest.mark.parametrize(
    "written", ["{env: }", "{file: ~}", "{}", "{env: , file: /a}", "{envv: A}"]
)
def test_a_secret_that_names_no_place_is_a_fault(written: str) -> None:
    section = f"webhooks: {{丙: {{url: 'https://x.cn', secret: {written}}}}}"
    said = "“签名密钥”应当在 env 和 file 之中写一项，只写一项"
    assert faults(section)["webhooks.丙.secret"] == said
    assert said_of_secrets(section) == {}


def test_a_secret_is_read_without_the_spaces_around_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("\ufeff geheim \n", "utf-8")
    assert Secret(file=str(tmp_path / "secret")).reveal() == "geheim"
    with pytest.raises(SecretUnreadable, match="TEST_NONE"):
        Secret(env="TEST_NONE").reveal()
