"""`act`: say to a case what a person did; one sub-command for every command of a case."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from case.command import Command as Said
from case.commands import COMMANDS
from case.conduct import Correct
from desk.acting import Manner, perform
from desk.cases import case_id
from desk.fields import Value, name_of, values_of
from desk.form import form

_CHANGES = "put_right"
_ANY_NOTICE = "第1、4、7、12步"


class _Acts(click.Group):
    """Every command of a case by its name, with dashes or with underscores."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name.replace("_", "-") for name in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        kind = COMMANDS.get(cmd_name.replace("-", "_"))
        return _command(kind) if kind else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令（按程序先后）"):
            formatter.write_dl(
                [
                    (name.replace("_", "-"), f"{_where(kind)}  {kind.title}")
                    for name, kind in COMMANDS.items()
                ]
            )


@click.group(
    "act",
    cls=_Acts,
    help="""登记一件已经办理的事：谁、哪一天、做了什么、文号、佐证。法律不允许的，不予登记并说明缺什么、依据哪一条。

先列出要登记的内容，再送出；加 --dry-run 只看结果，不送出。

\b
例：
  starter.py act WZ-LC-2026-001 draft-initiation --contents 全部
  starter.py act WZ-LC-2026-001 approve --notice initiation --document-number 温政征〔2026〕1号
  starter.py act WZ-LC-2026-001 confirm-posting --unit 藤桥镇 --evidence 照片.jpg
  starter.py act WZ-LC-2026-001 confirm-posting --help    这个命令要写哪些内容
  starter.py act WZ-LC-2026-001 submit-survey --file 调查.yaml --dry-run
""",
)
@click.argument("case", metavar="案件编号")
@click.pass_context
def act(ctx: click.Context, case: str) -> None:
    """Say one command to a case; exit codes as in `starter.py --help`."""
    ctx.obj = case_id(case)


def _where(kind: type[Said]) -> str:
    """The step or steps to which a command belongs."""
    if kind.step == 0:
        return "全案"
    if any(value.name == "notice" for value in values_of(kind)):
        return _ANY_NOTICE
    return f"第{kind.step}步"


def _command(kind: type[Said]) -> click.Command:
    """The sub-command of one kind of command: its own values first, then what all carry."""
    own = [value for value in values_of(kind) if value.name != "replacement"]
    options = [value.option() for value in own]
    if kind is Correct:
        options.append(_corrections())
    return click.Command(
        name_of(kind).replace("_", "-"),
        params=[*options, *_common(kind)],
        callback=_callback(kind, [value.name for value in own]),
        help=_help(kind, own),
    )


def _callback(kind: type[Said], own: list[str]) -> Callable[..., None]:
    @click.pass_obj
    def callback(case: str, /, **given: Any) -> None:
        carried = {
            "occurred_on": given["occurred_on_"],
            "unit": given["unit_"],
            "role": given["role_"],
            "name": given["name_"],
            "document_number": given["document_number_"],
            "id": given["id_"],
        }
        written = form(
            kind,
            {name: given[name] for name in own},
            carried,
            evidence=given["evidence_"],
            evidence_kind=given["evidence_kind_"],
            file=given["file_"],
            put_right=given.get(_CHANGES, ()),
        )
        manner = Manner(dry_run=given["dry_run_"], ask=given["ask_"])
        perform(case, written, manner)

    return callback


def _corrections() -> click.Option:
    return click.Option(
        ["--set", _CHANGES],
        multiple=True,
        metavar="名称=值",
        help="改成什么，可多次给出；没有写的照原登记。列表逐项给出，等号后不写即去掉。[必填]",
    )


def _common(kind: type[Said]) -> list[click.Option]:
    """What every command takes. The names end in an underscore, apart from a command's own."""
    number = "文号。[必填]" if kind.numbered else "文号。"
    proof = "佐证材料的文件，可多次给出；登记其 SHA-256 和存放位置。"
    if kind.proven:
        proof += "[必填]"
    return [
        click.Option(
            ["--occurred-on", "occurred_on_"],
            metavar="年-月-日",
            help="实际发生日；默认今天。不得晚于今天，也不得早于所依据的事项。",
        ),
        click.Option(
            ["--unit", "unit_"],
            metavar="单位",
            help="办理单位的代号或名称；默认由案件推定：只有一个单位能办的即该单位，有几个的取"
            "待办事项的责任单位，再取通讯录中有人的第一个。",
        ),
        click.Option(["--role", "role_"], metavar="职务", help="办理人的职务；默认经办人。"),
        click.Option(
            ["--name", "name_"],
            metavar="姓名",
            help="办理人姓名，存入登记簿；不出现在编号、摘要和日志里。",
        ),
        click.Option(["--document-number", "document_number_"], metavar="文号", help=number),
        click.Option(["--evidence", "evidence_"], multiple=True, metavar="文件", help=proof),
        click.Option(
            ["--evidence-kind", "evidence_kind_"],
            metavar="种类",
            help="佐证材料的种类，如 张贴照片、网页截图；默认按文件类型。",
        ),
        click.Option(
            ["--id", "id_"],
            metavar="登记号",
            help="默认由内容生成：同样的内容再登记一次不会重复。内容相同的另一次，请另给登记号。",
        ),
        click.Option(
            ["--file", "file_"],
            type=click.Path(path_type=Path),
            metavar="文件",
            help="从 YAML 或 JSON 文件取值，名称同选项（下划线）；命令行上写的优先。",
        ),
        click.Option(["--dry-run", "dry_run_"], is_flag=True, help="只看结果，不送出。"),
        click.Option(["--ask", "ask_"], is_flag=True, help="在终端上先问一句再送出。"),
    ]


def _help(kind: type[Said], own: list[Value]) -> str:
    name = name_of(kind).replace("_", "-")
    parts = [f"{kind.title}（{kind.article}，{_where(kind)}）。"]
    if any(value.inferred for value in own):
        parts.append("注明“可推定”的，只有一项待办事项与本命令相符时可以不写，取自该事项。")
    example = [f"starter.py act WZ-LC-2026-001 {name}"]
    example += [_example(value) for value in own if value.required]
    if kind is Correct:
        example.append("--set occurred_on=2026-05-06")
    if kind.numbered:
        example.append("--document-number 〔2026〕1号")
    if kind.proven:
        example.append("--evidence 照片.jpg")
    lines = " \\\n    ".join(example)
    return "\n\n".join([*parts, f"\b\n例：\n  {lines}"])


def _example(value: Value) -> str:
    return value.flag if value.truth else f"{value.flag} {value.sample}"
