"""Channels that fail: the person's next one, the next person upward, a letter at last."""

from datetime import timedelta
from pathlib import Path

from activities.channels.channel import Refused, Uncertain
from activities.channels.outbox import Outbox
from activities.registry import Registry
from activities.telling.trying import Policy
from case.records import Delivered
from tests.activities.lines import Board, Line
from tests.activities.samples import DIRECTORY, admit, person, records, reminder
from tests.activities.tellings import BOTH, DOWN, MAIL_ONLY, NOBODY, NOW, PENDING, people, tell


def test_what_fails_for_now_is_pending_and_the_rest_is_told(
    registry: Registry, office: Path
) -> None:
    admit(registry, directory=[*MAIL_ONLY, DIRECTORY[-2]])
    board = Board(Line(), email=Line(DOWN))
    batch = (reminder(audience=("handler", "head")), reminder(duty_id="d-2", audience=("bureau",)))
    told = tell(registry, office, board, *batch)
    assert (told.sent, told.pending, told.undeliverable, told.troubles) == (2, (PENDING,), (), {})
    assert told.again_at is not None
    assert timedelta(minutes=1) <= told.again_at - NOW < timedelta(minutes=1, seconds=30)
    assert tell(registry, office, board, *batch, now=told.again_at) == Delivered(sent=3)


def test_another_channel_of_the_person_is_said(registry: Registry, office: Path) -> None:
    admit(registry, directory=BOTH)
    board = Board(email=Line(NOBODY), sms=Line())
    expected = Delivered(
        sent=1, troubles={"d-1": "到期前5个工作日的提醒：电子邮件不通，已改送短信"}
    )
    for _ in range(2):
        assert tell(registry, office, board, reminder()) == expected
    assert people(registry) == [("南甲", "sent", "sms")]


def test_the_head_of_the_same_unit_is_told_first(registry: Registry, office: Path) -> None:
    admit(registry, directory=[*MAIL_ONLY, DIRECTORY[-2]])
    board = Board(Line(), email=Line(NOBODY))
    expected = Delivered(
        sent=1,
        troubles={"d-1": "到期前5个工作日的提醒：各渠道均未送达，已改送南汇街道负责人"},
    )
    for _ in range(2):
        assert tell(registry, office, board, reminder()) == expected
    assert people(registry) == [("南乙", "sent", "outbox"), ("南甲", "failed", "email")]
    assert "南汇街道经办人" in registry.deliveries()[-1].text + registry.deliveries()[0].text


def test_the_district_is_told_where_the_township_cannot_be_reached(
    registry: Registry, office: Path
) -> None:
    admit(registry, directory=MAIL_ONLY)
    told = tell(registry, office, Board(Line(), email=Line(NOBODY)), reminder())
    assert told.sent == 1
    assert told.troubles["d-1"].startswith("到期前5个工作日的提醒：各渠道均未送达，已改送鹿城区")
    assert people(registry) == [("南甲", "failed", "email"), ("鹿甲", "sent", "outbox")]


def test_a_head_who_is_told_anyway_is_told_besides_to_pass_it_on(
    registry: Registry, office: Path
) -> None:
    admit(registry, directory=[*MAIL_ONLY, DIRECTORY[-2]])
    batch = reminder(audience=("handler", "head"))
    for _ in range(2):
        told = tell(registry, office, Board(Line(), email=Line(NOBODY)), batch)
        assert told.sent == 2
        assert told.troubles["d-1"].endswith("各渠道均未送达，已改送南汇街道负责人")
    assert people(registry) == [
        ("南乙", "sent", "outbox"),
        ("南乙", "sent", "outbox"),
        ("南甲", "failed", "email"),
    ]
    heads = [each.text for each in registry.deliveries() if each.person == "南乙"]
    assert sum("本消息应送南汇街道经办人" in text for text in heads) == 1


def test_who_has_no_channel_that_is_set_up_is_said_with_the_channel(
    registry: Registry, office: Path, tmp_path: Path
) -> None:
    admit(registry, directory=[*MAIL_ONLY, DIRECTORY[-2]])
    expected = Delivered(
        sent=1,
        troubles={
            "d-1": "到期前5个工作日的提醒：没有配置电子邮件，已存入发件夹，请人工转告",
        },
    )
    board = Board(outbox=Outbox(tmp_path / "out"))
    for _ in range(2):
        assert tell(registry, office, board, reminder()) == expected
    assert people(registry) == [("南甲", "sent", "outbox")]


