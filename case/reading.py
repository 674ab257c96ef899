"""Reads the files that people write for this project, and says in words what is wrong with one."""

from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from case.faults import WHOLE_FILE, Fault, Faults, sentence_of
from case.faults import Path as Place
from case.source import Source


def text_of(path: Path) -> str:
    """The text of a file. Raises Faults where it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        sentence = f"找不到文件“{path}”"
    except IsADirectoryError:
        sentence = f"“{path}”是文件夹，不是文件"
    except UnicodeDecodeError:
        sentence = f"“{path}”不是 UTF-8 编码，请另存为 UTF-8"
    except OSError:
        sentence = f"读不了文件“{path}”"
    raise Faults([Fault(place=WHOLE_FILE, sentence=sentence)])


def structural_faults(source: Source, error: ValidationError, root: type[BaseModel]) -> list[Fault]:
    """What pydantic found wrong with a file whose model is `root`, in words and with its lines."""
    faults = []
    for each in error.errors(include_url=False):
        title, siblings = _known(root, each["loc"])
        faults.append(source.fault(each["loc"], sentence_of(each, title, siblings)))
    return faults


def _known(root: type[BaseModel], place: Place) -> tuple[str | None, list[str]]:
    """The Chinese title of the entry at a place, and the names allowed where it stands."""
    kind: Any = root
    title: str | None = None
    siblings: list[str] = []
    for step in place:
        kind = bare(kind)
        if isinstance(step, int) or get_origin(kind) is dict:
            # What stands in a list, or under a name of the office's own, is called as the whole is.
            siblings = []
            kind = get_args(kind)[-1 if get_origin(kind) is dict else 0] if get_args(kind) else None
            continue
        fields = getattr(kind, "__pydantic_fields__", {})
        by_name = {field.alias or name: field for name, field in fields.items()}
        siblings = list(by_name)
        field = by_name.get(step)
        title, kind = (field.title, field.annotation) if field else (None, None)
    return title, siblings


def bare(annotation: Any) -> Any:
    """What an annotation allows, without None and without what is checked of it besides."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in {Union, UnionType}:
            annotation = next(each for each in get_args(annotation) if each is not NoneType)
        else:
            return annotation
