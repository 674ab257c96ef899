"""A paper adopted while a few cases run: what the show claims of many holds of each kind."""

import pytest
import pytest_asyncio

from case.moving import Moves
from deploy.server import LocalServer
from law.calendar import official_calendar
from tests.shows.moving_bureau import Adopted, adopt

pytestmark = pytest.mark.skipif(
    official_calendar().horizon.year > 2026, reason="2027 is arranged by now"
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def adopted(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    return await adopt(server, tmp_path_factory.mktemp("moving"), 6)


def test_everything_holds(adopted: Adopted) -> None:
    assert adopted.faults == ()


def test_days_of_each_kind_moved_and_people_heard(adopted: Adopted) -> None:
    assert adopted.done.counted == adopted.done.cases > 0
    assert {row.duty_id.partition("/")[0] for row in adopted.done.rows} >= {"approve", "period"}
    assert all(row.old_last_day != row.new_last_day for row in adopted.done.rows)
    assert len(adopted.letters) >= adopted.done.told > 0
    assert all("截止日变动" in each.text for each in adopted.letters)


def test_second_run_moves_nothing(adopted: Adopted) -> None:
    assert adopted.again == Moves()
