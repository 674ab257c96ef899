"""Reads the text of a case file: YAML to plain values, with the line of every entry.

Stricter than YAML at large, so that a file says what an official reads in it: only true and false
are truth values (no "yes", no "on"), decimals stay exact, dates and numbers with leading zeros
stay text, no name may occur twice, and there are no references or tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import yaml
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from case.faults import WHOLE_FILE, Fault, Faults, Path, place_of

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+\Z", re.ASCII)
_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{kind}"
    for kind in ["map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value"]
}
"""Tags that the parser gives by itself; any other was written in the file."""
_DEEPEST = 20
"""A case file is seven entries deep; a file beyond this is not one."""
_LONGEST = 4_000_000
"""Characters. The largest case known has some thousand right-holders: about half of this."""

_PROBLEMS = (
    ("found character '\\t'", "缩进不能用制表符，请用空格"),
    ("mapping values are not allowed", "这里多了一个冒号，或者上一行的缩进不对"),
    ("could not find expected ':'", "名称后面缺少冒号，或者冒号后面缺少空格"),
    ("expected <block end>", "缩进与上文不一致"),
    ("expected ',' or", "方括号或者花括号没有配对，或者缺少逗号"),
    ("expected the node content", "括号没有配对，或者这里缺少内容"),
    ("cannot start any token", "文字不能以这个符号开头，请加引号"),
    ("while scanning a quoted scalar", "引号没有配对"),
    ("unexpected end of stream", "引号没有配对"),
    ("expected a single document", "一个文件不能用“---”分成几份"),
    ("special characters are not allowed", "有不允许的控制字符"),
)


class _Alias(yaml.MarkedYAMLError):
    """A reference (*name), which a case file must not use."""


class _Loader(yaml.SafeLoader):
    """Composes nodes only; what a scalar means is decided here, not by YAML 1.1."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise _Alias(problem="alias", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


@dataclass(slots=True)
class Source:
    """A case file as plain values (dict, list, str, int, Decimal, bool, None).

    lines: the line (from 1) of each entry by its path. faults: what the reading itself found, such
    as names that occur twice; the first of them counts, so that the rest can still be checked.
    """

    content: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """The line of an entry, or of the nearest entry around it where it is missing itself."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def fault(self, path: Path, sentence: str) -> Fault:
        """A fault at a path of this file."""
        return Fault(place=place_of(path), sentence=sentence, line=self.line(path))


def read(text: str, *, may_be_empty: bool = False) -> Source:
    """Read YAML text. Raises Faults where it is not YAML at all.

    A text with nothing but comments is a fault too, unless it `may_be_empty`: then it has no names.
    """
    if len(text) > _LONGEST:
        raise Faults([Fault(place=WHOLE_FILE, sentence="文件太大，不得超过400万个字")])
    try:
        node = _Loader(text).get_single_node()
        source = Source()
        if node is not None:
            source.content = _content(source, node, ())
        elif not may_be_empty:
            raise Faults([Fault(place=WHOLE_FILE, sentence="文件是空的")])
        if may_be_empty and source.content is None:
            source.content = {}
        return source
    except RecursionError:
        raise Faults(
            [Fault(place=WHOLE_FILE, sentence=f"层次太深，不得超过{_DEEPEST}层")]
        ) from None
    except yaml.YAMLError as error:
        raise Faults([_syntax_fault(text, error)]) from None


def _syntax_fault(text: str, error: yaml.YAMLError) -> Fault:
    line = column = None
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if mark is not None:
            line, column = mark.line + 1, mark.column + 1
    elif isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    if isinstance(error, _Alias):
        cause = "不能用“*”引用别处的内容；如果是文字请加引号"
    else:
        cause = next((said for known, said in _PROBLEMS if known in str(error)), "写法有误")
    where = f"第{line}行第{column}列" if line is not None else ""
    return Fault(place=WHOLE_FILE, sentence=f"不是正确的 YAML：{where}{cause}", line=line)


def _content(source: Source, node: Node, path: Path) -> object:
    source.lines.setdefault(path, node.start_mark.line + 1)
    if len(path) > _DEEPEST:
        raise RecursionError
    if node.tag not in _PLAIN_TAGS:
        source.faults.append(source.fault(path, f"不能用标签“{node.tag}”"))
    if isinstance(node, MappingNode):
        return dict(_entries(source, node, path))
    if isinstance(node, SequenceNode):
        return [_content(source, item, (*path, i)) for i, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _scalar(node)


def _entries(source: Source, node: MappingNode, path: Path) -> Iterator[tuple[str, object]]:
    first: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            place, sentence = place_of(path), "名称应当是文字，不能是列表或者一组值"
            source.faults.append(Fault(place=place, sentence=sentence, line=line))
            continue
        name = key.value
        if name in first:
            place, sentence = place_of((*path, name)), f"“{name}”重复，第{first[name]}行已经有了"
            source.faults.append(Fault(place=place, sentence=sentence, line=line))
            continue
        first[name] = source.lines[(*path, name)] = line
        yield name, _content(source, value, (*path, name))


def _scalar(node: ScalarNode) -> object:
    text: str = node.value
    if node.style is not None:
        return text
    if text in {"", "~", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if _INTEGER.match(text):
        return int(text) if len(text) < 40 else text
    return Decimal(text) if _DECIMAL.match(text) else text
