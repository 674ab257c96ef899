"""The fixed lists of 温政令〔2020〕7号 and of the law behind it: whom it names, what it demands.

Each list stands in the order's own words and order, with its article beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from law.entry import ORDER_FROM, ORDER_TO

FREEZE_ARTICLE = "第六条"
DEPARTMENTS = (
    "公安",
    "住房和城乡建设",
    "自然资源和规划",
    "市场监督管理",
    "农业农村",
    "发展和改革",
    "税务",
)
"""Departments to be notified of the freeze (第六条)."""
FROZEN_MATTERS = (
    "户口迁入",
    "分户",
    "房屋交易",
    "翻（扩）建",
    "装潢",
    "核发营业执照",
    "调整农业产业结构",
)
"""Matters not handled within the area once the initiation notice is out (第六条)."""

INITIATION_NOTICE_CONTENTS = ("征收范围", "征收目的", "开展土地现状调查的安排")
"""土地征收启动公告 (第六条)."""
SURVEY_CONTENTS = (
    "土地权属、地类、面积",
    "房屋权属、用途、面积",
    "其他地上附着物和青苗权属、种类、数量",
)
"""土地现状调查 (第七条)."""
PLAN_CONTENTS = (
    "土地征收范围",
    "土地现状",
    "征收土地目的",
    "补偿标准",
    "安置方式",
    "签约期限",
    "社会保障",
)
"""征地补偿安置方案 (第九条)."""
COMPENSATION_NOTICE_CONTENTS = (
    "拟征收土地范围",
    "征地补偿安置方案",
    "土地现状调查结果",
    "补偿登记期限、单位和地点",
    "申请听证事项",
    "异议反馈渠道",
)
"""征地补偿安置公告, the survey's results published with it (第十条)."""
ACQUISITION_NOTICE_CONTENTS = (
    "批准征地机关",
    "批准文号",
    "征地用途",
    "范围",
    "面积",
    "救济途径",
)
"""土地征收公告 (第十五条)."""

GROUNDS: Mapping[int, str] = MappingProxyType(
    {
        1: "军事和外交需要用地的",
        2: "由政府组织实施的能源、交通、水利、通信、邮政等基础设施建设需要用地的",
        3: "由政府组织实施的科技、教育、文化、卫生、体育、生态环境和资源保护、防灾减灾、文物保护、"
        "社区综合服务、社会福利、市政公用、优抚安置、英烈保护等公共事业需要用地的",
        4: "由政府组织实施的扶贫搬迁、保障性安居工程建设需要用地的",
        5: "在土地利用总体规划确定的城镇建设用地范围内，经省级以上人民政府批准由"
        "县级以上地方人民政府组织实施的成片开发建设需要用地的",
        6: "法律规定为公共利益需要可以征收农民集体所有的土地的其他情形",
    }
)
"""The grounds of 土地管理法第四十五条, by the number of the item."""

DISTRICTS = ("鹿城区", "龙湾区", "瓯海区", "洞头区")
"""Where the order applies (第二条)."""


ZONE_1_OF_DONGTOU = frozenset({"灵昆街道"})
"""The streets of 洞头区 that lie in zone 1; the rest of it is zone 2 (第十九条)."""


ZONE_TITLES = {1: "一类区片", 2: "二类区片"}
"""The price zones by number (第十九条)."""


def zone_of(district: str, township: str, on: date | None = None) -> int:
    """The price zone of a place on a day, 1 (一类区片) or 2 (二类区片), by 第十九条.

    on: a day in the order's force; None asks for the zones as the order draws them. Whether the
    district has such a street at all is asked of law.streets.
    Raises ValueError with a Chinese sentence for a district to which the order does not apply, and
    for a day outside its force (第三十五条).
    """
    if district not in DISTRICTS:
        raise ValueError(f"“{district}”不在本办法适用的{'、'.join(DISTRICTS)}之内（第二条）。")
    if on is not None and not ORDER_FROM <= on <= ORDER_TO:
        raise ValueError(
            f"{on}不在本办法施行期间（{ORDER_FROM}至{ORDER_TO}，第三十五条），没有可用的区片划分。"
        )
    return 2 if district == "洞头区" and township not in ZONE_1_OF_DONGTOU else 1


VILLAGE_GROUP_CONDITIONS = (
    "具有独立的法人资格，享有独立的民事权利，并可以承担相应的民事责任",
    "组织机构完整，财务管理等规章制度健全",
    "有一定的集体经济基础和公共积累",
)
"""What makes a village group one that is notified itself (政策解读（五）)."""


def is_village_group(legal_person: bool, organised: bool, economic_base: bool) -> bool:
    """Whether a group meets all three conditions, in the order of VILLAGE_GROUP_CONDITIONS.

    Otherwise the village's own posting serves (政策解读（五）).
    """
    return legal_person and organised and economic_base


@dataclass(frozen=True, slots=True)
class Step:
    """One of the fourteen steps: its number, short title and articles."""

    number: int
    title: str
    article: str


STEPS = (
    Step(1, "土地征收启动公告", "第六条"),
    Step(2, "土地现状调查", "第七条"),
    Step(3, "社会稳定风险评估", "第八条"),
    Step(4, "征地补偿安置公告", "第九条、第十条"),
    Step(5, "取得回执函", "第十条"),
    Step(6, "征地听证", "第十一条"),
    Step(7, "方案完善与公布", "第十一条"),
    Step(8, "征地补偿登记", "第十二条"),
    Step(9, "签订补偿安置协议", "第十三条"),
    Step(10, "落实征地补偿费用", "第十四条"),
    Step(11, "征地报批", "第十四条"),
    Step(12, "土地征收公告", "第十五条"),
    Step(13, "核定与支付", "第十六条"),
    Step(14, "交地", "第十七条"),
)
"""The fourteen steps (政策解读（四）, chapter two of the order)."""
