"""The case file (项目文件): one acquisition as the bureau writes it down before it is launched.

`load` reads it and says everything that is wrong with it at once.
"""

from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import ValidationError

from case.crosscheck import cross_faults
from case.entries import CaseFile
from case.faults import WHOLE_FILE, Fault, Faults, sentence_of
from case.faults import Path as Place
from case.source import Source, read

__all__ = ["CaseFile", "Fault", "Faults", "load"]


def load(source: Path | str) -> CaseFile:
    """Load a case file from a path, or from YAML text where a string is given.

    Raises Faults with everything that is wrong, in file order: entries that are not what they must
    be, and entries that contradict one another as far as they can be read.
    """
    written = read(_text(source) if isinstance(source, Path) else source)
    faults = list(written.faults)
    file: CaseFile | None = None
    try:
        file = CaseFile.model_validate(written.content)
    except ValidationError as error:
        faults.extend(_structural_faults(written, error))
    faults.extend(cross_faults(written))
    if faults or file is None:
        raise Faults(sorted(faults, key=lambda fault: fault.line or 0))
    return file


def _text(path: Path) -> str:
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


def _structural_faults(source: Source, error: ValidationError) -> list[Fault]:
    faults = []
    for each in error.errors(include_url=False):
        title, siblings = _known(each["loc"])
        faults.append(source.fault(each["loc"], sentence_of(each, title, siblings)))
    return faults


def _known(place: Place) -> tuple[str | None, list[str]]:
    """The Chinese title of the entry at a place, and the names allowed where it stands."""
    kind: Any = CaseFile
    title: str | None = None
    siblings: list[str] = []
    for step in place:
        if isinstance(step, int):
            continue
        fields = getattr(kind, "__pydantic_fields__", {})
        by_name = {field.alias or name: field for name, field in fields.items()}
        siblings = list(by_name)
        field = by_name.get(step)
        title, kind = (field.title, field.annotation) if field else (None, None)
        if get_origin(kind) is tuple:
            kind = get_args(kind)[0]
    return title, siblings
