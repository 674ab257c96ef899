"""Where the office keeps what must not stand in a readable file: tokens, passwords, keys."""

import os
import re
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, RootModel, model_validator
from pydantic_core import PydanticCustomError

from case.faults import Path as Place
from case.kinds import Entry, Text

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
        if isinstance(value, dict) and ("env" in value) == ("file" in value):
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


def missing(value: object, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every secret and certificate within these settings that cannot be read now, in file order."""
    if isinstance(value, Secret | Authorities):
        if said := value.fault():
            yield place, said
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from missing(getattr(value, name), (*place, name))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from missing(inner, (*place, name))
