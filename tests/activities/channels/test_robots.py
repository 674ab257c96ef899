"""The robots of DingTalk, WeCom and Feishu against receivers that check as the real ones do."""

import time
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from activities.channels.channel import Unavailable
from activities.channels.dingtalk import DingTalkRobot
from activities.channels.feishu import FeishuRobot
from activities.channels.robots import Robot
from activities.channels.settings import RobotSettings
from activities.channels.wecom import WeComRobot
from activities.telling.message import Message
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
from tests.receiving.calls import Receiver, Reply, Rules, Trouble
from tests.receiving.robots import DingTalkRules, FeishuRules, WeComRules

TOKEN, SECRET = SECRETS["TEST_TOKEN"], SECRETS["TEST_SECRET"]
NAME = "南汇群"
LONG = message(text="\n".join(f"第{n}行：一件要办的事情" for n in range(2000)))


class Kind(NamedTuple):
    """One kind of robot: its class, how it is set, and the rules of its receiver."""

    made: type[Robot]
    kind: str
    rules: Any
    longest: int

    def robot(self, origin: str, clock: Any = None, **changes: Any) -> Robot:
        """The robot of this kind on a local host."""
        entries = {
            "kind": self.kind,
            "host": origin,
            "token": {"env": "TEST_TOKEN"},
            "secret": None if self.kind == "wecom" else {"env": "TEST_SECRET"},
            "timeout_seconds": FAST,
            **changes,
        }
        settings = RobotSettings.model_validate(entries)
        return self.made(settings, clock) if clock else self.made(settings)

    def receiver(self, *, encrypted: bool = False, **changes: Any) -> Receiver:
        """Its receiver, with the right token and secret."""
        secret = {} if self.kind == "wecom" else {"secret": SECRET}
        rules: Rules = self.rules(TOKEN, **(secret | changes))
        return Receiver(rules, encrypted=encrypted)


DINGTALK = Kind(DingTalkRobot, "dingtalk", DingTalkRules, 20_000)
WECOM = Kind(WeComRobot, "wecom", WeComRules, 4_096)
FEISHU = Kind(FeishuRobot, "feishu", FeishuRules, 20_000)
ALL = pytest.mark.parametrize("kind", [DINGTALK, WECOM, FEISHU], ids=lambda kind: kind.kind)


def shown(receiver: Receiver) -> list[str]:
    """The texts that the group has seen."""
    return [_text(call.json) for call in receiver.taken]


def _text(body: dict[str, Any]) -> str:
    for name in ("text", "markdown", "content"):
        if name in body:
            inner: dict[str, str] = body[name]
            return inner.get("content") or inner["text"]
    raise AssertionError(body)


@ALL
def test_the_group_sees_subject_and_text(kind: Kind) -> None:
    with kind.receiver() as receiver:
        robot = kind.robot(receiver.origin)
        assert robot.deliver(message(), NAME, repeated=False) == ""
        assert shown(receiver) == [f"{message().subject}\n\n{TEXT.rstrip()}"]
        assert robot.knows(message(), NAME) is None


@ALL
def test_a_repeat_says_so(kind: Kind) -> None:
    with kind.receiver() as receiver:
        kind.robot(receiver.origin).deliver(message(), NAME, repeated=True)
        (text,) = shown(receiver)
        assert text.startswith(message().subject + "（可能重复）\n\n（可能重复：")


def test_dingtalk_posts_a_repeat_under_one_identity_once() -> None:
    with DINGTALK.receiver() as receiver:
        receiver.next.append(Trouble.TAKE_AND_DROP)
        robot = DINGTALK.robot(receiver.origin)
        assert outcome(robot, NAME) == "Uncertain"
        assert outcome(robot, NAME, repeated=True) == "delivered"
        assert len(receiver.taken) == 1


@pytest.mark.parametrize(
    ("kind", "at", "signed"),
    [
        (DINGTALK, 1_800_000_000.0, "ZAd9Sq5C0S2ByQxP/0ho5EcwLyPZrxc5IYmuYxebCjs="),
        (FEISHU, 1_800_000_000.0, "xRMafYbHsp71swEAHAjVqoO6r9TqN4N5t9grlP1ZlnY="),
    ],
    ids=["dingtalk", "feishu"],
)
def test_signed_as_openssl_signs(kind: Kind, at: float, signed: str) -> None:
    """The signatures were made by `openssl dgst -sha256 -hmac` with the secret SECtest."""
    with kind.receiver() as receiver:
        outcome(kind.robot(receiver.origin, lambda: at), NAME)
        (call,) = receiver.calls
        assert (call.query or call.json)["sign"] == signed


