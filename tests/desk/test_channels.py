"""The command `channels`, against a real mail server and a real robot on 127.0.0.1."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from activities.registry import Registry
from tests.activities.samples import CASE, admit, person
from tests.desk.commandline import Office, environment
from tests.receiving.calls import Receiver
from tests.receiving.mail import MailServer
from tests.receiving.robots import DingTalkRules

OTHER = "WZ-LC-2026-002"
TOKEN, SECRET = "a-token", "SECa-secret"


def reached(unit: str, role: str, name: str, *channels: tuple[str, str]) -> dict[str, Any]:
    """An entry of a directory: a person, and where in turn."""
    first, *others = ({"kind": kind, "address": address} for kind, address in channels)
    return person(unit, role, name) | {"channel": first, "fallback": others}


DIRECTORY = [
    reached("bureau", "经办人", "局甲", ("email", "jujia@example.cn")),
    reached("bureau", "负责人", "局甲", ("email", "jujia@example.cn")),
    reached("township:nanhui", "经办人", "南甲", ("dingtalk", "南汇群"), ("outbox", "窗口")),
    reached("township:nanhui", "负责人", "南乙", ("dingtalk", "南汇群")),
    reached("township:guoxi", "经办人", "郭甲", ("sms", "13800000000"), ("wecom", "郭溪群")),
]


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def robot() -> Iterator[Receiver]:
    with Receiver(DingTalkRules(TOKEN, SECRET)) as receiver:
        yield receiver


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the desk writes, with two cases whose people are the same."""
    with Registry.open(f"sqlite:///{tmp_path / 'registry.db'}") as registry:
        admit(registry, directory=DIRECTORY)
        admit(registry, OTHER, DIRECTORY)
    return tmp_path


@pytest.fixture
def desk(folder: Path, mail: MailServer, robot: Receiver) -> Office:
    """A desk with mail and one robot; the secrets are in its environment."""
    configure(folder, mail, robot)
    return Office(environment(folder, ROBOT_TOKEN=TOKEN, ROBOT_SECRET=SECRET))


def configure(folder: Path, mail: MailServer, robot: Receiver, more: str = "") -> None:
    """Write the office's reminders.yaml."""
    (folder / "office").mkdir(exist_ok=True)
    (folder / "office" / "reminders.yaml").write_text(
        f"""
channels:
  email: {{host: 127.0.0.1, port: {mail.port}, security: none, sender: tixing@example.cn}}
  robots:
    南汇群:
      kind: dingtalk
      host: {robot.origin}
      token: {{env: ROBOT_TOKEN}}
      secret: {{env: ROBOT_SECRET}}
{more}""",
        encoding="utf-8",
    )


def test_a_test_arrives_and_nothing_but_chinese_is_said(desk: Office, mail: MailServer) -> None:
    """As a program of its own, as people run it: no line of a log among what it says."""
    said = desk.program("channels", "test", CASE, "局甲")
    assert (said.code, said.stderr) == (0, "")
    assert said.stdout == ("市自然资源和规划局 负责人 局甲，电子邮件 jujia@example.cn：已送达\n"), (
        "one message to one address, whatever offices its person holds"
    )
    (received,) = mail.mailbox
    assert received.letter["Subject"].startswith("【渠道测试】")


def test_each_channel_of_a_person_is_tested(desk: Office, robot: Receiver, folder: Path) -> None:
    said = desk.done("channels", "test", CASE, "南甲")
    assert said.splitlines() == [
        "南汇街道 经办人 南甲，钉钉机器人 南汇群：已送达",
        "南汇街道 经办人 南甲，发件夹 窗口：已送达",
    ]
    (call,) = robot.taken
    assert "渠道测试" in call.json["text"]["content"]
    assert len(list((folder / "outbox").glob("*.txt"))) == 1


def test_one_kind_alone_is_tested(desk: Office, robot: Receiver, folder: Path) -> None:
    desk.done("channels", "test", CASE, "南甲", "--channel", "outbox")
    assert robot.calls == []
    refused = desk.refused(2, "channels", "test", CASE, "南甲", "--channel", "sms")
    assert "“南甲”没有渠道“sms”（有：dingtalk、outbox）" in refused
    assert len(list((folder / "outbox").glob("*.txt"))) == 1


def test_a_channel_that_is_not_set_up_is_no_success(desk: Office, folder: Path) -> None:
    said = desk.run("channels", "test", CASE, "郭甲")
    assert said.code == 4
    assert said.stdout.splitlines() == [
        f"郭溪街道 经办人 郭甲，{channel}：没有配置这个渠道，消息存入发件夹 {folder / 'outbox'}"
        for channel in ("短信 13800000000", "企业微信机器人 郭溪群")
    ]
    assert said.stderr == "没有送达：2 个渠道没有送达，原因见上。\n"


def test_what_the_channel_said_is_told(desk: Office, mail: MailServer) -> None:
    mail.unknown.add("jujia@example.cn")
    said = desk.run("channels", "test", CASE, "局甲")
    assert said.code == 4
    assert "电子邮件 jujia@example.cn：没有送达：" in said.stdout
    mail.close()
    said = desk.run("channels", "test", OTHER, "局甲")
    assert (said.code, "已送达" in said.stdout) == (4, False)


