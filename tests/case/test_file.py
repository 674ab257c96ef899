"""The case file: both examples load, and each broken one names every place that is wrong."""

import json
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case.brief import brief, digest
from case.entries import CaseFile
from case.faults import Fault, Faults
from case.file import load
from case.land import AreaUnit, LandClass, in_mu
from case.targets import OfficeTargets

EXAMPLES = Path(__file__).parents[2] / "examples"
ONE_VILLAGE = EXAMPLES / "one-village.yaml"
THREE_VILLAGES = EXAMPLES / "three-villages.yaml"
VILLAGE = "townships[0].villages[0]"

SHEET = "compensation.villages[0]"
NEEDS_PRICES = {"compensation-no-price"}
"""Sound by themselves: what is wrong with them is that a price is missing."""

BROKEN: dict[str, set[str]] = {
    "compensation-all-faults": {
        f"{VILLAGE}.parcels[0].area",
        "townships[1].name",
        f"{SHEET}.houses[0].valued_on",
        f"{SHEET}.special_items[0].consent",
    },
    "compensation-before-the-order": {"compensation.plan_approved_on"},
    "compensation-houses": {
        f"{SHEET}.houses",
        f"{SHEET}.houses[1].house",
        f"{SHEET}.houses[2].house",
    },
    "compensation-negative-area": {f"{VILLAGE}.parcels[0].area"},
    "compensation-not-rushed": {f"{SHEET}.uncompensated[0].done_on"},
    "compensation-unknown-street": {"townships[0].name"},
    "compensation-valuation-day": {f"{SHEET}.houses[0].valued_on"},
    "compensation-without-consent": {f"{SHEET}.special_items[0].consent"},
    "compensation-wrong-land": {f"{SHEET}.special_items[0].on", f"{SHEET}.removals[0].kind"},
    "duplicate-id": {f"{VILLAGE}.houses[1].id"},
    "duplicate-key": {f"{VILLAGE}.zone"},
    "empty": {"文件"},
    "forest-without-height": {
        f"{VILLAGE}.parcels[1].above_10m",
        f"{VILLAGE}.parcels[2].permanent_basic_farmland",
    },
    "holders-exceed-land": {
        f"{VILLAGE}.houses",
        f"{VILLAGE}.contractors",
        f"{VILLAGE}.contractors[1].class",
    },
    "missing-people": {"directory"},
    "not-utf-8": {"文件"},
    "not-yaml": {"文件"},
    "outside-the-order": {"townships[0].district"},
    "personal-data-in-number": {"project.number"},
    "several-faults": {
        "project.number",
        "project.ground",
        "project.industrial_or_commercial",
        "project.land_user",
        f"{VILLAGE}.zone",
        f"{VILLAGE}.members",
        f"{VILLAGE}.member",
        f"{VILLAGE}.parcels[0].area",
        f"{VILLAGE}.parcels[1].class",
        f"{VILLAGE}.parcels[1].area",
        f"{VILLAGE}.parcels[1].unit",
        f"{VILLAGE}.houses[0].footprint_m2",
        f"{VILLAGE}.contractors[0].id",
        "signing.contractors",
        "office_targets.survey",
        "office_targets.surveys",
        "directory",
        "directory[2].unit",
        "directory[7].channel.kind",
        "directory[7].channel.address",
        "directory[15].role",
    },
    "unknown-department": {"directory", "directory[12].unit"},
    "zone-contradicts-district": {f"{VILLAGE}.zone"},
}


def faults_of(source: Path | str) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as raised:
        load(source)
    return raised.value.faults


def changed(old: str, new: str, path: Path = ONE_VILLAGE) -> str:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    return text.replace(old, new)


def test_every_broken_example_is_in_the_table() -> None:
    assert {path.stem for path in (EXAMPLES / "broken").glob("*.yaml")} == (
        set(BROKEN) | NEEDS_PRICES
    )


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_example_names_every_faulty_place_at_once(name: str) -> None:
    faults = faults_of(EXAMPLES / "broken" / f"{name}.yaml")
    assert {fault.place for fault in faults} == BROKEN[name]
    assert len({(fault.place, fault.sentence) for fault in faults}) == len(faults)


