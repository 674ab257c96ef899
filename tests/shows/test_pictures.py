"""Pictures are made of what came in; where a program for them is missing, one sentence says so."""

from pathlib import Path

import pytest

from tests.shows.browser import NoPicture
from tests.shows.pictures import LETTERS, NEEDED, main, picture_of_letter


async def test_missing_programs_are_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await main("letters") == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "、".join(NEEDED) in said


def test_letters_that_nobody_played_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(LETTERS, "reminder", (tmp_path / "mailboxes", "*.eml"))
    with pytest.raises(NoPicture, match=r"请先运行 python -m tests\.shows\.mailboxes。"):
        picture_of_letter("reminder")