def test_what_may_have_arrived_is_not_said_to_be_undelivered(
    registry: Registry, office: Path
) -> None:
    admit(registry, directory=[*MAIL_ONLY, DIRECTORY[-2]])
    board = Board(Line(), email=Line(Uncertain("没有回执"), NOBODY))
    tell(registry, office, board, reminder())
    told = tell(registry, office, board, reminder(), now=NOW + timedelta(minutes=2))
    said = "到期前5个工作日的提醒：各渠道没有回执，已改送南汇街道负责人"
    assert told == Delivered(sent=1, troubles={"d-1": said})


def test_a_rung_that_reached_nobody_is_tried_again_until_it_does(
    registry: Registry, office: Path
) -> None:
    admit(registry, directory=[person("bureau", "负责人", "局乙", "email")])
    dead = Board(outbox=Line(*[Refused("发件夹写不进去")] * 2), email=Line(*[NOBODY] * 2))
    bureau = reminder(audience=("bureau",))
    now = NOW
    for _ in range(2):
        told = tell(registry, office, dead, bureau, now=now)
        assert (told.sent, told.pending, told.undeliverable) == (0, (PENDING,), ())
        assert "发件夹也写不进，请人工转告" in told.troubles["d-1"]
        assert told.again_at is not None
        assert timedelta(hours=1) <= told.again_at - now < timedelta(hours=1, seconds=30)
        now = told.again_at
    assert people(registry) == [("局乙", "failed", "email")]
    assert tell(registry, office, dead, bureau, now=now) == Delivered(sent=1)
    assert people(registry) == [("局乙", "sent", "email")]


def test_what_waited_for_another_reader_is_put_down_once_the_rung_is_settled(
    registry: Registry, office: Path
) -> None:
    """The head was asked in the clerk's place and must wait; then the clerk's mail works again."""
    admit(registry, directory=[*MAIL_ONLY, person("township:nanhui", "负责人", "南乙", "sms")])
    first = tell(registry, office, Board(email=Line(NOBODY), sms=Line(DOWN)), reminder())
    assert first.pending == (PENDING,)
    later = NOW + Policy().rest + timedelta(minutes=1)
    assert tell(registry, office, Board(Line()), reminder(), now=later).sent == 1
    assert people(registry) == [("南乙", "withdrawn", "sms"), ("南甲", "sent", "email")]
    registry.record(records())
    assert registry.untold(NOW + timedelta(days=1), timedelta()) == ()


def test_it_goes_up_as_far_as_somebody_can_be_reached(registry: Registry, office: Path) -> None:
    directory = [
        person("township:nanhui", "经办人", "南甲", "email"),
        person("district:鹿城区", "经办人", "鹿甲", "email"),
        person("bureau", "负责人", "局乙", "sms"),
    ]
    admit(registry, directory=directory)
    told = tell(registry, office, Board(email=Line(NOBODY, NOBODY), sms=Line()), reminder())
    assert told.sent == 1
    assert told.troubles == {
        "d-1": "到期前5个工作日的提醒：各渠道均未送达，已改送市自然资源和规划局"
    }


def test_where_nobody_upward_can_be_reached_a_letter_lies_in_the_outbox(
    registry: Registry, office: Path, tmp_path: Path
) -> None:
    directory = [
        person("township:nanhui", "经办人", "南甲", "email"),
        person("bureau", "负责人", "局乙", "email"),
    ]
    admit(registry, directory=directory)
    board = Board(outbox=Outbox(tmp_path / "out"), email=Line(NOBODY, NOBODY))
    expected = Delivered(
        sent=1,
        troubles={"d-1": "到期前5个工作日的提醒：电子邮件不通，已存入发件夹，请人工转告"},
    )
    for _ in range(2):
        assert tell(registry, office, board, reminder()) == expected
    (letter,) = (tmp_path / "out").glob("*.txt")
    assert "南甲" in letter.read_text("utf-8")