ALARMS = """
alarms:
  - {name: 值甲, channel: {kind: email, address: zhijia@example.cn}}
"""
STAND_INS = """
stand_ins:
  - unit: township:nanhui
    role: 经办人
    name: 南甲
    from: 2020-01-01
    until: 2099-12-31
    stand_in: {name: 南丙, channel: {kind: email, address: nanbing@example.cn}}
  - unit: township:nanhui
    role: 负责人
    name: 南乙
    from: 2020-01-01
    until: 2020-12-31
    stand_in: {name: 南丁, channel: {kind: email, address: nanding@example.cn}}
"""


def test_who_is_told_of_alarms_and_who_stands_in_can_be_tested(
    desk: Office, folder: Path, mail: MailServer, robot: Receiver
) -> None:
    """A stand-in whose days are over is left alone."""
    configure(folder, mail, robot, ALARMS + STAND_INS)
    alarms = desk.done("channels", "test", "--alarms")
    assert alarms == "系统运行 值守人员 值甲，电子邮件 zhijia@example.cn：已送达\n"
    stand_ins = desk.done("channels", "test", "--stand-ins")
    assert stand_ins == "南汇街道 经办人 南丙，电子邮件 nanbing@example.cn：已送达\n"
    desk.done("channels", "test", "--alarms", "--stand-ins")
    sent = [each.recipient for each in mail.mailbox]
    assert sent == ["zhijia@example.cn", "nanbing@example.cn"] * 2
    mail.unknown.add("zhijia@example.cn")
    assert "1 个渠道没有送达" in desk.refused(4, "channels", "test", "--alarms")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "请写案件编号和姓名，或者只写 --alarms、--stand-ins"),
        ((CASE,), "请写案件编号和姓名"),
        ((CASE, "局甲", "--alarms"), "请写案件编号和姓名"),
        ((CASE, "--alarms"), "请写案件编号和姓名"),
        (("--alarms",), "reminders.yaml 的 alarms 里没有写人"),
        (("--stand-ins",), "reminders.yaml 的 stand_ins 里没有写人"),
        ((CASE, "无此人"), "通讯录里没有“无此人”（有：局甲、南甲、南乙、郭甲）"),
        (("WZ-NONE", "局甲"), "登记簿中没有案件 WZ-NONE"),
    ],
)
def test_whom_to_test_must_be_clear(
    desk: Office, mail: MailServer, arguments: tuple[str, ...], said: str
) -> None:
    assert said in desk.refused(2, "channels", "test", *arguments)
    assert mail.mailbox == []


def rows(said: str) -> dict[tuple[str, str], str]:
    """By title and name, the last cell of each row: how many use it."""
    cells = [line.split() for line in said.splitlines()]
    return {
        (each[0], each[1] if len(each) == 5 else ""): each[-1]
        for each in cells
        if len(each) in {4, 5} and each[-1].isdigit()
    }


def test_the_list_counts_people(desk: Office) -> None:
    """局甲 holds two offices in two cases and is one person."""
    said = desk.done("channels", "list")
    assert rows(said) == {
        ("发件夹", ""): "1",
        ("电子邮件", ""): "1",
        ("钉钉机器人", "南汇群"): "2",
    }
    assert "已配置的渠道 3 个" in said
    for title in ("短信", "企业微信机器人“郭溪群”"):
        assert f"没有配置{title}，通讯录里有 1 人用它" in said
    assert TOKEN not in said


def test_a_check_names_what_leads_nowhere_and_is_no_failure(
    desk: Office, folder: Path, mail: MailServer, robot: Receiver
) -> None:
    assert desk.done("channels", "check").splitlines() == [
        "提醒设置、消息模板、口令和令牌都没有问题。",
        *(
            f"注意：{CASE} 等 2 个案件的通讯录用{title}，没有配置，"
            "有别的渠道的走别的渠道，没有的存入发件夹。"
            for title in ("短信", "企业微信机器人“郭溪群”")
        ),
    ]
    mistyped = STAND_INS.replace("name: 南甲", "name: 南申").replace("name: 南乙", "name: 无此人")
    configure(folder, mail, robot, mistyped)
    said = desk.done("channels", "check")
    assert "stand_ins 第 1 项：在办案件的通讯录里没有“township:nanhui”的经办人“南申”" in said
    assert "无此人" not in said, "its days are over"
    configure(folder, mail, robot, STAND_INS)
    assert "stand_ins" not in desk.done("channels", "check")


def test_a_check_lists_every_fault_and_a_test_sends_nothing(
    desk: Office, folder: Path, mail: MailServer, robot: Receiver
) -> None:
    configure(folder, mail, robot, "told_at: 早上\nwindow_minutes: -1\n")
    (folder / "office" / "templates").mkdir()
    (folder / "office" / "templates" / "test.txt").write_text("主题：{时刻}\n短信：x\n正文\n")
    for command in (("check",), ("test", CASE, "局甲")):
        said = desk.refused(2, "channels", *command)
        for part in ("共 3 处", "told_at", "window_minutes", "没有这个字段"):
            assert part in said
    assert mail.mailbox == []


def test_a_secret_that_is_missing_is_found(folder: Path, mail: MailServer, robot: Receiver) -> None:
    configure(folder, mail, robot)
    said = Office(environment(folder, ROBOT_TOKEN=TOKEN)).refused(2, "channels", "check")
    assert "ROBOT_SECRET" in said
