"""The office's reminder settings: the usual, what may be written, and everything wrong at once."""

import re
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.office.reminder_settings import (
    FILE,
    ReminderSettings,
    SettingsUnusable,
    office_faults,
    reminder_settings,
)
from activities.telling.message import Address
from case.hours import Hours
from case.ladder import DEFAULT_LADDERS, Level, up_to

EXAMPLES = Path(__file__).parents[3] / "examples"
BROKEN = EXAMPLES / "broken-office"
_PLACE = re.compile(r"”：(第[0-9]+行 )?(?P<place>[^：]+)：")


def written(folder: Path, text: str) -> Path:
    (folder / FILE).write_text(text, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> list[str]:
    """What is wrong with the settings; the start of a worker is refused by the same."""
    with pytest.raises(SettingsUnusable) as raised:
        reminder_settings(folder)
    assert set(raised.value.faults) <= set(office_faults(folder))
    return list(raised.value.faults)


def places(faults: list[str]) -> list[str]:
    found = [_PLACE.search(fault) for fault in faults]
    assert all(found), faults
    return [each["place"] for each in found if each]


def test_without_a_file_all_is_as_usual(tmp_path: Path) -> None:
    settings = reminder_settings(tmp_path)
    assert settings == ReminderSettings()
    assert settings.ladders == DEFAULT_LADDERS
    assert settings.hours == Hours(opens=time(8, 30), closes=time(17))
    assert (settings.digest_at, settings.link, settings.operators) == (time(8, 30), "", ())
    assert office_faults(tmp_path) == ()


def test_the_usual_statutory_ladder_is_the_orders() -> None:
    assert list(ReminderSettings().ladders.statutory) == [-10, -5, -2, -1, 0, 1, 3, 5]
    assert ReminderSettings().ladders.statutory[5] == tuple(Level)


def test_the_sample_says_the_usual_and_sends_everything_to_the_outbox() -> None:
    settings = reminder_settings(EXAMPLES / "office")
    assert settings.ladders == DEFAULT_LADDERS
    usual = ReminderSettings(ladder=settings.ladder, alarms=settings.alarms)
    assert settings == usual
    (operator,) = settings.operators
    assert operator.addresses == (Address(kind="outbox", address="operators"),)
    assert office_faults(EXAMPLES / "office") == ()


def test_what_the_sample_shows_in_comments_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (EXAMPLES / "office" / FILE).read_text(encoding="utf-8")
    shown = re.sub(r"^(channels: \{\}|stand_ins: \[\])\n", "", text, flags=re.MULTILINE)
    shown = re.sub(
        r"^# (?=channels:|stand_ins:|report_at:|  )(?!  \w+ 的|  dingtalk、|  outbox)",
        "",
        shown,
        flags=re.MULTILINE,
    )
    settings = reminder_settings(written(tmp_path, shown))
    assert settings.link.endswith("{案件编号}")
    assert set(settings.channels.model_fields_set) == {
        *("email", "sms", "zhezhengding", "robots", "webhooks", "apprise"),
    }
    (stand_in,) = settings.stand_ins
    assert stand_in.replaces("township:tengqiao", "经办人", "张三", date(2026, 10, 16))
    missing = office_faults(tmp_path)
    assert len(missing) == 7
    assert places(list(missing))[0] == "channels.email.password"
    for name in re.findall(r"LAND_[A-Z_]+", shown):
        monkeypatch.setenv(name, "secret")
    assert places(list(office_faults(tmp_path))) == ["channels.zhezhengding.app_secret"]


def test_a_section_may_be_left_out_and_levels_named_either_way(tmp_path: Path) -> None:
    settings = reminder_settings(
        written(
            tmp_path,
            """
ladder:
  statutory:
    +1: [区, 经办人, 单位负责人]
    -3: [handler]
    0: [经办人, head]
window_minutes: 0
hours: {closes: 12:00}
""",
        )
    )
    assert settings.ladders.statutory == {
        -3: up_to(Level.HANDLER),
        0: up_to(Level.HEAD),
        1: up_to(Level.DISTRICT),
    }
    assert list(settings.ladders.statutory) == [-3, 0, 1]
    assert settings.ladders.office == DEFAULT_LADDERS.office
    assert settings.ladders.window_minutes == 0
    assert settings.hours == Hours(opens=time(8, 30), closes=time(12))


FAULTS = {
    "channel-nobody-set-up": [
        "stand_ins[0].stand_in.fallback[0].address",
        "stand_ins[0].stand_in.fallback[1].kind",
        "alarms[0].channel.address",
        "alarms[1].channel.address",
    ],
    "closes-before-it-opens": ["hours.closes"],
    "lateness-not-upward": ["ladder.statutory.3", "ladder.office.1"],
    "not-yaml": ["文件"],
    "nowhere-to-read-the-secret": [
        "channels.email.password",
        "channels.robots.鹿城区群.token",
        "channels.robots.瓯海区群.token",
    ],
    "nothing-once-late": ["ladder.statutory", "ladder.statutory.-05", "ladder.office"],
    "outside-the-hours": ["told_at", "digest_at"],
    "secret-in-the-file": ["channels.robots.鹿城区群.token"],
    "several-faults": [
        "ladder.statutory.-70",
        "ladder.statutory.0[1]",
        "ladder.statutory.前一日",
        "ladder.statutory.1",
        "ladder.statutory.3",
        "hours.opens",
        "told_at",
        "window_minutes",
        "digest",
        "report_at",
        "channels.email.host",
        "channels.email.sender",
        "stand_ins[0].role",
        "stand_ins[1].from",
        "stand_ins[1].stand_in.channel.address",
        "alarms[0].channel.address",
    ],
    "stand-ins-in-a-circle": [
        "stand_ins[1].stand_in.name",
        "stand_ins[3].from",
        "stand_ins[4].unit",
        "stand_ins[4].until",
    ],
}


def test_every_broken_office_with_settings_is_in_the_table() -> None:
    assert {path.parent.name for path in BROKEN.glob(f"*/{FILE}")} == set(FAULTS)


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_named_with_its_place_and_all_come_at_once(name: str) -> None:
    faults = faults_of(BROKEN / name)
    assert sorted(places(faults)) == sorted(FAULTS[name])
    assert all(str(BROKEN / name / FILE) in fault for fault in faults)


@pytest.mark.parametrize("name", sorted(set(FAULTS) - {"not-yaml"}))
def test_a_fault_stands_on_the_line_it_names(name: str) -> None:
    lines = (BROKEN / name / FILE).read_text(encoding="utf-8").splitlines()
    for fault in faults_of(BROKEN / name):
        line = re.search(r"第([0-9]+)行 ", fault)
        entry = places([fault])[0].rpartition(".")[2].partition("[")[0]
        assert line is not None
        assert entry in lines[int(line[1]) - 1], fault


def test_at_the_start_settings_and_templates_are_refused_together() -> None:
    faults = office_faults(BROKEN / "several-faults")
    assert len(faults) == len(FAULTS["several-faults"]) + 1
    assert "消息模板" in faults[-1]
    assert "{截至日}" in faults[-1]


def test_a_missing_secret_is_named_beside_other_faults_and_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    webhook = "{url: 'https://a.cn', secret: {env: LAND_X}}"
    text = f"told_at: 晨\nchannels:\n  webhooks:\n    平台: {webhook}\n"
    written(tmp_path, text)
    assert places(list(office_faults(tmp_path))) == ["told_at", "channels.webhooks.平台.secret"]
    monkeypatch.setenv("LAND_X", "keep-me-secret")
    written(tmp_path, text + "digest_at: 晨\n")
    faults = office_faults(tmp_path)
    assert places(list(faults)) == ["told_at", "digest_at"]
    assert "keep-me-secret" not in "".join(faults)


WRONG = [
    ("{hours: {opens: '09:00'}, digest_at: '09:00'}", "told_at",
     "08:30 起 20 分钟，不全在办公时间 09:00 至 17:00 之内；没有写 told_at"),
    ("{hours: {opens: '09:00'}, told_at: '09:00'}", "digest_at",
     "08:30 不在办公时间 09:00 至 17:00 之内；没有写 digest_at"),
    ("digest_at: '03:00'", "digest_at", "03:00 不在办公时间 08:30 至 17:00 之内"),
    ("digest_at: '17:00'", "digest_at", "17:00 不在办公时间"),
    ("told_at: '16:45'", "told_at", "16:45 起 20 分钟"),
    ("told_at: '24:00'", "told_at", "写作 08:30"),
    ("window_minutes: 241", "window_minutes", "不得大于240"),
    ("report_at: zhengdi.example.cn", "report_at", "开头的网址"),
    ("report_at: 'https://a.cn/{案件编号'", "report_at", "不能有“{”"),
    ("ladder: {statutory: {0: [经办人, 经办人], -1: [经办人], 1: [经办人]}}", "ladder.statutory.0",
     "“法定期限的提醒阶梯”同一级写了两遍"),
    ("ladder: {office: {3: [区]}}", "ladder.office.3",
     "“内部时限的提醒阶梯”应当从经办人起逐级告知，不得越级，缺少经办人、单位负责人"),
    ("ladder: {office: {3: [县]}}", "ladder.office.3[0]", "“内部时限的提醒阶梯”没有“县”这一级"),
    ("channels: {apprise: {值班: {uri: a, url: {file: /a}}}}", "channels.apprise.值班.uri",
     "是否应为“url”"),
    ("channels: {webhooks: {平台: {url: a, secret: {file: /a}}}}", "channels.webhooks.平台.url",
     "“接收网址”应当"),
    ("channels: {robots: {群: 5}}", "channels.robots.群", "“群机器人”应当是一组"),
    ("ladder: {office: {0.5: [经办人]}}", "ladder.office.0.5", "整数"),
    ("alarm: []", "alarm", "是否应为“alarms”"),
    ("alarms: [{name: 值守, channel: {kind: 微信, address: a}}]", "alarms[0].channel.kind",
     "不在可选范围内"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "said"), WRONG)
def test_a_fault_says_what_is_wrong(tmp_path: Path, text: str, place: str, said: str) -> None:
    (fault,) = faults_of(written(tmp_path, text))
    assert places([fault]) == [place]
    assert said in fault


@pytest.mark.parametrize("text", ["", "\n", "# 以后再写\n# hours: {}\n", "---\n# 无\n", "~\n"])
def test_a_file_that_says_nothing_is_the_usual(tmp_path: Path, text: str) -> None:
    assert reminder_settings(written(tmp_path, text)) == ReminderSettings()
    assert office_faults(tmp_path) == ()


@pytest.mark.parametrize("text", ["# " + "长" * 4_000_000, "[" * 3000])
def test_what_is_no_settings_is_not_called_a_case_file(tmp_path: Path, text: str) -> None:
    (fault,) = faults_of(written(tmp_path, text))
    assert "太" in fault
    assert "项目" not in fault


def test_faults_of_the_channels_hide_nothing_else(tmp_path: Path) -> None:
    text = """
hours: {opens: "17:00", closes: "09:00"}
window_minutes: 二十
channels:
  email: {host: "https://m.cn", sender: a@b.cn}
  robots:
    区群: {kind: qq, token: {env: LAND_NOT_SET}}
    市群: {kind: wecom, token: {env: LAND_NOT_SET}}
alarms:
  - name: 甲
    channel: {kind: email, address: a@b.cn}
    fallback: [{kind: sms, address: "13800000000"}]
  - name: 乙
    channel: {kind: dingtalk, address: 区群}
    fallback: [{kind: dingtalk, address: 市群}]
"""
    assert places(list(office_faults(written(tmp_path, text)))) == [
        "hours.closes",
        "window_minutes",
        "channels.email.host",
        "channels.robots.区群.kind",
        "channels.robots.区群.token",
        "channels.robots.市群.token",
        "alarms[0].fallback[0].kind",
        "alarms[1].fallback[0].address",
    ]


_LEVELS = st.sampled_from(["经办人", "单位负责人", "区", "局", "市", "镇长"])
_RUNGS = st.dictionaries(
    st.integers(-12, 12), st.lists(_LEVELS, max_size=5, unique=True), min_size=1, max_size=6
)


@given(_RUNGS)
def test_any_ladder_is_sound_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rungs: dict[int, list[str]]
) -> None:
    listed = ", ".join(f"{day}: [{', '.join(levels)}]" for day, levels in rungs.items())
    text = f"ladder: {{statutory: {{{listed}}}}}"
    folder = written(tmp_path_factory.mktemp("office"), text)
    sizes = {day: len(levels) for day, levels in rungs.items()}
    ups = ["经办人", "单位负责人", "区", "局", "市"]
    sound = (
        0 in rungs
        and min(rungs) < 0 < max(rungs)
        and all(levels and set(levels) == set(ups[: len(levels)]) for levels in rungs.values())
        and all(sizes[a] <= sizes[b] for a in sizes for b in sizes if a < b and b > 0)
    )
    try:
        ladder = reminder_settings(folder).ladders.statutory
    except SettingsUnusable:
        assert not sound
    else:
        assert sound
        assert ladder == {day: tuple(Level)[: sizes[day]] for day in sorted(sizes)}