def test_missing_people_are_named_by_unit_and_role() -> None:
    sentences = {fault.sentence for fault in faults_of(EXAMPLES / "broken/missing-people.yaml")}
    assert sentences == {
        "单位“department:税务”（税务部门）缺少经办人",
        "单位“township:shuangyu”（双屿街道）缺少负责人",
        "单位“village:yangtou”（垟头村）缺少经办人",
    }


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_fault_stands_on_the_line_it_names(name: str) -> None:
    path = EXAMPLES / "broken" / f"{name}.yaml"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for fault in faults_of(path):
        entry = fault.place.rpartition(".")[2].partition("[")[0]
        absent = fault.sentence.startswith(("缺少这一项", "一类区片的林地应当写明"))
        absent = absent or "没有写同意的文号" in fault.sentence
        if fault.line is not None and fault.place != "文件" and not absent:
            assert entry in lines[fault.line - 1], fault


def test_faults_come_in_file_order() -> None:
    lines = [fault.line or 0 for fault in faults_of(EXAMPLES / "broken/several-faults.yaml")]
    assert lines == sorted(lines)
    assert len(set(lines)) >= 8


def test_one_village_is_in_zone_1() -> None:
    file = load(ONE_VILLAGE)
    ((township, village),) = file.villages
    assert (township.district, village.zone, village.members) == ("鹿城区", 1, 420)
    assert (len(village.houses), len(village.contractors)) == (24, 40)
    assert village.area({LandClass.ARABLE}) == Decimal("3.1246") * 15 + Decimal("30.818")


def test_three_villages_have_one_qualifying_group_and_both_zones() -> None:
    taken = brief(load(THREE_VILLAGES))
    assert [village.zone for village in taken.villages] == [1, 1, 2]
    assert [township.district for township in taken.townships] == ["瓯海区", "洞头区"]
    assert [group.id for village in taken.villages for group in village.groups] == ["tangxiayang-1"]


@pytest.mark.parametrize("path", [ONE_VILLAGE, THREE_VILLAGES])
def test_brief_holds_nothing_personal(path: Path) -> None:
    file = load(path)
    text = str(asdict(brief(file)))
    people = {person.name for person in file.directory}
    for _, village in file.villages:
        people |= {house.owner for house in village.houses}
        people |= {contractor.name for contractor in village.contractors}
        people |= {house.title for house in village.houses}
    assert people
    assert not [name for name in people if name in text]


def test_brief_adds_up() -> None:
    (village,) = brief(load(ONE_VILLAGE)).villages
    assert village.farmland + village.construction + village.unused == village.total_area
    assert village.forest_above_10m == Decimal("5.9")
    assert village.basic_farmland == Decimal("46.869")


@pytest.mark.parametrize("written", ["yes", "on", "1", '"true"', "~"])
def test_only_true_and_false_are_truth_values(written: str) -> None:
    text = changed("industrial_or_commercial: false", f"industrial_or_commercial: {written}")
    assert [fault.place for fault in faults_of(text)] == ["project.industrial_or_commercial"]


@pytest.mark.parametrize("written", ["420.0", '"420"', "true", "0", "-3", "0420", "4e2", "四百"])
def test_members_is_a_whole_positive_number(written: str) -> None:
    faults = faults_of(changed("members: 420", f"members: {written}"))
    assert [fault.place for fault in faults] == [f"{VILLAGE}.members"]


@pytest.mark.parametrize("written", ["0", "1.01", "-0.5", "true", "九成", "1e-1"])
def test_ratio_is_above_nothing_and_at_most_all(written: str) -> None:
    faults = faults_of(changed("houses: 0.9", f"houses: {written}"))
    assert [fault.place for fault in faults] == ["signing.houses"]


@pytest.mark.parametrize(
    ("township", "district", "zone"), [("灵昆街道", "洞头区", 1), ("北岙街道", "洞头区", 2)]
)
def test_lingkun_is_the_part_of_dongtou_in_zone_1(township: str, district: str, zone: int) -> None:
    text = changed("name: 藤桥镇\n", f"name: {township}\n")
    text = text.replace("district: 鹿城区", f"district: {district}")
    text = text.replace("district:鹿城区", f"district:{district}")
    assert load(text.replace("zone: 1", f"zone: {zone}")).townships[0].name == township
    wrong = faults_of(text.replace("zone: 1", f"zone: {3 - zone}"))
    assert f"{VILLAGE}.zone" in {fault.place for fault in wrong}


