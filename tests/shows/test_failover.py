"""The mail server is away: by SMS, to the head, to the unit above; seen by operators, and over."""

import re
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import pytest_asyncio

from activities.registry import Delivery
from activities.telling.trying import AttemptState
from deploy.server import LocalServer
from tests.shows.failover import (
    BUREAU_POSTS,
    TAX_CONFIRMS,
    TOWNSHIP_POSTS,
    Failover,
    command,
    differences,
    failover,
)

SENT, FAILED = AttemptState.SENT, AttemptState.FAILED
FOUR_TIMES = [("email", FAILED)] * 4


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def case(
    server: LocalServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Failover]:
    async with failover(server, tmp_path_factory.mktemp("failover")) as found:
        await found.get_it_back()
        yield found


def about(case: Failover, duty: str, rung: str) -> dict[tuple[str, str], Delivery]:
    """The messages about one rung, by unit and role."""
    return {
        (each.unit, each.role): each
        for each in case.deliveries
        if each.duty_id == duty and each.rung.endswith(f"/{rung}")
    }


def tried(case: Failover, delivery: Delivery) -> list[tuple[str, AttemptState]]:
    return [(each.channel, each.state) for each in case.attempts(delivery)]


def test_a_clerk_with_a_second_channel_is_told_by_it_after_four_tries(case: Failover) -> None:
    (told,) = about(case, TOWNSHIP_POSTS, "open").values()
    assert tried(case, told) == [*FOUR_TIMES, ("sms", SENT)]
    assert (told.state, told.channel) == ("sent", "sms")


def test_tries_are_a_minute_then_five_then_fifteen_apart(case: Failover) -> None:
    (told,) = about(case, TOWNSHIP_POSTS, "open").values()
    began = [each.begun_at for each in case.attempts(told)]
    pauses = [round((b - a).total_seconds() / 60) for a, b in pairwise(began)]
    assert pauses == [1, 5, 15, 0]


def test_a_clerk_without_another_channel_is_stood_in_for_by_the_head(case: Failover) -> None:
    told = about(case, BUREAU_POSTS, "open")
    clerk, head = told["bureau", "经办人"], told["bureau", "负责人"]
    assert tried(case, clerk) == FOUR_TIMES
    assert clerk.state == "failed"
    assert tried(case, head) == [("dingtalk", SENT)]
    assert "本消息应送市自然资源和规划局经办人，因无法送达，改送您处，请转告。" in head.text


def test_a_department_without_a_head_is_stood_in_for_by_the_next_unit(case: Failover) -> None:
    """Its clerk cannot be reached, nor the bureau's: the bureau's head is."""
    told = about(case, TAX_CONFIRMS, "open")
    assert {who: each.state for who, each in told.items()} == {
        ("department:税务", "经办人"): "failed",
        ("bureau", "经办人"): "failed",
        ("bureau", "负责人"): "sent",
    }
    assert "本消息应送税务部门，" in told["bureau", "负责人"].text


def test_operators_see_it_and_no_more_once_it_is_over(case: Failover) -> None:
    assert [said.partition("）：")[2] for said in case.away.troubles] == [
        "到期前1个工作日的提醒：各渠道均未送达，已改送市自然资源和规划局负责人",
        "到期前1个工作日的提醒：电子邮件不通，已改送短信",
        "责任产生的提醒：各渠道均未送达，已改送市自然资源和规划局",
    ]
    assert case.away.filtered
    assert (case.back.troubles, case.back.filtered) == ((), False)
    assert list(differences(case)) == []


def test_what_operators_see_names_nobody(case: Failover) -> None:
    names = {person.name for person in case.stage.file.directory}
    assert not [name for name in names for said in case.away.troubles if name in said]


def test_mail_goes_by_mail_again_once_the_server_is_back(case: Failover) -> None:
    (told,) = about(case, TOWNSHIP_POSTS, "0").values()
    assert tried(case, told) == [("email", SENT)]


def test_the_desk_lists_what_went_wrong(case: Failover) -> None:
    failed = sum(each.state == "failed" for each in case.deliveries)
    listed = command(case, "reminders", case.stage.case_id, "--troubled")
    heading = re.search(r"提醒 (\d+) 件：已发出 (\d+)，未送达 (\d+)", listed)
    assert heading
    total, sent, unsent = map(int, heading.groups())
    assert total == sent + unsent and sent == 2
    assert unsent >= failed > 0
