"""Click in Chinese: its own words, pages laid out by the width of Chinese characters.

Importing this file is enough, and the package does: every click command speaks so.
"""

import re
from collections.abc import Iterable, Iterator

import click
from click import core, decorators, exceptions, formatting, parser, termui, types, utils
from rich.cells import cell_len

WIDTH = 100

WORDS = {
    "Usage:": "用法：",
    "Options": "选项",
    "Positional arguments": "参数",
    "Commands": "命令",
    "Show this message and exit.": "显示帮助。",
    "Error: {message}": "输入有误：{message}",
    "Try '{command} {option}' for help.": "说明见：{command} {option}",
    "Did you mean {possibility}?": "是否应为{possibility}？",
    "(Did you mean one of: {possibilities}?)": "是否应为其中之一：{possibilities}？",
    "No such option {name!r}.": "没有“{name}”这个选项。",
    "No such command {name!r}.": "没有“{name}”这个命令。",
    "Missing command.": "没有写要用的命令。",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少",
    "Missing {param_type}": "缺少",
    "Missing parameter: {param_name}": "缺少{param_name}",
    "Invalid value: {message}": "{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint}：{message}",
    "Got unexpected extra argument ({args})": "多出了“{args}”",
    "Got unexpected extra arguments ({args})": "多出了“{args}”",
    "Option {name!r} does not take a value.": "选项“{name}”后面不写值。",
    "Option {name!r} requires an argument.": "选项“{name}”后面缺少值。",
    "Option {name!r} requires {nargs} arguments.": "选项“{name}”后面应有{nargs}个值。",
    "Argument {name!r} takes {nargs} values.": "参数“{name}”应有{nargs}个值。",
    "Takes {nargs} values but 1 was given.": "应有{nargs}个值，只给了1个。",
    "Takes {nargs} values but {len} were given.": "应有{nargs}个值，给了{len}个。",
    "Choose from:\n\t{choices}": "可选：{choices}",
    "{value!r} is not {choice}.": "“{value}”不可选，只能是{choice}。",
    "{value!r} is not one of {choices}.": "“{value}”不在可选范围内，只能是{choices}。",
    "{value!r} is not a valid {number_type}.": "“{value}”不是数字。",
    "{value} is not in the range {range}.": "{value}不在{range}的范围内。",
    "{name} {filename!r} does not exist.": "找不到{name}“{filename}”。",
    "{name} {filename!r} is a file.": "“{filename}”是文件，不是文件夹。",
    "{name} {filename!r} is a directory.": "“{filename}”是文件夹，不是文件。",
    "{name} {filename!r} is not readable.": "读不了{name}“{filename}”。",
    "Could not open file {filename!r}: {message}": "打不开文件“{filename}”：{message}",
    "unknown error": "原因不明",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "required": "必填",
    "default: {default}": "默认：{default}",
    "Aborted!": "已中断。",
    "Error: invalid input": "请回答 y（是）或者 n（否）",
}
"""What click says, and how it says it here. What is missing stays English: a test looks for it."""

_SPEAKING = (core, decorators, exceptions, formatting, parser, termui, types, utils)


def _word(text: str) -> str:
    return WORDS.get(text, text)


def _word_for(one: str, many: str, count: int) -> str:
    return _word(one if count == 1 else many)


# Click looks every word up through gettext, but under no name of its own that a catalogue of ours
# could answer to; so the look-up itself is exchanged.
for _module in _SPEAKING:
    vars(_module).update(_=_word, ngettext=_word_for)


_PIECES = re.compile(r"\[[^\]]+\]|[\x21-\x7e]+|\s+|.")
_NEVER_FIRST = frozenset("，。、；：？！）”》〕")


def wrapped(text: str, width: int) -> Iterator[str]:
    """Break one paragraph into lines of at most `width` columns; a Chinese character takes two."""
    line = ""
    for piece in _PIECES.findall(text):
        if cell_len(line) + cell_len(piece) > width and piece not in _NEVER_FIRST:
            yield line.rstrip()
            line = ""
        if line or not piece.isspace():
            line += piece
    if line.strip():
        yield line.rstrip()


_METAVARS = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [选项]"}


class _Page(click.HelpFormatter):
    """A page of help whose columns line up where Chinese stands in them."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        super().__init__(indent_increment, width, max_width or WIDTH)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        for english, chinese in _METAVARS.items():
            args = args.replace(english, chinese)
        super().write_usage(prog, args, prefix or _word("Usage:"))

    def write_text(self, text: str) -> None:
        margin = " " * self.current_indent
        for number, paragraph in enumerate(re.split(r"\n[ \t]*\n", text)):
            if number:
                self.write("\n")
            as_written, _, body = paragraph.rpartition("\b\n")
            lines = body.splitlines()
            if not as_written and "\b\n" not in paragraph:
                joined = "".join(line.strip() for line in lines)
                lines = list(wrapped(joined, self.width - self.current_indent))
            self.write("".join(f"{margin}{line}\n" for line in lines))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 34, col_spacing: int = 2
    ) -> None:
        rows = list(rows)
        longest = max((cell_len(term) for term, _ in rows), default=0)
        column = self.current_indent + min(longest, col_max) + col_spacing
        for term, meaning in rows:
            head = " " * self.current_indent + term
            lines = list(wrapped(meaning, max(self.width - column, 20))) or [""]
            if cell_len(head) + col_spacing > column:
                self.write(f"{head}\n")
                head = ""
            self.write((head + " " * (column - cell_len(head)) + lines[0]).rstrip() + "\n")
            self.write("".join(f"{' ' * column}{line}\n" for line in lines[1:]))


click.Context.formatter_class = _Page
