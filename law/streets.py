"""The townships and streets (乡镇、街道) of the four districts to which the order applies (第二条).

Names as in the State's statistical division of 2023, which agree with those when the order took
force, so far as is known. A name that is not here is refused with those near to it: the zone, and
with it every price, hangs on it (第十九条).
"""

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType

AS_OF = date(2023, 12, 31)
"""The day whose division this is."""

STREETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "鹿城区": (
            *("五马街道", "七都街道", "滨江街道", "南汇街道", "松台街道", "双屿街道", "仰义街道"),
            *("大南街道", "蒲鞋市街道", "南郊街道", "广化街道", "丰门街道", "藤桥镇", "山福镇"),
        ),
        "龙湾区": (
            *("永中街道", "蒲州街道", "海滨街道", "永兴街道", "状元街道", "瑶溪街道"),
            *("海城街道", "沙城街道", "天河街道", "星海街道"),
        ),
        "瓯海区": (
            *("景山街道", "梧田街道", "南白象街道", "茶山街道", "娄桥街道", "新桥街道"),
            *("三垟街道", "瞿溪街道", "郭溪街道", "潘桥街道", "丽岙街道", "仙岩街道", "泽雅镇"),
        ),
        "洞头区": (
            *("北岙街道", "灵昆街道", "东屏街道", "元觉街道", "霓屿街道", "昆鹏街道"),
            *("大门镇", "鹿西乡"),
        ),
    }
)
DOUBTFUL: Mapping[str, str] = MappingProxyType(
    {
        "昆鹏街道": "第十九条只写洞头区灵昆街道为一类区片，"
        "昆鹏街道按洞头区其他街道列入二类区片，请办公室核对"
    }
)
"""Streets whose zone the order's words leave open, each with what the office should check."""


def unknown_street(district: str, street: str) -> str | None:
    """None for a township or street of the district, else one Chinese sentence with near names.

    A district to which the order does not apply has no streets here; that is for others to say.
    """
    known = STREETS.get(district)
    if known is None or street in known:
        return None
    for other, streets in STREETS.items():
        if street in streets:
            return f"“{street}”属于{other}，不属于{district}"
    everywhere = [name for streets in STREETS.values() for name in streets]
    near = get_close_matches(street, [*known], n=3, cutoff=0.4)
    near = near or get_close_matches(street, everywhere, n=3, cutoff=0.6)
    hint = f"，是否应为{'、'.join(f'“{name}”' for name in near)}" if near else ""
    return f"{district}没有“{street}”这个乡镇（街道）{hint}（名单截至{AS_OF}）"
