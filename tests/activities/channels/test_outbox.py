"""The outbox: one readable file a message, whole or not at all, named without the person."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from activities.channels.outbox import Outbox, file_name
from tests.activities.channels.samples import TEXT, message, outcome

MESSAGE = message(rung="+3", unit="department:公安")
ADDRESS = "zhang-no-1"
NAME = (
    "2026-11-30_WZ-LC-2026-001_department-公安"
    "_posting-initiation-1-township-nanhui_+3_0123456789ab.txt"
)


def test_the_file_is_named_by_day_case_unit_duty_and_rung() -> None:
    assert file_name(MESSAGE) == NAME


def test_what_is_not_about_a_case_is_named_by_its_kind() -> None:
    digest = message(kind="digest", case_id=None, duty_id="", rung="")
    assert file_name(digest) == "2026-11-30_digest_township-nanhui_0123456789ab.txt"


def test_the_name_holds_neither_person_nor_address() -> None:
    assert "张" not in file_name(MESSAGE)
    assert "zhang" not in file_name(MESSAGE)


def test_long_and_hostile_names_stay_in_the_folder(tmp_path: Path) -> None:
    hostile = message(duty_id="责任" * 200, unit="../../etc/passwd\0", rung="..", case_id="长" * 90)
    assert outcome(Outbox(tmp_path / "out"), ADDRESS, hostile) == "delivered"
    (written,) = tmp_path.rglob("*.txt")
    assert written.parent == tmp_path / "out"
    assert len(f".{written.name}.part".encode()) < 255


def test_it_reads_as_a_letter(tmp_path: Path) -> None:
    assert Outbox(tmp_path).deliver(MESSAGE, ADDRESS, repeated=False) == NAME
    (written,) = tmp_path.iterdir()
    assert written.read_text("utf-8") == (
        "主题：【2026-12-07止】WZ-LC-2026-001 温州某项目 第1步 张贴公告（南汇街道）\n"
        "应发：2026-11-30 08:30\n"
        "渠道：发件夹 zhang-no-1\n"
        f"\n{TEXT}"
    )


def test_what_may_have_arrived_by_another_channel_is_marked(tmp_path: Path) -> None:
    Outbox(tmp_path).deliver(MESSAGE, ADDRESS, repeated=True)
    (written,) = tmp_path.iterdir()
    subject, *_, text = written.read_text("utf-8").split("\n", 4)
    assert subject.endswith("（可能重复）")
    assert text.startswith("（可能重复：此前发送过一次")
    assert text.endswith(TEXT)


def test_written_often_and_at_once_it_is_one_whole_file(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: outcome(outbox, ADDRESS, MESSAGE), range(64)))
    assert set(said) == {"delivered"}
    (written,) = tmp_path.iterdir()
    assert written.read_text("utf-8").endswith(TEXT)


def test_the_draft_of_a_killed_writer_is_taken_over(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path)
    (tmp_path / f".{NAME}.part").write_text("半封信" * 500, "utf-8")
    assert outbox.knows(MESSAGE, ADDRESS) is False
    outbox.deliver(MESSAGE, ADDRESS, repeated=False)
    assert outbox.knows(MESSAGE, ADDRESS) is True
    (written,) = tmp_path.iterdir()
    assert written.read_text("utf-8").endswith(TEXT)
    assert "半封信" not in written.read_text("utf-8")


def test_it_knows_nothing_where_there_is_no_folder(tmp_path: Path) -> None:
    assert Outbox(tmp_path / "none").knows(MESSAGE, ADDRESS) is False


def test_what_cannot_be_written_leaves_nothing_half_done(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert outcome(Outbox(tmp_path), ADDRESS, MESSAGE) == "Unavailable"
    assert [found.name for found in tmp_path.iterdir()] == [NAME]


def test_a_file_in_the_place_of_the_folder_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", "utf-8")
    assert outcome(Outbox(tmp_path / "out"), ADDRESS, MESSAGE) == "Unavailable"
