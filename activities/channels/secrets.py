"""Where the office keeps what must not stand in a readable file: tokens, passwords, keys."""

import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, Field, RootModel, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from case.faults import Path as Place
from case.kinds import Entry, Text
from case.parts import sound
from case.reading import bare

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z", re.ASCII)


class SecretUnreadable(Exception):  # noqa: N818 - named for what is wrong
    """A secret is not where the file says. `said` is a Chinese sentence with nothing of it."""

    def __init__(self, said: str) -> None:
        self.said = said
        super().__init__(said)


def _absolute(value: str) -> str:
    if not Path(value).is_absolute():
        raise PydanticCustomError("case_path", "应当是绝对路径")
    return value


def _names_one_place(value: dict[Any, Any]) -> bool:
    named = [name for name in ("env", "file") if name in value]
    return len(named) == 1 and value[named[0]] is not None


def _variable(value: str) -> str:
    if not _VARIABLE.match(value):
        raise PydanticCustomError("case_variable", "应当是环境变量的名称，如 LAND_MAIL_PASSWORD")
    return value


AbsolutePath = Annotated[Text, AfterValidator(_absolute)]


class Secret(Entry):
    """Where a secret is kept: an environment variable, or a file that holds nothing else."""

    env: Annotated[Text, AfterValidator(_variable)] | None = Field(default=None, title="环境变量")
    file: AbsolutePath | None = Field(default=None, title="文件")

    @model_validator(mode="before")
    @classmethod
    def _place(cls, value: Any) -> Any:
        if not isinstance(value, cls | dict):
            raise PydanticCustomError(
                "case_secret",
                "不能直接写在文件里，应当写明从哪里取：{env: 环境变量名} 或者 {file: 文件路径}",
            )
        if isinstance(value, dict) and not _names_one_place(value):
            raise PydanticCustomError("case_secret", "应当在 env 和 file 之中写一项，只写一项")
        return value

    def reveal(self) -> str:
        """The secret as it is now, without spaces around it. Raises SecretUnreadable."""
        if self.env is not None:
            found = os.environ.get(self.env, "").strip()
            if not found:
                raise SecretUnreadable(f"没有设置环境变量“{self.env}”")
            return found
        assert self.file is not None
        try:
            found = Path(self.file).read_text(encoding="utf-8-sig").strip()
        except FileNotFoundError:
            said = f"找不到文件“{self.file}”"
        except (OSError, UnicodeDecodeError):
            said = f"读不了文件“{self.file}”"
        else:
            if found:
                return found
            said = f"文件“{self.file}”是空的"
        raise SecretUnreadable(said)

    def fault(self) -> str | None:
        """Why it cannot be used now, in Chinese; None where it can."""
        try:
            self.reveal()
        except SecretUnreadable as missing:
            return missing.said
        return None


class Authorities(RootModel[AbsolutePath]):
    """A file (PEM) with the certificates by which a server of the office's own is trusted."""

    def fault(self) -> str | None:
        """Why it cannot be used now, in Chinese; None where it can."""
        try:
            ssl.create_default_context(cafile=self.root)
        except (OSError, ssl.SSLError):
            return f"“{self.root}”不是可用的证书文件（PEM）"
        return None


def missing(kind: Any, written: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every secret and certificate that cannot be read now, of what stands in place of `kind`.

    `kind` is a model or an annotation within one; `written` is such a model, or the plain values of
    a file, which need not be sound: a fault in one entry hides nothing in another, and a secret
    that is not sound by itself is left to its own fault.
    """
    kind = bare(kind)
    if kind is Secret or kind is Authorities:
        found: Secret | Authorities | None = sound(TypeAdapter(kind), written)
        if found is not None and (said := found.fault()):
            yield place, said
    elif get_origin(kind) is dict:
        for name, inner in _entries(written).items():
            yield from missing(get_args(kind)[1], inner, (*place, name))
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        entries = _entries(written)
        for name, field in kind.model_fields.items():
            yield from missing(field.annotation, entries.get(name), (*place, name))


def _entries(written: object) -> dict[str, object]:
    """The entries of a model or of a group as written; none of what is neither."""
    if isinstance(written, BaseModel):
        return {name: getattr(written, name) for name in type(written).model_fields}
    return written if isinstance(written, dict) else {}
