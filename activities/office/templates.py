"""The templates of what people are told: plain text with Chinese field names in braces.

A file a kind of message. Its first line is the subject (主题：…), its second the short message
(短信：…), the rest the text. Of the text, a line all of whose fields are empty is left out, and so
is a heading (ending in “：”) directly above it. The usual ones lie in `default_templates/`; one of
the same name in `<office>/templates/` takes its place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from activities.office.calendars import LEFT_BY_SYSTEMS
from activities.office.unusable import SettingsUnusable
from case.faults import Fault, Faults
from case.reading import text_of

SUFFIX = ".txt"
LONGEST_BRIEF = 128
"""Characters. Carriers send, and charge for, up to 134 as two; the rest is for “（可能重复）”."""

DEFAULTS = Path(__file__).with_name("default_templates")

_GIVES_WAY = ("项目", "责任单位", "收件单位")
"""The fields of a short message that are shortened where it is too long, the first one first."""
_SELDOM = ("内部标记", "被代理人", "应送单位")
"""Fields that few messages have; one that is not given is empty."""
_READER = ("收件单位", "收件人", "职务")
_DUTY = (
    *("案件编号", "项目", "步骤", "事项", "责任单位", "责任编号"),
    *("截止日", "截止", "余日", "暂定", "暂定标记", "内部标记", "顺延日"),
    *("条款", "依据", "办结标准", "报送方式", "报送网址", "收到方式"),
    *("本次提醒", "告知对象", "下一次提醒"),
    *_READER,
    *("被代理人", "应送单位"),
)
FIELDS: Mapping[str, tuple[str, ...]] = {
    "reminder": _DUTY,
    "overdue": (*_DUTY, "逾期"),
    "moved": (*_DUTY, "原截止", "变动原因"),
    "digest": (
        *("日期", *_READER, "被代理人"),
        *("今日到期", "今日到期数", "本周到期", "本周到期数", "已逾期", "已逾期数", "等待他人"),
    ),
    "alarm": ("时间", "条数", "清单", *_READER),
    "test": ("时间", "渠道", *_READER),
}
"""By kind of message, the fields that its template may name."""

NEEDED: Mapping[str, tuple[str, ...]] = {
    "reminder": ("案件编号", "事项", "责任单位", "截止"),
    "overdue": ("案件编号", "事项", "责任单位", "截止", "余日"),
    "moved": ("案件编号", "事项", "责任单位", "截止", "原截止"),
    "digest": ("今日到期", "本周到期", "已逾期"),
    "alarm": ("清单",),
    "test": (),
}
"""What the text must say, or the message would be of no use."""

_FIELD = re.compile(r"\{([^{}]*)\}")
_HEADS = ("主题", "短信")
_HEADING = "："
_STOPS = "，。；：、）》 "


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its template writes it. Subject and brief are one line each."""

    subject: str
    brief: str
    text: str


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message: its subject, its short form, the lines of its text."""

    subject: str
    brief: str
    lines: tuple[str, ...]

    def written(self, fields: Mapping[str, str]) -> Written:
        """The message with these values. Raises KeyError where a field has none."""
        text = "\n".join(_kept(self.lines, fields)).strip("\n") + "\n"
        return Written(
            subject=_one_line(_filled(self.subject, fields)),
            brief=_brief(self.brief, fields),
            text=re.sub(r"\n{3,}", "\n\n", text),
        )


@dataclass(frozen=True, slots=True)
class Templates:
    """The office's templates, one for each kind of message."""

    by_kind: Mapping[str, Template]

    def render(self, kind: str, fields: Mapping[str, str]) -> Written:
        """A message of this kind. The same values give the same message.

        `fields` has a value, which may be empty, for every name in FIELDS[kind] but 内部标记,
        被代理人 and 应送单位, which few messages have; raises ValueError where one is missing,
        whether the office's template uses it or not.
        """
        fields = {**dict.fromkeys(_SELDOM, ""), **fields}
        missing = [name for name in FIELDS[kind] if name not in fields]
        if missing:
            raise ValueError(f"{kind}: no value for {'、'.join(missing)}")
        return self.by_kind[kind].written(fields)


def templates(folder: Path) -> Templates:
    """The templates shipped, with those of the office in `folder` in their place.

    The same content gives the same templates. Raises SettingsUnusable with everything wrong.
    """
    return _templates((*_texts(DEFAULTS), *_texts(folder / "templates")))


