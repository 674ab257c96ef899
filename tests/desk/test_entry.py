"""Every outcome has its exit code, and every sentence is Chinese."""

import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from case.commands import COMMANDS as CASE_COMMANDS
from deploy.settings import REPOSITORY
from desk import entry
from desk.chinese import WORDS, wrapped
from tests.desk.commandline import EXAMPLE, Office, environment

ENGLISH = re.compile(
    r"Usage|Options|Commands|Show this|Error|Missing|Invalid|No such|Try '|required|default|"
    r"\[OPTIONS\]|ARGS|\bTEXT\b|INTEGER|\bPATH\b"
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desk whose server is not there: its port is held, and nobody listens on it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{held.getsockname()[1]}"
        yield Office(environment(tmp_path, TEMPORAL_ADDRESS=address))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "退出码"),
        (("nothing",), "没有“nothing”这个命令"),
        (("due", "--nothing"), "没有“--nothing”这个选项"),
        (("due", "2024-09-20", "--days"), "后面缺少值"),
        (("launch",), "缺少参数"),
        (("show", "A", "B"), "多出了“B”"),
        (("act", "A", "nothing"), "没有“nothing”这个命令"),
        (("act", "A"), "没有写要用的命令"),
        (("todo", "--case", "NONE"), "登记簿中没有案件 NONE"),
        (("todo", "--township", "无名镇"), "都不涉及“无名镇”"),
        (("todo", "--unit", "无名局"), "没有单位“无名局”"),
        (("show", "NONE", "--entries"), "登记簿中没有案件 NONE"),
        (("launch", "无此文件.yaml"), "找不到文件"),
        (("launch", REPOSITORY / "examples/broken/several-faults.yaml"), "共"),
        (("check", REPOSITORY / "examples/broken/several-faults.yaml"), "改好以后才能启动"),
    ],
)
def test_bad_input_ends_with_2(
    office: Office, arguments: tuple[str | Path, ...], sentence: str
) -> None:
    said = office.refused(2, *arguments)
    assert sentence in said
    assert not ENGLISH.search(said)


@pytest.mark.parametrize(
    ("code", "arguments", "said"),
    [
        (0, ("--help",), "退出码"),
        (0, ("act", "WZ-LC-2026-001", "confirm_posting", "--help"), "--places"),
        (0, ("check", EXAMPLE), "没有问题"),
        (2, ("act", "WZ-LC-2026-001", "approve", "--nothing"), "没有“--nothing”这个选项"),
        (2, ("launch", REPOSITORY / "examples/broken/several-faults.yaml"), "输入有误：共"),
        (4, ("show", "WZ-LC-2026-001"), "连不上服务器："),
    ],
)
def test_exit_codes_of_the_program(
    office: Office, code: int, arguments: tuple[str | Path, ...], said: str
) -> None:
    result = office.program(*arguments)
    assert result.code == code, result.stderr
    assert said in (result.stderr if code else result.stdout)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("launch", EXAMPLE),
        ("show", "WZ-LC-2026-001"),
        ("act", "WZ-LC-2026-001", "draft-initiation", "--contents", "全部"),
    ],
)
def test_no_server_ends_with_4_within_seconds(
    office: Office, arguments: tuple[str | Path, ...]
) -> None:
    begun = time.monotonic()
    said = office.refused(4, *arguments)
    assert time.monotonic() - begun < 10
    assert said.startswith("连不上服务器：127.0.0.1:")
    assert said.count("\n") == 1
    assert office.done("todo").endswith("没有待办事项。\n")


def test_a_dry_run_of_a_launch_needs_no_server(office: Office) -> None:
    said = office.done("launch", EXAMPLE, "--dry-run")
    assert "拟定《土地征收启动公告》" in said
    assert office.done("todo").endswith("没有待办事项。\n")


HELPS = [
    ("--help",),
    *((name, "--help") for name in entry.COMMANDS),
    *(("act", "A", name.replace("_", "-"), "--help") for name in CASE_COMMANDS),
]


@pytest.mark.parametrize("arguments", HELPS, ids=" ".join)
def test_every_help_is_chinese_with_an_example(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(entry.desk, arguments, prog_name=entry.PROGRAM)
    assert result.exit_code == 0, result.exception
    assert not ENGLISH.search(result.stdout)
    assert "用法：" in result.stdout
    assert re.search(r"\n  (例|示例)：\n    starter\.py ", result.stdout)


def _with(raised: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    @entry.desk.command("broken")
    def broken() -> None:
        raise raised

    monkeypatch.setattr(entry, "COMMANDS", {"broken": (f"{__name__}:broken", "")})
    monkeypatch.setitem(globals(), "broken", broken)


def test_an_unforeseen_error_ends_with_1_and_is_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _with(ZeroDivisionError("内情"), monkeypatch)
    log = tmp_path / "new" / "errors.log"
    assert entry.run(["broken"], log=log) == 1
    said = capsys.readouterr()
    assert said.err == f"程序出错：ZeroDivisionError，详情写入 {log}，请交给维护人员。\n"
    assert said.out == ""
    assert "ZeroDivisionError: 内情" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("raised", [KeyboardInterrupt(), click.Abort()])
def test_an_interruption_ends_with_130(
    raised: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _with(raised, monkeypatch)
    assert entry.run(["broken"]) == 130
    assert capsys.readouterr().err.endswith("已中断。\n")


def test_lines_are_as_wide_as_they_look_and_never_begin_with_a_stop() -> None:
    lines = list(wrapped("公告期不少于十日以上，张贴当日不计入。see confirm-posting", 10))
    assert lines == ["公告期不少", "于十日以上，", "张贴当日不", "计入。see", "confirm-posting"]


def test_every_placeholder_of_clicks_words_is_one_that_click_gives() -> None:
    for english, chinese in WORDS.items():
        names = set(re.findall(r"{(\w+)", english))
        assert set(re.findall(r"{(\w+)", chinese)) <= names