@pytest.mark.parametrize(
    ("kind", "rules", "settings", "said"),
    [
        (DINGTALK, {"secret": "other"}, {}, "不认签名"),
        (DINGTALK, {}, {"secret": None}, "不接受签名的时间"),
        (DINGTALK, {"keyword": "期限"}, {}, "关键词"),
        (DINGTALK, {}, {"token": {"env": "TEST_SECRET"}}, "不认令牌"),
        (WECOM, {}, {"token": {"env": "TEST_SECRET"}}, "不认令牌"),
        (FEISHU, {"secret": "other"}, {}, "不认签名"),
        (FEISHU, {"keyword": "期限"}, {}, "关键词"),
        (FEISHU, {}, {"token": {"env": "TEST_SECRET"}}, "不认令牌"),
    ],
)
def test_what_its_rules_forbid_is_refused_and_explained(
    kind: Kind, rules: dict[str, Any], settings: dict[str, Any], said: str
) -> None:
    with kind.receiver(**rules) as receiver:
        robot = kind.robot(receiver.origin, **settings)
        assert outcome(robot, NAME) == "Refused"
        with pytest.raises(Exception, match=said):
            robot.deliver(message(), NAME, repeated=False)
        assert receiver.taken == []


@pytest.mark.parametrize("kind", [DINGTALK, FEISHU], ids=lambda kind: kind.kind)
def test_a_clock_that_is_wrong_is_refused(kind: Kind) -> None:
    with kind.receiver() as receiver:
        assert outcome(kind.robot(receiver.origin, lambda: 1_000.0), NAME) == "Refused"


@pytest.mark.parametrize("kind", [DINGTALK, FEISHU], ids=lambda kind: kind.kind)
@pytest.mark.parametrize("sent", [message(), LONG], ids=["short", "long"])
def test_a_keyword_is_added_where_the_text_lacks_it(kind: Kind, sent: Message) -> None:
    with kind.receiver(keyword="期限") as receiver:
        assert outcome(kind.robot(receiver.origin, keyword="期限"), NAME, sent) == "delivered"
        assert shown(receiver)[0].endswith("\n【期限】")


@pytest.mark.parametrize("kind", [DINGTALK, FEISHU], ids=lambda kind: kind.kind)
def test_a_keyword_is_not_added_where_it_stands(kind: Kind) -> None:
    with kind.receiver(keyword="办结标准") as receiver:
        assert outcome(kind.robot(receiver.origin, keyword="办结标准"), NAME) == "delivered"
        assert "【办结标准】" not in shown(receiver)[0]


@ALL
def test_a_long_text_is_cut_after_a_line_and_says_so(kind: Kind) -> None:
    with kind.receiver() as receiver:
        assert outcome(kind.robot(receiver.origin), NAME, LONG) == "delivered"
        (text,) = shown(receiver)
        *lines, note = text.splitlines()
        assert note == "……（消息过长，以下从略）"
        assert lines == f"{LONG.subject}\n\n{LONG.text}".splitlines()[: len(lines)]
        size = len(text.encode() if kind is WECOM else receiver.taken[0].body)
        assert kind.longest - 80 < size <= kind.longest


def test_wecom_sends_what_is_longer_than_a_text_as_markdown() -> None:
    with WECOM.receiver() as receiver:
        robot = WECOM.robot(receiver.origin)
        for lines in (1, 100):
            assert outcome(robot, NAME, message(text="一件要办的事情\n" * lines)) == "delivered"
        assert [call.json["msgtype"] for call in receiver.taken] == ["text", "markdown"]


@ALL
def test_too_many_in_a_minute_may_be_sent_later(kind: Kind) -> None:
    with kind.receiver(per_minute=2) as receiver:
        robot = kind.robot(receiver.origin)
        sent = [outcome(robot, NAME, message(message_id=str(n) * 64)) for n in range(3)]
        assert sent == ["delivered", "delivered", "Unavailable"]


def test_the_settings_keep_within_twenty_a_minute_by_themselves() -> None:
    assert DINGTALK.robot("http://127.0.0.1:1").per_minute == 20


@pytest.mark.parametrize(
    ("kind", "answer", "named"),
    [
        (DINGTALK, {"errcode": "0", "errmsg": "ok"}, "delivered"),
        (DINGTALK, {"errcode": -1}, "Unavailable"),
        (DINGTALK, {"errcode": 660026}, "Unavailable"),
        (DINGTALK, {"errcode": 410100}, "Unavailable"),
        (DINGTALK, {"status": 1111, "wait": 5, "punish": "deny"}, "Unavailable"),
        (DINGTALK, {"errcode": 460101}, "Refused"),
        (DINGTALK, {"errcode": 400102}, "Refused"),
        (DINGTALK, {"errcode": 430103}, "Refused"),
        (DINGTALK, {"errcode": 310000, "errmsg": "ip 1.2.3.4 not in whitelist"}, "Refused"),
        (DINGTALK, {"errcode": 987654}, "Unavailable"),
        (DINGTALK, {}, "Uncertain"),
        (DINGTALK, b"<html>login</html>", "Uncertain"),
        (DINGTALK, [0], "Uncertain"),
        (DINGTALK, {"errcode": True}, "Uncertain"),
        (WECOM, {"errcode": 45009}, "Unavailable"),
        (WECOM, {"errcode": 40001}, "Refused"),
        (WECOM, {"errcode": 40058}, "Refused"),
        (FEISHU, {"code": 11232}, "Unavailable"),
        (FEISHU, {"code": 19022}, "Refused"),
        (FEISHU, {"code": 9499}, "Refused"),
    ],
)
def test_the_answer_is_judged_by_its_content(kind: Kind, answer: object, named: str) -> None:
    with kind.receiver() as receiver:
        receiver.next.append(Reply(answer))
        assert outcome(kind.robot(receiver.origin), NAME) == named