def shortened(text: str, longest: int = LONGEST_BRIEF) -> str:
    """`text` in at most `longest` characters, cut between words where that keeps half of it."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    stop = max(head.rfind(mark) for mark in _STOPS)
    if stop >= longest // 2:
        head = head[: stop + 1]
    return head.rstrip("，。；：、 ") + "…"


def _brief(line: str, fields: Mapping[str, str]) -> str:
    """The short message. What is owed, and until when, gives way last."""
    fields = {name: _one_line(value) for name, value in fields.items()}
    for name in _GIVES_WAY:
        beyond = len(_one_line(_filled(line, fields))) - LONGEST_BRIEF
        if beyond > 0 and fields.get(name):
            kept = max(len(fields[name]) - beyond - 1, 0)
            fields[name] = f"{fields[name][:kept].rstrip()}…"
    return shortened(_one_line(_filled(line, fields)))


def _texts(folder: Path) -> tuple[tuple[Path, str], ...]:
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except FileNotFoundError:
        return ()
    except OSError:
        raise SettingsUnusable([f"读不了消息模板的文件夹“{folder}”"]) from None
    texts: list[tuple[Path, str]] = []
    faults: list[str] = []
    for path in found:
        if path.name.lower() in LEFT_BY_SYSTEMS:
            continue
        if path.suffix != SUFFIX or path.stem not in FIELDS:
            # Left alone it would look like the office's wording and never be read.
            names = "、".join(kind + SUFFIX for kind in FIELDS)
            faults.append(f"模板文件夹里不认识“{path}”，文件只能叫 {names}")
            continue
        try:
            texts.append((path, text_of(path)))
        except Faults as error:
            faults += _named(path, error)
    if faults:
        # What is wrong inside the readable ones is said in the same breath.
        for path, text in texts:
            faults += _named(path, _faults(path.stem, text.splitlines()))
        raise SettingsUnusable(faults)
    return tuple(texts)


@lru_cache(maxsize=16)
def _templates(texts: tuple[tuple[Path, str], ...]) -> Templates:
    """The templates of these files' content, a later one in place of an earlier of its kind."""
    by_kind: dict[str, Template] = {}
    faults: list[str] = []
    for path, text in texts:
        lines = text.splitlines()
        wrong = list(_faults(path.stem, lines))
        faults += _named(path, wrong)
        if not wrong:
            subject, brief = (line[len("主题：") :].strip() for line in lines[:2])
            body = tuple(line.rstrip() for line in lines[2:])
            by_kind[path.stem] = Template(subject, brief, body)
    if faults:
        raise SettingsUnusable(faults)
    return Templates(by_kind)


def _named(path: Path, faults: "Faults | Iterator[Fault] | list[Fault]") -> list[str]:
    return [f"消息模板“{path}”：{fault}" for fault in faults]


def _faults(kind: str, lines: list[str]) -> Iterator[Fault]:
    """Everything that is wrong with a template; a fault's place is its line or its field."""
    for number, head in enumerate(_HEADS, 1):
        line = lines[number - 1] if number <= len(lines) else ""
        if not re.match(f"{head}[：:]", line):
            sentence = f"第{number}行应当以“{head}：”开头"
            yield Fault(place=head, sentence=sentence, line=number)
        elif not line[len(head) + 1 :].strip():
            yield Fault(place=head, sentence="不能为空", line=number)
    named: set[str] = set()
    for number, line in enumerate(lines, 1):
        for name in _FIELD.findall(line):
            if number > len(_HEADS):
                named.add(name)
            if name not in FIELDS[kind]:
                place = f"{{{name}}}"
                yield Fault(place=place, sentence=_unknown(kind, name), line=number)
        if "{" in (rest := _FIELD.sub("", line)) or "}" in rest:
            sentence = "花括号没有配对，字段应当写作“{名称}”"
            yield Fault(place="花括号", sentence=sentence, line=number)
    if not any(line.strip() for line in lines[2:]):
        yield Fault(place="正文", sentence="没有正文：第三行起是消息的正文")
    else:
        for name in NEEDED[kind]:
            if name not in named:
                sentence = "正文没有用到这个字段，少了它收件人无法办理"
                yield Fault(place=f"{{{name}}}", sentence=sentence)


def _unknown(kind: str, name: str) -> str:
    near = get_close_matches(name, FIELDS[kind], n=1, cutoff=0.5)
    hint = f"，是否应为“{{{near[0]}}}”" if near else ""
    return f"没有这个字段{hint}；这种消息可以用的字段有：{'、'.join(FIELDS[kind])}"


def _filled(line: str, fields: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda found: fields[found[1]].strip("\n"), line)


def _kept(lines: tuple[str, ...], fields: Mapping[str, str]) -> Iterator[str]:
    """The lines with their values; without the empty ones and the headings of nothing."""
    kept = [_speaks(line, fields) for line in lines]
    for line, keeps, next_keeps in zip(lines, kept, (*kept[1:], True), strict=True):
        if keeps and (next_keeps or not line.endswith(_HEADING)):
            yield _filled(line, fields)


def _speaks(line: str, fields: Mapping[str, str]) -> bool:
    names = _FIELD.findall(line)
    return not names or any(fields[name].strip() for name in names)


def _one_line(text: str) -> str:
    return " ".join(text.split())
