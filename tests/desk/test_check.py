"""The command `check`: exit codes, what it prints, and that it prints all of it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desk.check import check

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(check, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("one-village.yaml", ("鹿城区藤桥镇石埠溪村  一类区片", "成员 420 人", "耕地 77.687")),
        ("three-villages.yaml", ("二类区片", "单独公告的：第一村民小组", "17 个单位")),
    ],
)
def test_sound_file_is_summed_up(name: str, said: tuple[str, ...]) -> None:
    result = run(EXAMPLES / name)
    assert result.exit_code == 0
    assert [part for part in said if part not in result.stdout] == []


@pytest.mark.parametrize("path", sorted((EXAMPLES / "broken").glob("*.yaml")), ids=lambda p: p.stem)
def test_broken_file_exits_2_and_lists_every_fault(path: Path) -> None:
    result, machine = run(path), run("--json", path)
    assert (result.exit_code, machine.exit_code) == (2, 2)
    (entry,) = json.loads(machine.stdout)["files"]
    assert not entry["sound"]
    assert entry["faults"]
    for fault in entry["faults"]:
        assert fault["place"] in result.stdout
        assert fault["sentence"] in result.stdout
    assert f"共 {len(entry['faults'])} 处" in result.stderr


def test_json_of_a_sound_file() -> None:
    result = run("--json", EXAMPLES / "three-villages.yaml")
    (entry,) = json.loads(result.stdout)["files"]
    assert entry["sound"]
    assert [village["zone"] for village in entry["villages"]] == [1, 1, 2]


def test_one_faulty_file_among_sound_ones_exits_2() -> None:
    result = run(EXAMPLES / "one-village.yaml", EXAMPLES / "broken/duplicate-id.yaml")
    assert result.exit_code == 2
    assert "没有问题" in result.stdout
    assert "有 1 处问题" in result.stdout


def test_no_file_and_missing_file_are_said_in_chinese() -> None:
    assert "没有写要检查的文件" in run().stderr
    result = run("没有.yaml")
    assert result.exit_code == 2
    assert "找不到文件" in result.stdout
