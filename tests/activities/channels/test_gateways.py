"""浙政钉's work notices, webhooks, SMS gateways, Apprise, each against a receiver that checks."""

from typing import Any

import pytest

from activities.channels.apprise_services import AppriseService
from activities.channels.channel import Channel
from activities.channels.posting import signed
from activities.channels.secrets import SecretUnreadable
from activities.channels.settings import (
    ServiceSettings,
    SmsSettings,
    WebhookSettings,
    ZhezhengdingSettings,
)
from activities.channels.sms import ShortMessages
from activities.channels.webhook import Webhook
from activities.channels.zhezhengding import WorkNotices
from tests.activities.channels.samples import (
    FAST,
    IMPATIENT,
    SECRETS,
    TEXT,
    closed_port,
    message,
    outcome,
)
from tests.receiving.calls import Call, Receiver, Reply, Trouble
from tests.receiving.gateways import SmsGatewayRules, WebhookRules, WorkNoticeRules

SECRET = SECRETS["TEST_SECRET"]
ZHANG = "1234567"
PHONE = "13800000000"


def notices(origin: str, **changes: Any) -> WorkNotices:
    """The application on a local 浙政钉."""
    entries = {
        "host": origin,
        "app_key": "tixing-1",
        "app_secret": {"env": "TEST_SECRET"},
        "tenant": 196729,
        "timeout_seconds": FAST,
        **changes,
    }
    return WorkNotices(ZhezhengdingSettings.model_validate(entries))


def webhook(origin: str, **changes: Any) -> Webhook:
    """The channel to a local webhook."""
    entries = {
        "url": f"{origin}/reminders?from=land",
        "secret": {"env": "TEST_SECRET"},
        "timeout_seconds": FAST,
        **changes,
    }
    return Webhook(WebhookSettings.model_validate(entries))


def sms(origin: str, **changes: Any) -> ShortMessages:
    """The channel to a local gateway."""
    entries = {
        "url": f"{origin}/send",
        "secret": {"env": "TEST_SECRET"},
        "timeout_seconds": FAST,
        **changes,
    }
    return ShortMessages(SmsSettings.model_validate(entries))


def zhezhengding_receiver(secret: str = SECRET) -> Receiver:
    """A local 浙政钉 with one account."""
    return Receiver(WorkNoticeRules("tixing-1", secret, "196729", {ZHANG}))


def test_a_work_notice_reaches_the_person_under_its_identity() -> None:
    with zhezhengding_receiver() as receiver:
        assert notices(receiver.origin).deliver(message(), ZHANG, repeated=False) == "n00001"
        (call,) = receiver.taken
        assert call.form["receiverIds"] == ZHANG
        assert call.form["bizMsgId"] == message().message_id
        assert TEXT.splitlines()[2] in call.form["msg"]


@pytest.mark.parametrize(
    ("changes", "address", "named"),
    [
        ({}, "7654321", "Unavailable"),
        ({"tenant": "1"}, ZHANG, "Unavailable"),
        ({"app_key": "other"}, ZHANG, "Refused"),
        ({"app_secret": {"env": "TEST_TOKEN"}}, ZHANG, "Refused"),
        ({}, "张三", "Refused"),
        ({}, "1,2", "Refused"),
        ({}, "", "Refused"),
    ],
)
def test_a_work_notice_that_is_not_sent(changes: dict[str, Any], address: str, named: str) -> None:
    with zhezhengding_receiver() as receiver:
        assert outcome(notices(receiver.origin, **changes), address) == named
        assert receiver.taken == []


def test_every_work_notice_is_signed_anew() -> None:
    """The receiver takes no nonce twice."""
    with zhezhengding_receiver() as receiver:
        channel = notices(receiver.origin)
        assert [outcome(channel, ZHANG) for _ in range(5)] == ["delivered"] * 5


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ({"success": True, "content": {"success": True, "msgId": 17}}, "delivered"),
        ({"success": True, "content": '{"success":false,"responseCode":"OPF-1"}'}, "Unavailable"),
        ({"success": False, "Code": "张某某 13800000000"}, "Unavailable"),
        ({"content": None}, "Uncertain"),
        (b"", "Uncertain"),
    ],
)
def test_a_work_notice_is_judged_by_the_answers_content(answer: object, named: str) -> None:
    with zhezhengding_receiver() as receiver:
        receiver.next.append(Reply(answer))
        assert outcome(notices(receiver.origin), ZHANG) == named


def test_a_long_work_notice_is_cut() -> None:
    with zhezhengding_receiver() as receiver:
        long = message(text="一件要办的事情\n" * 500)
        assert outcome(notices(receiver.origin, max_bytes=600), ZHANG, long) == "delivered"
        assert len(receiver.taken[0].form["msg"].encode()) <= 600


def test_a_webhook_gets_signed_json_and_gives_a_receipt() -> None:
    with Receiver(WebhookRules(SECRET)) as receiver:
        assert webhook(receiver.origin).deliver(message(), "any", repeated=False) == "收1"
        (call,) = receiver.taken
        assert (call.path, call.query) == ("/reminders", {"from": "land"})
        assert call.headers["idempotency-key"] == message().message_id
        assert call.json["text"] == TEXT.rstrip()
        assert call.json["possibly_repeated"] is False
        assert set(call.json) >= {"case_id", "duty_id", "rung", "unit", "role", "person", "at"}


def test_a_webhook_is_signed_as_openssl_signs() -> None:
    """The signature was made by `openssl dgst -sha256 -hmac` with the secret SECtest."""
    assert signed(SECRET, b'{"a":1}', 1_800_000_000) == {
        "X-Timestamp": "1800000000",
        "X-Signature": "152c18df3a473d8e0da5aee74e2beb6780eae1672dd212f72db70d06adff24ef",
    }


