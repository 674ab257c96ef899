"""The bureau's commands on a real server, with a worker of their own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from activities.channels.settings import ChannelSettings
from activities.channels.switchboard import Switchboard
from activities.registry import Registry
from activities.telling.courier import Courier, Sent
from activities.telling.message import Address
from activities.telling.trying import Later
from deploy.server import LocalServer
from deploy.settings import REPOSITORY
from tests.activities.samples import message
from tests.desk.commandline import EXAMPLE, Office, environment

CASE = "WZ-LC-DESK-001"


@pytest.fixture(scope="module")
def desk_environment(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("desk")
    text = EXAMPLE.read_text(encoding="utf-8").replace("WZ-LC-2026-001", CASE)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"photo")
    return environment(
        folder,
        TEMPORAL_ADDRESS=server.address,
        TEMPORAL_NAMESPACE=server.namespace,
        LAND_TASK_QUEUE="desk-tests",
        LAND_UI_URL="http://127.0.0.1:1",
        FOLDER=str(folder),
    )


@pytest.fixture(scope="module")
def office(desk_environment: dict[str, str]) -> Iterator[Office]:
    """A desk with a worker running."""
    worker = subprocess.Popen(
        [sys.executable, "worker.py"],
        cwd=REPOSITORY,
        env={**os.environ, **desk_environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield Office(desk_environment)
    worker.terminate()
    worker.wait(20)


@pytest.fixture(scope="module")
def launched(office: Office) -> Office:
    """The desk once its case is launched; test functions run in the order they stand in."""
    said = office.done("launch", _folder(office) / "case.yaml")
    assert said.startswith("已启动")
    assert f"http://127.0.0.1:1/namespaces/land-acquisition/workflows/LA-{CASE}" in said
    assert "拟定《土地征收启动公告》" in said
    return office


def _folder(office: Office) -> Path:
    return Path(office.environment["FOLDER"])


def test_launching_again_is_harmless_and_another_file_is_not_taken(launched: Office) -> None:
    file = _folder(launched) / "case.yaml"
    assert "没有重复启动" in launched.done("launch", file)
    other = _folder(launched) / "other.yaml"
    other.write_text(file.read_text(encoding="utf-8").replace("教育用地", "其他用地"), "utf-8")
    assert "另一份案件文件" in launched.refused(2, "launch", other)


def test_out_of_order_is_refused_with_the_article(launched: Office) -> None:
    approve = ("act", CASE, "approve", "--notice", "initiation", "--document-number", "〔2026〕1号")
    program = launched.program(*approve)
    assert program.code == 3
    said = program.stderr
    assert (
        said == "依法不予办理：不能批准公告或方案：《土地征收启动公告》尚未拟定上报（第六条）。\n"
    )
    assert launched.refused(3, *approve, "--dry-run") == said
    unknown = launched.refused(2, "act", CASE, "submit-survey", "--township", "nowhere")
    assert "--contents：缺少这一项" in unknown
    receipt = ("--opinions", "无", "--objecting-members", "0")
    said = launched.refused(2, "act", CASE, "return-receipt", "--village", "nowhere", *receipt)
    assert "本项目没有村“nowhere”" in said


def test_acts_say_what_follows_and_a_repeat_is_harmless(launched: Office) -> None:
    draft = ("act", f"LA-{CASE}", "draft-initiation", "--contents", "全部")
    planned = launched.done(*draft, "--dry-run")
    assert "可以登记（尚未送出）" in planned
    assert "将了结：拟定《土地征收启动公告》" in planned
    done = launched.done(*draft)
    assert "已了结：拟定《土地征收启动公告》" in done
    assert "批准《土地征收启动公告》" in done
    assert "没有重复登记" in launched.done(*draft)
    owed = json.loads(launched.done("todo", "--case", CASE, "--json"))
    assert [row["duty_id"] for row in owed] == ["approve/initiation"]


def test_posting_begins_the_period_and_show_tells_it(launched: Office) -> None:
    photo = str(_folder(launched) / "photo.jpg")
    launched.done("act", CASE, "approve", "--document-number", "〔2026〕1号")
    for unit in ("bureau", "藤桥镇"):
        said = launched.done("act", CASE, "confirm-posting", "--unit", unit, "--evidence", photo)
    assert "《土地征收启动公告》公告期至" in said
    shown = json.loads(launched.done("show", CASE, "--json"))
    assert [period["id"] for period in shown["periods"]] == ["period/initiation"]
    assert len(shown["steps"]) == 14
    assert shown["ui_url"].endswith(f"LA-{CASE}")
    table = launched.done("show", CASE)
    assert "正在进行的公告期" in table
    assert "土地征收启动公告" in table


def test_a_correction_takes_the_rest_from_the_registry(launched: Office) -> None:
    entries = json.loads(launched.done("show", CASE, "--entries", "--json"))
    (approval,) = (each for each in entries if each["command"] == "approve")
    said = launched.done(
        *("act", CASE, "correct", "--entry", approval["entry_id"]),
        *("--set", "document_number=〔2026〕2号", "--reason", "文号写错"),
        *("--document-number", "〔2026〕3号"),
    )
    assert "document_number=〔2026〕2号；notice=initiation" in said
    entries = json.loads(launched.done("show", CASE, "--entries", "--json"))
    assert entries[-1]["corrects"] == approval["entry_id"]


def test_show_says_what_became_of_reminders_and_to_which_unit(launched: Office) -> None:
    """One has gone out, and one waits for its channel."""
    with Registry.open(launched.environment["LAND_REGISTRY_URL"]) as registry:
        owed = registry.duties(CASE, open_only=True)[0]
        told = message(
            case_id=CASE,
            duty_id=owed.duty_id,
            rung=f"{owed.last_day}/-1",
            unit="township:tengqiao",
            addresses=(Address(kind="outbox", address="窗口"),),
        )
        outbox = Path(launched.environment["LAND_OUTBOX"])
        courier = Courier(registry, Switchboard.of(ChannelSettings(), outbox))
        assert isinstance(courier.send(told, told.at), Sent)
        waiting = Later(until=told.at + timedelta(minutes=5))
        registry.claim(replace(told, message_id="f" * 64), told.at, lambda *_, **__: waiting)
    table = launched.done("show", CASE)
    for part in ("提醒 2 件：已发出 1，待发 1", "应发时间", "送出时间", "藤桥镇 经办人 南甲"):
        assert part in table
    assert json.loads(launched.done("show", CASE, "--json"))["reminders_sent"] == 1


def test_an_unknown_case_is_bad_input(launched: Office) -> None:
    assert "没有案件“WZ-NONE”" in launched.refused(2, "show", "WZ-NONE")


def test_a_suspended_case_refuses_until_it_resumes(launched: Office) -> None:
    reason = ("--reason", "规划调整", "--document-number", "〔2026〕4号")
    assert "已中止" in launched.done("act", CASE, "suspend", *reason) + launched.done("show", CASE)
    notify = ("act", CASE, "notify-departments", "--document-number", "〔2026〕5号")
    assert "案件已经中止" in launched.refused(3, *notify)
    launched.done("act", CASE, "resume", *reason)
    assert "部门" in launched.done(*notify)


def test_without_a_worker_it_is_unreachable(desk_environment: dict[str, str]) -> None:
    folder = Path(desk_environment["FOLDER"])
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "idle.yaml").write_text(text.replace(CASE, "WZ-LC-DESK-002"), "utf-8")
    idle = Office({**desk_environment, "LAND_TASK_QUEUE": "nobody-listens"})
    result = idle.run("launch", folder / "idle.yaml")
    assert result.code == 0, "it is launched for good, whoever works on it later"
    assert "还没有应答" in result.stderr
    assert "执行进程（worker）10 秒内没有应答" in idle.refused(4, "show", "WZ-LC-DESK-002")