SECTION: list[tuple[str, str, str, str]] = [
    # what is changed in the one-village example, to what, the place, and what is said of it
    (
        "plan_approved_on: 2026-07-10",
        "plan_approved_on: 2026年7月",
        "plan_approved_on",
        "应当是日期",
    ),
    (
        "plan_approved_on: 2026-07-10",
        "plan_approved_on: 2026-02-30",
        "plan_approved_on",
        "没有这一天",
    ),
    ("posted_on: 2026-03-16", "posted_on: 2026-07-11", "initiation_posted_on", "第六条"),
    ("posted_on: 2026-03-16", "posted_on: 2026-07-10", "initiation_posted_on", "不能是同一天"),
    ("assessed: 560700", "assessed: 560,700", "villages[0].houses[0].700", "不能写千分位逗号"),
    ("amount: 18600", 'amount: "18,600"', "villages[0].removals[0].amount", "不能写千分位逗号"),
    (
        "ground: 违法",
        "ground: 违法, basis: 见13800000000",
        "villages[0].uncompensated[1].basis",
        "个人信息",
    ),
    ("village: shibuxi", "village: shibuxi2", "villages[0].village", "是否应为“shibuxi”"),
    ("graves: 6", "graves: -6", "villages[0].graves", "不得小于0"),
    ("graves: 6", "graves: 6.5", "villages[0].graves", "应当是整数"),
    ("graves: 6", "grave: 6", "villages[0].grave", "是否应为“graves”"),
    ("newness: 0.65", "newness: 1.2", "villages[0].special_items[0].newness", "不得大于1"),
    ("amount: 18600", "amount: 0", "villages[0].removals[0].amount", "应当大于0"),
    ("assessed: 560700", "assessed: 5.607", "villages[0].houses[0].assessed", "不得超过2位"),
    ("h01, choice: 货币补偿", "h01, choice: 调换", "villages[0].houses[0].choice", "产权调换"),
    ("ground: 违法", "ground: 违规", "villages[0].uncompensated[1].ground", "抢种"),
    (
        "ground: 抢建, done_on: 2026-04-02",
        "ground: 抢建",
        "villages[0].uncompensated[0].done_on",
        "应当写明",
    ),
    (
        "      graves: 6",
        "      insurance_places: 252",
        "villages[0].insurance_rule",
        "应当一起写",
    ),
    (
        "      graves: 6",
        "      insurance_places: 252.3\n      insurance_rule: 某",
        "villages[0].insurance_places",
        "相差一个以上",
    ),
]


@pytest.mark.parametrize(("old", "new", "place", "said"), SECTION)
def test_a_fault_of_the_compensation_section_is_said_with_its_place(
    old: str, new: str, place: str, said: str
) -> None:
    faults = {fault.place: fault for fault in faults_of(changed(old, new))}
    fault = faults[f"compensation.{place}"]
    assert said in fault.sentence
    assert fault.line is not None


def test_a_village_that_the_section_forgets_is_named() -> None:
    text = THREE_VILLAGES.read_text(encoding="utf-8")
    start = text.index("    - village: lingxi")
    end = text.index("    - village: wangyugang")
    (fault,) = faults_of(text[:start] + text[end:])
    assert (fault.place, "lingxi" in fault.sentence) == ("compensation.villages", True)


def test_rushed_items_need_the_initiation_notice() -> None:
    text = ONE_VILLAGE.read_text(encoding="utf-8")
    start = text.index("  initiation_posted_on")
    end = text.index("  villages:  # 每个村")
    (fault,) = faults_of(text[:start] + text[end:])
    assert "应当写明土地征收启动公告张贴之日" in fault.sentence


def test_compensation_may_be_left_out() -> None:
    text = ONE_VILLAGE.read_text(encoding="utf-8")
    assert load(text[: text.index("compensation:")]).compensation is None


def test_file_that_is_not_there() -> None:
    (fault,) = faults_of(EXAMPLES / "没有.yaml")
    assert "找不到文件" in fault.sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("project: [", "第1行第11列"),
        ("project: *other", "不能用“*”引用"),
        ("\tproject: 1", "制表符"),
        ("a: 1\n---\nb: 2", "第2行"),
        ("a: \x01", "第1行第4列"),
        ("[" * 3000, "层次太深"),
        ("name: 甲: 乙", "冒号"),
    ],
)
def test_what_is_not_yaml_is_said_with_its_place(text: str, said: str) -> None:
    (fault,) = faults_of(text)
    assert fault.place == "文件"
    assert said in fault.sentence


def test_tag_is_refused_and_never_run() -> None:
    text = changed("use: 教育用地", "use: !!python/object/apply:os.getcwd []")
    assert "project.use" in {fault.place for fault in faults_of(text)}


def test_person_with_a_faulty_channel_is_not_also_missing() -> None:
    faults = faults_of(changed("address: city/clerk", "address: ~"))
    assert [fault.place for fault in faults] == ["directory[2].channel.address"]


CLERK = "channel: {kind: outbox, address: city/clerk}"


