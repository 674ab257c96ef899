"""Leave and delegation as the office writes it: whose leave, and no circle of stand-ins."""

from pathlib import Path

import pytest

from activities.office.reminder_settings import SettingsUnusable, reminder_settings
from case.directory import unit_fault
from tests.activities.office.test_reminder_settings import written


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("bureau", None),
        ("land_user", None),
        ("district:鹿城区", None),
        ("department:公安", None),
        ("township:tengqiao", None),
        ("village:shibuxi", None),
        ("district:平阳县", "区只能是鹿城区"),
        ("department:教育", "没有部门“教育”"),
        ("township:藤桥镇", "不是乡镇（街道）或者村的代号"),
        ("village:", "不是乡镇（街道）或者村的代号"),
        ("市政府", "不认识单位“市政府”"),
        ("bureau:局办", "不认识单位“bureau:局办”"),
    ],
)
def test_a_units_id_is_checked_as_far_as_no_case_is_needed(unit: str, said: str | None) -> None:
    found = unit_fault(unit)
    assert found is None if said is None else found is not None and said in found


def test_overlapping_leave_of_others_makes_no_circle(tmp_path: Path) -> None:
    leave = (
        "  - {{unit: {0}, role: 经办人, name: {1}, from: 2026-10-{3}, until: 2026-10-{4}, "
        "stand_in: {{name: {2}, channel: {{kind: outbox, address: a}}}}}}\n"
    )
    chains = [
        # One after the other, on days that do not meet.
        [("bureau", "甲", "乙", 12, 16), ("bureau", "乙", "甲", 17, 20)],
        # Namesakes of different units.
        [("bureau", "甲", "乙", 12, 16), ("city", "乙", "甲", 12, 16)],
        # On leave too, but nobody's stand-in leads back.
        [("bureau", "甲", "乙", 12, 16), ("bureau", "乙", "丙", 12, 16)],
    ]
    for chain in chains:
        text = "stand_ins:\n" + "".join(leave.format(*entry) for entry in chain)
        assert len(reminder_settings(written(tmp_path, text)).stand_ins) == 2
    three = [
        ("bureau", "甲", "乙", 12, 16),
        ("bureau", "乙", "丙", 14, 18),
        ("bureau", "丙", "甲", 16, 20),
    ]
    text = "stand_ins:\n" + "".join(leave.format(*entry) for entry in three)
    with pytest.raises(SettingsUnusable) as raised:
        reminder_settings(written(tmp_path, text))
    (fault,) = raised.value.faults
    assert "代理成了循环：stand_ins[0]、stand_ins[1]、stand_ins[2]" in fault