@ALL
@pytest.mark.parametrize(
    ("status", "named"),
    [
        (429, "Unavailable"),
        (503, "Unavailable"),
        (502, "Uncertain"),
        (404, "Refused"),
        (302, "Refused"),
    ],
)
def test_an_answer_without_content_is_judged_by_its_status(
    kind: Kind, status: int, named: str
) -> None:
    with kind.receiver() as receiver:
        receiver.next.append(Reply(b"", status=status))
        assert outcome(kind.robot(receiver.origin), NAME) == named
        assert len(receiver.calls) == 1


@ALL
@pytest.mark.parametrize("code", [502, "E-1", 987654])
def test_a_code_that_is_a_gateways_leaves_it_uncertain(kind: Kind, code: object) -> None:
    """What answers HTTP 5xx with a code of its own may have passed the message on."""
    with kind.receiver() as receiver:
        receiver.next.append(Reply({"code": code, "errcode": code}, status=502))
        assert outcome(kind.robot(receiver.origin), NAME) == "Uncertain"


@pytest.mark.parametrize(
    ("answer", "minutes"),
    [
        ({"errcode": 130101}, 10),
        ({"errcode": 410100}, 10),
        ({"status": 1111, "wait": 5, "punish": "deny"}, 10),
        ({"errcode": -1}, None),
    ],
)
def test_dingtalk_says_how_long_it_wants_to_be_left_alone(
    answer: object, minutes: int | None
) -> None:
    with DINGTALK.receiver() as receiver:
        receiver.next.append(Reply(answer))
        with pytest.raises(Unavailable) as raised:
            DINGTALK.robot(receiver.origin).deliver(message(), NAME, repeated=False)
    assert raised.value.wait == (timedelta(minutes=minutes) if minutes else None)


@ALL
def test_an_answer_that_never_ends_is_cut_at_the_deadline(kind: Kind) -> None:
    with kind.receiver() as receiver:
        receiver.next.append(Trouble.TAKE_AND_DRIBBLE)
        begun = time.monotonic()
        assert outcome(kind.robot(receiver.origin, timeout_seconds=SOON), NAME) == "Uncertain"
        assert time.monotonic() - begun < FAST


@ALL
@pytest.mark.parametrize("trouble", list(Trouble), ids=lambda trouble: trouble.name)
def test_a_lost_answer_leaves_it_uncertain(kind: Kind, trouble: Trouble) -> None:
    with kind.receiver() as receiver:
        receiver.next.append(trouble)
        hangs = trouble in {Trouble.TAKE_AND_HANG, Trouble.TAKE_AND_DRIBBLE}
        robot = kind.robot(receiver.origin, timeout_seconds=IMPATIENT if hangs else FAST)
        assert outcome(robot, NAME) == "Uncertain"
        assert len(receiver.taken) == (trouble is not Trouble.LOSE_AND_DROP)


@ALL
def test_a_robot_that_is_not_there_is_unavailable(kind: Kind) -> None:
    with closed_port() as port:
        assert outcome(kind.robot(f"http://127.0.0.1:{port}"), NAME) == "Unavailable"
    with full_port() as port:
        robot = kind.robot(f"http://127.0.0.1:{port}", timeout_seconds=IMPATIENT)
        assert outcome(robot, NAME) == "Unavailable"


@ALL
def test_another_host_with_its_own_certificate(kind: Kind) -> None:
    with kind.receiver(encrypted=True) as receiver:
        assert outcome(kind.robot(receiver.origin), NAME) == "Unavailable"
        assert receiver.calls == []
        robot = kind.robot(receiver.origin, ca_file=str(CERTIFICATE))
        assert outcome(robot, NAME) == "delivered"


def test_no_password_of_the_machine_is_sent_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with DINGTALK.receiver() as receiver:
        assert outcome(DINGTALK.robot(receiver.origin), NAME) == "delivered"
        assert "authorization" not in receiver.calls[0].headers
