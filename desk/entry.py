"""The bureau's commands as one program, and how each of its outcomes becomes an exit code."""

import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from deploy.settings import VAR

PROGRAM = "starter.py"
UNEXPECTED = 1
INTERRUPTED = 130
ERRORS = VAR / "errors.log"

COMMANDS = {
    "check": ("desk.check:check", "检查项目文件，一次列出全部问题"),
    "launch": ("desk.launch:launch", "启动一个征收项目"),
    "act": ("desk.act:act", "登记一件已经办理的事"),
    "todo": ("desk.todo:todo", "谁、何时之前、该办什么"),
    "show": ("desk.show:show", "一个案件的进度、期限和下一步"),
    "reminders": ("desk.reminders:reminders", "谁在什么时候被提醒了什么，送达没有"),
    "channels": ("desk.channels:channels", "查看、核对、测试提醒的渠道"),
    "due": ("desk.due:due", "测算一个期限的截止日"),
    "verify-notice": ("desk.verify_notice:verify_notice", "核对已发布公告的期限够不够"),
    "calendar": ("desk.calendar:calendar", "查看、核对、采用年度放假安排"),
    "rules": ("desk.rules:rules", "某一天施行的全部规定：期限、条件、标准、价格"),
    "transition": ("desk.transition:transition", "新老政策衔接：该用哪个标准、哪个程序"),
    "compensation": ("desk.compensation:compensation", "按标准测算征地补偿和各项费用"),
    "ledger": ("desk.ledger:ledger", "村级住宅用房安置指标和留地补助台账"),
    "rehearse": ("desk.rehearse:rehearse", "演练：按脚本走完一个案件"),
}
"""Every command: where it stands, and what it is for. Loaded only when it is asked for."""


class _Desk(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in COMMANDS.items()])


@click.group(
    "starter.py",
    cls=_Desk,
    help="""土地征收工作台：按温政令〔2020〕7号办理征收案件，从启动公告到交付土地共十四步。

\b
例：
  starter.py check examples/one-village.yaml      检查项目文件
  starter.py launch examples/one-village.yaml     启动案件
  starter.py todo --township 藤桥镇               藤桥镇该办什么
  starter.py act WZ-LC-2026-001 draft-initiation --contents 全部
  starter.py show WZ-LC-2026-001                  进度、期限、下一步
  starter.py 命令 --help                          每个命令的说明和例子

\b
退出码：
  0    已办
  2    输入有误：文件、选项或者编号不对
  3    依法不予办理：写明缺什么、依据哪一条
  4    连不上服务器，或者服务器上没有执行进程；渠道不通
  1    程序出错，详情写入日志
  130  被中断
""",
)
def desk() -> None:
    """The group of all commands."""


def main(argv: Sequence[str]) -> NoReturn:
    """Run one command line (without the program's name) and leave with its exit code.

    A process that has used a Temporal client sometimes aborts while the interpreter winds up, when
    all its work is done (sdk-python issue 300). So it leaves at once, here and nowhere else.
    """
    code = run(argv)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # Whoever read it has gone, as in `starter.py todo | head`.
            continue
    os._exit(code)


def run(argv: Sequence[str], *, log: Path = ERRORS) -> int:
    """Run one command line and return its exit code; whatever went wrong is told on stderr.

    The traceback of an error that nobody foresaw goes to `log`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        desk.main(args=list(argv), prog_name=PROGRAM, standalone_mode=False)
    except click.ClickException as ending:
        ending.show()
        return ending.exit_code
    except click.exceptions.Exit as ending:
        return ending.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("已中断。", err=True)
        return INTERRUPTED
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else UNEXPECTED
    except Exception as error:
        click.echo(f"程序出错：{type(error).__name__}，{_written_down(argv, log)}", err=True)
        return UNEXPECTED
    return 0


def _written_down(argv: Sequence[str], log: Path) -> str:
    """Write the traceback where it can be sent in, and say where."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat()} {list(argv)}\n{traceback.format_exc()}\n")
    except OSError:
        return f"而且详情无法写入 {log}。"
    return f"详情写入 {log}，请交给维护人员。"
