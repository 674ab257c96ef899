"""What a person wrote for one command: by options, and in a file that options override."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from case.command import Command
from case.faults import Fault, Faults
from case.source import read
from desk.errors import BadInput
from desk.fields import ALL, values_of

CARRIED = ("occurred_on", "document_number", "id", "unit", "role", "name")
"""What a file may give beside the command's own values and its evidence."""

_KINDS = {
    "照片": ("jpg", "jpeg", "png", "webp", "heic", "bmp", "tif", "tiff"),
    "文件": ("pdf", "ofd", "doc", "docx", "wps", "txt", "md"),
    "表格": ("xls", "xlsx", "et", "csv"),
    "录像": ("mp4", "mov", "avi"),
    "录音": ("mp3", "wav", "m4a"),
}
_KIND_OF = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A command as written: raw values by name; nothing of it is judged yet."""

    kind: type[Command]
    values: Mapping[str, Any]
    """The command's own values."""
    carried: Mapping[str, Any]
    """Of CARRIED, what was written."""
    evidence: tuple[Any, ...]
    put_right: tuple[str, ...] = ()
    """For a correction: `name=value`, each."""


def form(
    kind: type[Command],
    options: Mapping[str, Any],
    carried: Mapping[str, Any],
    *,
    evidence: tuple[str, ...],
    evidence_kind: str | None,
    file: Path | None,
    put_right: tuple[str, ...] = (),
) -> Form:
    """Put together what options and the file say.

    Raises BadInput for a file that cannot be read and for evidence that is not there.
    """
    written = _from_file(file) if file else {}
    pieces = list(evidence) or written.pop("evidence", [])
    written.pop("evidence", None)
    given = {name: value for name, value in options.items() if value is not None and value != ()}
    values = {name: value for name, value in written.items() if name not in CARRIED} | given
    for value in values_of(kind):
        if value.many and value.name in values:
            values[value.name] = _items(values[value.name], value.legal)
    return Form(
        kind=kind,
        values={name: value for name, value in values.items() if value != ALL},
        carried={name: written[name] for name in CARRIED if name in written}
        | {name: value for name, value in carried.items() if value is not None},
        evidence=_evidence(pieces, evidence_kind),
        put_right=put_right,
    )


def _items(value: Any, legal: tuple[str, ...]) -> Any:
    """A list with ALL spelt out; ALL itself where only the case knows what all of it is."""
    items = (value,) if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or ALL not in items:
        return tuple(items) if isinstance(items, list) else items
    if not legal:
        return ALL
    return tuple(dict.fromkeys((*(item for item in items if item != ALL), *legal)))


def _from_file(path: Path) -> dict[str, Any]:
    try:
        source = read(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"读不了文件“{path}”，应是 UTF-8 编码的 YAML 或者 JSON 文件。") from error
    except Faults as faults:
        raise BadInput.listing(f"{path} {fault}" for fault in faults) from faults
    found: list[Fault] = list(source.faults)
    if not isinstance(source.content, dict):
        found.append(Fault(place=str(path), sentence="应当是一组“名称: 值”"))
    elif "by" in source.content or "command" in source.content:
        found.append(
            Fault(place=str(path), sentence="办理人写作 unit、role、name 三项，不写 by、command")
        )
    if found:
        raise BadInput.listing(f"{path} {fault}" for fault in found)
    content: dict[str, Any] = dict(source.content)  # type: ignore[call-overload]
    return content


def _evidence(pieces: Any, kind: str | None) -> tuple[Any, ...]:
    faults, found = [], []
    for piece in [pieces] if isinstance(pieces, str | dict) else pieces or ():
        if not isinstance(piece, str):
            found.append(piece)
            continue
        path = Path(piece)
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            faults.append(f"--evidence：读不了佐证材料“{piece}”")
            continue
        suffix = path.suffix.lower().removeprefix(".")
        found.append(
            {
                "kind": kind or _KIND_OF.get(suffix, "其他材料"),
                "sha256": digest,
                "place": str(path.resolve()),
            }
        )
    if faults:
        raise BadInput.listing(faults)
    return tuple(found)


def entry_id(command: str, case_id: str, content: Mapping[str, Any]) -> str:
    """The number of an entry that was given none: the same content gets the same number.

    `content` is the whole command in plain JSON values; its own id does not count.
    """
    counted = {name: value for name, value in content.items() if name != "id"}
    text = json.dumps([case_id, counted], ensure_ascii=False, sort_keys=True)
    return f"{command}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
