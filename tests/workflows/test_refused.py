"""Commands that the law or the case does not allow: said why in a sentence, and nothing moves."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from case.commands import COMMAND, AnyCommand
from case.state import State
from deploy.server import LocalServer
from law.order import (
    COMPENSATION_NOTICE_CONTENTS,
    INITIATION_NOTICE_CONTENTS,
    PLAN_CONTENTS,
    SURVEY_CONTENTS,
)
from tests.workflows.playing import Stage
from workflows.accepted import BAD_INPUT, REFUSED


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def young(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """A case just launched: its initiation notice is drafted, and nothing else is done."""
    stage = await Stage.prepare(server, "one-village", tmp_path_factory.mktemp("young"))
    await stage.launch()
    async with stage.worker():
        await stage.say("draft_initiation", "bureau", contents=INITIATION_NOTICE_CONTENTS)
        await stage.settled()
        yield stage


@dataclass(frozen=True)
class Trace:
    """Everything that an accepted command would change."""

    events: int
    state: State
    entries: int
    duties: Any


async def trace(stage: Stage) -> Trace:
    return Trace(
        events=sum([len(history.events) for history in await stage.histories()]),
        state=await stage.state(),
        entries=len(stage.registry.entries(stage.case_id)),
        duties=stage.registry.duties(),
    )


async def refused(stage: Stage, name: str, *arguments: Any) -> ApplicationError:
    """Why the case turns the update `name` down; nothing of it may be left anywhere."""
    before = await trace(stage)
    with pytest.raises(WorkflowUpdateFailedError) as raised:
        await stage.handle.execute_update(name, args=list(arguments))
    assert await trace(stage) == before
    assert isinstance(raised.value.cause, ApplicationError)
    return raised.value.cause


VILLAGE = {"village": "shibuxi"}
TOWNSHIP = {"township": "tengqiao"}
OUT_OF_ORDER: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("confirm_posting", "bureau", {"notice": "initiation", "places": ["portal"]}, "批准", "第六条"),
    ("notify_departments", "bureau", {"departments": ["公安"]}, "批准", "第六条"),
    ("approve", "city", {"notice": "compensation"}, "尚未拟定上报", "第十条"),
    ("approve", "bureau", {"notice": "initiation"}, "应由市人民政府办理", "第六条"),
    (
        "submit_survey",
        "township:tengqiao",
        {**TOWNSHIP, "contents": SURVEY_CONTENTS, "measured": False},
        "土地征收启动公告期未满",
        "第七条",
    ),
    (
        "file_risk_assessment",
        "township:tengqiao",
        {**TOWNSHIP, "level": "低", "precautions": "有", "contingency_plan": "有"},
        "土地征收启动公告期未满",
        "第八条",
    ),
    (
        "draft_plan",
        "bureau",
        {
            "plan_contents": PLAN_CONTENTS,
            "notice_contents": COMPENSATION_NOTICE_CONTENTS,
            "registration_from": "2027-06-01",
            "registration_until": "2027-07-01",
            "registration_unit": "镇",
            "registration_place": "镇",
            "signing_until": "2027-08-01",
        },
        "尚未完成",
        "第九条、第十条",
    ),
    (
        "return_receipt",
        "township:tengqiao",
        {**VILLAGE, "opinions": "无", "objecting_members": 0},
        "征地补偿安置公告期未满",
        "第十条",
    ),
    (
        "hold_hearing",
        "township:tengqiao",
        {"villages": ["shibuxi"], "attendance": 9, "minutes": "有"},
        "回执函尚未取得",
        "第十一条",
    ),
    ("finalise_plan", "bureau", {"revised": False, "grounds": "无"}, "尚未完成", "第十一条"),
    ("register_rights", "township:tengqiao", {**VILLAGE, "holders": 1}, "张贴", "第十二条"),
    (
        "record_agreements",
        "township:tengqiao",
        {**VILLAGE, "kind": "house", "signed": 1},
        "方案尚未批准发布",
        "第十三条",
    ),
    (
        "measure_compensation",
        "bureau",
        {"sheet": "0" * 64},
        "方案尚未批准发布",
        "第十四条",
    ),
    (
        "certify_funds",
        "bureau",
        {"fund": "land", "measured": "1", "in_place": "1"},
        "方案尚未批准发布",
        "第十四条",
    ),
    ("submit_for_approval", "bureau", {}, "第1步“", "第十四条"),
    ("receive_approval", "bureau", {"authority": "省政府"}, "尚未报批", "第十五条、第十六条"),
    (
        "decide_compensation",
        "city",
        {**VILLAGE, "holders": 1, "vacate_by": "2028-01-01"},
        "尚未上报",
        "第十五条",
    ),
    (
        "confirm_payment",
        "land_user",
        {**VILLAGE, "payable": "1", "paid": "1"},
        "尚未收到土地征收批准文件",
        "第十六条",
    ),
    ("hand_over", "township:tengqiao", {**VILLAGE, "holders": 1}, "尚未足额到位", "第十七条"),
    ("request_enforcement", "township:tengqiao", {**VILLAGE, "holders": 1}, "决定", "第十七条"),
    ("resume", "bureau", {"reason": "无"}, "案件没有中止", "第四条"),
]


@pytest.mark.parametrize(
    ("name", "unit", "values", "sentence", "article"),
    OUT_OF_ORDER,
    ids=[f"{name}-{unit}" for name, unit, *_ in OUT_OF_ORDER],
)
async def test_out_of_order_is_refused_in_one_sentence_with_the_article(
    young: Stage, *, name: str, unit: str, values: dict[str, Any], sentence: str, article: str
) -> None:
    error = await refused(young, name, await young.command(name, unit, **values))
    assert error.type == REFUSED
    assert error.non_retryable
    assert sentence in error.message
    assert error.message.endswith(f"（{article}）。")
    assert error.message.count("。") == 1
    assert "\n" not in error.message


async def test_a_day_to_come_is_refused(young: Stage) -> None:
    """The case's own present counts, not this machine's."""
    command = await young.command("approve", "city", notice="initiation", occurred_on="2099-01-01")
    assert "晚于今天" in (await refused(young, "approve", command)).message


async def test_a_document_without_its_number_is_refused(young: Stage) -> None:
    command = await young.command("approve", "city", notice="initiation", document_number=None)
    assert "须注明文号" in (await refused(young, "approve", command)).message


async def good(stage: Stage, **values: Any) -> AnyCommand:
    return await stage.command("approve", "city", **{"notice": "initiation", **values})


async def plain(stage: Stage, **values: Any) -> dict[str, Any]:
    """The good command as a person's own program might send it: any JSON."""
    found: dict[str, Any] = COMMAND.dump_python(await good(stage), mode="json")
    return {**found, **values}


