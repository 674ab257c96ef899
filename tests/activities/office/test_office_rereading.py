"""The office's files change while a worker runs: what is good counts, what is faulty waits."""

from datetime import date, time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from activities.office.calendars import CalendarUnusable
from activities.office.reminder_settings import FILE, Office, SettingsUnusable
from tests.activities.office.test_reminder_settings import BROKEN, written

CHANGED = "told_at: '09:00'"
FAULTY = "told_at: 晨"


def test_the_office_is_read_afresh_and_a_slip_leaves_the_last_good_settings(tmp_path: Path) -> None:
    office = Office(tmp_path)
    assert office.reminders().told_at == time(8, 30)
    written(tmp_path, CHANGED)
    assert office.reminders().told_at == time(9)
    written(tmp_path, FAULTY + "\nalarms: [{name: 值守, channel: {kind: email, address: 张三}}]")
    with capture_logs() as logs:
        assert [office.reminders().told_at for _ in range(3)] == [time(9)] * 3
    assert [(line["log_level"], line["file"], line["faults"]) for line in logs] == [
        ("error", FILE, 2)
    ]
    assert "张三" not in str(logs)
    written(tmp_path, "told_at: '10:00'")
    assert office.reminders().told_at == time(10)


def test_a_file_that_vanishes_while_it_is_replaced_leaves_the_last_good_settings(
    tmp_path: Path,
) -> None:
    office = Office(written(tmp_path, CHANGED))
    assert office.reminders().told_at == time(9)
    (tmp_path / FILE).unlink()
    assert office.reminders().told_at == time(9)
    assert Office(tmp_path).reminders().told_at == time(8, 30)


def test_where_there_was_never_a_good_file_nothing_stands(tmp_path: Path) -> None:
    office = Office(written(tmp_path, FAULTY))
    with pytest.raises(SettingsUnusable, match="told_at"):
        office.reminders()
    with pytest.raises(SettingsUnusable, match="截至日"):
        Office(BROKEN / "several-faults").templates()


def test_a_slip_in_a_template_leaves_the_last_good_ones(tmp_path: Path) -> None:
    office = Office(tmp_path)
    usual = office.templates()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "test.txt").write_text("主题：{没有}", encoding="utf-8")
    assert office.templates() is usual
    (tmp_path / "templates" / "test.txt").write_text(
        "主题：试\n短信：试\n试{时间}", encoding="utf-8"
    )
    assert office.templates().by_kind["test"].subject == "试"


def test_nobody_counts_by_papers_that_became_faulty(tmp_path: Path) -> None:
    office = Office(tmp_path)
    assert office.calendar().is_working(date(2026, 10, 10))
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "2027.yaml").write_text("year: 两千", encoding="utf-8")
    with pytest.raises(CalendarUnusable):
        office.calendar()