def test_a_webhook_takes_a_repeat_once() -> None:
    with Receiver(WebhookRules(SECRET)) as receiver:
        receiver.next.append(Trouble.TAKE_AND_DROP)
        channel = webhook(receiver.origin)
        assert outcome(channel, "any") == "Uncertain"
        assert outcome(channel, "any", repeated=True) == "delivered"
        assert len(receiver.taken) == 1


def test_a_webhook_refuses_another_signature() -> None:
    with Receiver(WebhookRules("other")) as receiver:
        assert outcome(webhook(receiver.origin), "any") == "Refused"


def test_a_short_message_has_one_sentence() -> None:
    with Receiver(SmsGatewayRules(SECRET)) as receiver:
        assert outcome(sms(receiver.origin), PHONE) == "delivered"
        assert receiver.taken[0].json == {
            "phone": PHONE,
            "content": message().brief,
            "id": message().message_id,
        }


def test_a_long_short_message_is_cut_and_a_repeat_marked_within_the_limit() -> None:
    with Receiver(SmsGatewayRules(SECRET)) as receiver:
        channel = sms(receiver.origin, max_chars=30)
        assert outcome(channel, PHONE, message(brief="长" * 99), repeated=True) == "delivered"
        assert receiver.taken[0].json["content"] == "长" * 23 + "…（可能重复）"


def test_the_gateways_own_names_are_filled_in_one_pass() -> None:
    with Receiver(SmsGatewayRules(SECRET)) as receiver:
        fields = {"phone": "{phone}", "content": "【温州】{text}", "extra": "{message_id}/{phone}"}
        channel = sms(receiver.origin, fields=fields)
        assert outcome(channel, PHONE, message(brief="看{phone}处")) == "delivered"
        taken = receiver.taken[0].json
        assert taken["content"] == "【温州】看{phone}处"
        assert taken["extra"] == f"{message().message_id}/{PHONE}"


@pytest.mark.parametrize(
    ("address", "accepted", "named"),
    [
        (PHONE, {"code": 0}, "delivered"),
        ("13900000000", {"code": 0}, "Unavailable"),
        ("13900000000", {}, "delivered"),
        ("138-0000", {}, "Refused"),
        ("", {}, "Refused"),
    ],
)
def test_a_gateway_that_says_by_a_code_whether_it_sent(
    address: str, accepted: dict[str, Any], named: str
) -> None:
    rules = SmsGatewayRules(SECRET)
    rules.blocked = {"13900000000"}
    with Receiver(rules) as receiver:
        assert outcome(sms(receiver.origin, accepted=accepted), address) == named


def test_a_gateways_answer_that_cannot_be_read_is_uncertain() -> None:
    with Receiver(SmsGatewayRules(SECRET)) as receiver:
        receiver.next.append(Reply(b"<ok/>"))
        assert outcome(sms(receiver.origin, accepted={"code": 0}), PHONE) == "Uncertain"


@pytest.mark.parametrize(
    ("status", "named"),
    [(200, "delivered"), (204, "delivered"), (408, "Unavailable"), (500, "Uncertain")],
)
def test_a_webhooks_status_is_its_answer(status: int, named: str) -> None:
    with Receiver(WebhookRules(SECRET)) as receiver:
        receiver.next.append(Reply(b"", status=status))
        assert outcome(webhook(receiver.origin), "any") == named


def _made(name: str, origin: str, timeout: float) -> tuple[Channel, str]:
    match name:
        case "zhezhengding":
            return notices(origin, timeout_seconds=timeout), ZHANG
        case "webhook":
            return webhook(origin, timeout_seconds=timeout), "any"
    return sms(origin, timeout_seconds=timeout), PHONE


@pytest.mark.parametrize("name", ["zhezhengding", "webhook", "sms"])
def test_before_the_line_stands_nothing_is_sent_and_after_it_all_is_open(name: str) -> None:
    with closed_port() as port:
        channel, address = _made(name, f"http://127.0.0.1:{port}", FAST)
        assert outcome(channel, address) == "Unavailable"
        assert channel.knows(message(), address) is None
    with Receiver(WebhookRules(SECRET)) as receiver:
        receiver.next += [Trouble.TAKE_AND_HANG, Trouble.LOSE_AND_DROP]
        for timeout in (IMPATIENT, FAST):
            channel, address = _made(name, receiver.origin, timeout)
            assert outcome(channel, address) == "Uncertain"


class _Anything:
    """Takes whatever comes."""

    def reply(self, call: Call) -> Reply:
        return Reply({}, taken=True)


def test_apprise_passes_a_message_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with Receiver(_Anything()) as receiver:
        address = receiver.origin.replace("http://", "json://") + "/" + SECRETS["TEST_TOKEN"]
        monkeypatch.setenv("TEST_SERVICE", address)
        service = AppriseService(ServiceSettings.model_validate({"url": {"env": "TEST_SERVICE"}}))
        assert outcome(service, "any") == "delivered"
        assert receiver.taken[0].json["title"] == message().subject
        receiver.next.append(Reply({}, status=500))
        assert outcome(service, "any") == "Uncertain"
        assert service.knows(message(), "any") is None


def test_what_apprise_does_not_know_is_said_without_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEST_SERVICE", f"nothing://{SECRETS['TEST_TOKEN']}")
    with pytest.raises(SecretUnreadable) as raised:
        AppriseService(ServiceSettings.model_validate({"url": {"env": "TEST_SERVICE"}}))
    assert SECRETS["TEST_TOKEN"] not in str(raised.value)
