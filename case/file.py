"""The case file (项目文件): one acquisition as the bureau writes it down before it is launched.

`load` reads it and says everything that is wrong with it at once.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from pydantic import ValidationError

from case.crosscheck import cross_faults
from case.entries import CaseFile
from case.faults import Fault, Faults
from case.reading import structural_faults, text_of
from case.source import Source, read

__all__ = ["CaseFile", "Fault", "Faults", "load"]


Check = Callable[[Source], Iterable[Fault]]
"""What a use of the file asks of it besides, as far as it can be read."""


def load(source: Path | str, *further: Check) -> CaseFile:
    """Load a case file from a path, or from YAML text where a string is given.

    Raises Faults with everything that is wrong, in file order: entries that are not what they must
    be, entries that contradict one another as far as they can be read, and what `further` finds.
    """
    written = read(text_of(source) if isinstance(source, Path) else source)
    faults = list(written.faults)
    file: CaseFile | None = None
    try:
        file = CaseFile.model_validate(written.content)
    except ValidationError as error:
        faults.extend(structural_faults(written, error, CaseFile))
    faults.extend(cross_faults(written))
    for check in further:
        faults.extend(check(written))
    if faults or file is None:
        raise Faults(sorted(faults, key=lambda fault: fault.line or 0))
    return file