async def test_unknown_command_cannot_be_read(young: Stage) -> None:
    error = await refused(young, "sell_the_land", await plain(young, command="sell_the_land"))
    assert (error.type, error.message) == (BAD_INPUT, "命令内容无法识别")


async def test_name_and_content_must_agree(young: Stage) -> None:
    error = await refused(young, "suspend", await good(young))
    assert error.type == BAD_INPUT
    assert "suspend" in error.message
    assert "approve" in error.message


@pytest.mark.parametrize(
    "arguments",
    [[], [None], ["approve"], [{}], [{"command": "approve"}], [[1, 2]], [b"\x00\xff"]],
    ids=repr,
)
async def test_garbled_command_cannot_be_read(young: Stage, arguments: list[Any]) -> None:
    assert (await refused(young, "approve", *arguments)).type == BAD_INPUT


@pytest.mark.parametrize(
    "wrong",
    [
        {"notice": "holiday"},
        {"occurred_on": "someday"},
        {"id": "no good id"},
        {"by": {"name": "无单位"}},
        {"surplus": 1},
    ],
    ids=repr,
)
async def test_command_with_a_wrong_value_cannot_be_read(
    young: Stage, wrong: dict[str, Any]
) -> None:
    assert (await refused(young, "approve", await plain(young, **wrong))).type == BAD_INPUT


@pytest.mark.parametrize(
    ("name", "values", "unknown"),
    [
        ("hand_over", {"village": "atlantis", "holders": 1}, "atlantis"),
        ("hold_hearing", {"villages": ["atlantis"], "attendance": 1, "minutes": "有"}, "atlantis"),
        (
            "request_information",
            {"township": "utopia", "departments": ["公安", "气象"], "about": "户籍"},
            "utopia",
        ),
        (
            "request_information",
            {"township": "utopia", "departments": ["公安", "气象"], "about": "户籍"},
            "气象",
        ),
    ],
)
async def test_unknown_place_is_bad_input_with_those_there_are(
    young: Stage, name: str, values: dict[str, Any], unknown: str
) -> None:
    error = await refused(young, name, await young.command(name, "bureau", **values))
    assert error.type == BAD_INPUT
    assert unknown in error.message
    assert "shibuxi" in error.message or "tengqiao" in error.message


async def test_the_same_command_is_accepted_once_it_may_be(young: Stage) -> None:
    """What was refused above left the case free to go on."""
    before = await trace(young)
    answer = await young.send(await good(young))
    assert answer.case_id == young.case_id
    after = await trace(young)
    assert after.entries == before.entries + 1
    assert after.events > before.events