@pytest.mark.parametrize(
    ("written", "place", "said"),
    [
        ("channel: {kind: email, address: 张三@bureau}", "channel.address", "电子邮件地址"),
        ("channel: {kind: email, address: zhangsan＠a.gov.cn}", "channel.address", "电子邮件地址"),
        ("channel: {kind: email, address: a@b..gov.cn}", "channel.address", "电子邮件地址"),
        ('channel: {kind: sms, address: "1380000000"}', "channel.address", "手机号码"),
        ("channel: {kind: sms, address: 13800000000}", "channel.address", "请加引号"),
        ("channel: {kind: zhezhengding, address: 张 三}", "channel.address", "浙政钉"),
        ("channel: {kind: weixin, address: a}", "channel.kind", "只能是outbox、email"),
        (f"{CLERK}, fallback: [{{kind: email, address: a}}]", "fallback[0].address", "电子邮件"),
        (f"{CLERK}, fallback: [{{kind: outbox, address: city/clerk}}]", "fallback", "重复"),
        (f"{CLERK}, fallback: {{kind: outbox, address: a}}", "fallback", "列表"),
        (f"{CLERK}, backup: []", "backup", "没有“backup”这一项"),
    ],
)
def test_a_person_who_cannot_be_reached_is_a_fault(written: str, place: str, said: str) -> None:
    (fault,) = faults_of(changed(CLERK, written))
    assert fault.place == f"directory[2].{place}"
    assert said in fault.sentence
    assert fault.line == ONE_VILLAGE.read_text(encoding="utf-8")[: _at(CLERK)].count("\n") + 1


def _at(text: str) -> int:
    return ONE_VILLAGE.read_text(encoding="utf-8").index(text)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("email", "zhang.san+tixing@lucheng.example.gov.cn"),
        ("email", "o'hara!@mailhost"),
        ("sms", "13800000000"),
        ("sms", "+8613800000000"),
        ("zhezhengding", "GE_c7f5b1"),
        ("dingtalk", "鹿城区群"),
        ("wecom", "鹿城区群"),
        ("feishu", "鹿城区群"),
        ("webhook", "局内平台"),
        ("apprise", "值班"),
        ("outbox", "市政府 经办人"),
    ],
)
def test_a_person_is_reached_on_any_kind_of_channel_and_may_have_others(
    kind: str, address: str
) -> None:
    other = f'{{kind: {kind}, address: "{address}"}}'
    person = load(changed(CLERK, f"{CLERK}, fallback: [{other}]")).directory[2]
    assert [(each.kind, each.address) for each in person.fallback] == [(kind, address)]
    assert load(changed(CLERK, f"channel: {other}")).directory[2].channel == person.fallback[0]


def test_a_file_without_other_channels_digests_as_it_did_before_there_were_any() -> None:
    assert digest(load(changed(CLERK, f"{CLERK}, fallback: []"))) == digest(load(ONE_VILLAGE))
    other = f"{CLERK}, fallback: [{{kind: outbox, address: b}}]"
    assert digest(load(changed(CLERK, other))) != digest(load(ONE_VILLAGE))


def test_digest_is_of_what_the_file_says() -> None:
    file = load(ONE_VILLAGE)
    rewritten = changed("area: 21.458,", 'area: "21.45800",  ')
    assert digest(load("# 另一个注释\n" + rewritten)) == digest(file)
    assert digest(load(changed("area: 21.458,", "area: 21.459,"))) != digest(file)
    assert brief(file).file_digest == digest(file)


def test_targets_have_defaults_and_bounds() -> None:
    file = load(THREE_VILLAGES)
    assert file.office_targets.survey == 40
    assert file.office_targets.draft == OfficeTargets().draft
    places = [fault.place for fault in faults_of(changed("survey: 25", "survey: 251"))]
    assert places == ["office_targets.survey"]


def test_office_targets_may_be_left_out() -> None:
    text = ONE_VILLAGE.read_text(encoding="utf-8")
    start, end = text.index("office_targets:"), text.index("directory:")
    assert load(text[:start] + text[end:]).office_targets == OfficeTargets()


@given(st.decimals(min_value=0, max_value=10_000_000, places=6))
def test_areas_convert_exactly(area: Decimal) -> None:
    square_metres = in_mu(area, AreaUnit.SQUARE_METRE)
    assert square_metres * 2000 == area * 3
    assert in_mu(area, AreaUnit.HECTARE) == square_metres * 10_000


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*CaseFile.model_fields, "villages", "parcels", "unit", "id"]),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_other_content_is_refused_in_chinese(content: object) -> None:
    for fault in faults_of(json.dumps(content, ensure_ascii=False)):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in fault.sentence)
