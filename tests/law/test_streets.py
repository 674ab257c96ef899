"""The townships and streets of the four districts, and what is said of one that is not there."""

from datetime import date

import pytest

from law.entry import ORDER_FROM, ORDER_TO
from law.order import DISTRICTS, zone_of
from law.streets import STREETS, unknown_street


def test_the_list_is_of_the_orders_districts() -> None:
    assert tuple(STREETS) == DISTRICTS
    assert [len(streets) for streets in STREETS.values()] == [14, 10, 13, 8]
    everywhere = [name for streets in STREETS.values() for name in streets]
    assert len(everywhere) == len(set(everywhere))


@pytest.mark.parametrize(
    ("district", "street", "said"),
    [
        ("鹿城区", "藤桥镇", None),
        ("洞头区", "灵昆街道", None),
        ("鹿城区", "藤桥街道", "是否应为“藤桥镇”"),
        ("龙湾区", "灵昆街道", "“灵昆街道”属于洞头区，不属于龙湾区"),
        ("瓯海区", "甲乙丙", "瓯海区没有“甲乙丙”这个乡镇（街道）（名单"),
        ("乐清市", "柳市镇", None),
    ],
)
def test_an_unknown_street_is_said_with_those_near(
    district: str, street: str, said: str | None
) -> None:
    found = unknown_street(district, street)
    assert (found is None) == (said is None)
    assert said is None or (found is not None and said in found)


def test_zone_1_is_three_districts_and_lingkun() -> None:
    in_zone_1 = {
        (district, street)
        for district, streets in STREETS.items()
        for street in streets
        if zone_of(district, street, ORDER_FROM) == 1
    }
    assert [street for district, street in in_zone_1 if district == "洞头区"] == ["灵昆街道"]
    assert len(in_zone_1) == 14 + 10 + 13 + 1


@pytest.mark.parametrize("on", [date(2020, 12, 14), date(2030, 12, 15)])
def test_outside_its_force_the_order_draws_no_zones(on: date) -> None:
    with pytest.raises(ValueError, match="没有可用的区片划分"):
        zone_of("鹿城区", "藤桥镇", on)
    assert zone_of("鹿城区", "藤桥镇", ORDER_TO) == 1
