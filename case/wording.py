"""The words of the case that the order fixes: the kinds of notice and of right-holder."""

from enum import StrEnum


class Notice(StrEnum):
    """What is drafted, approved by the city and posted."""

    INITIATION = "initiation"
    COMPENSATION = "compensation"
    PLAN = "plan"
    ACQUISITION = "acquisition"


NOTICE_TITLES = {
    Notice.INITIATION: "土地征收启动公告",
    Notice.COMPENSATION: "征地补偿安置公告",
    Notice.PLAN: "征地补偿安置方案",
    Notice.ACQUISITION: "土地征收公告",
}

NOTICE_ARTICLES = {
    Notice.INITIATION: "第六条",
    Notice.COMPENSATION: "第十条",
    Notice.PLAN: "第十一条",
    Notice.ACQUISITION: "第十五条",
}

NOTICE_STEPS = {
    Notice.INITIATION: 1,
    Notice.COMPENSATION: 4,
    Notice.PLAN: 7,
    Notice.ACQUISITION: 12,
}

PERIOD_RULES = {
    Notice.INITIATION: "initiation-notice",
    Notice.COMPENSATION: "compensation-notice",
    Notice.ACQUISITION: "acquisition-notice",
}
"""The notices that must hang for a period, each with its rule under law/."""


def period_title(key: str) -> str:
    """The name of a notice's period by its key ("period/initiation")."""
    return f"《{NOTICE_TITLES[Notice(key.removeprefix('period/'))]}》公告期"


class HolderKind(StrEnum):
    """With whom an agreement is signed (第十三条)."""

    COLLECTIVE = "collective"
    CONTRACTOR = "contractor"
    HOUSE = "house"


HOLDER_TITLES = {
    HolderKind.COLLECTIVE: "农村集体经济组织",
    HolderKind.CONTRACTOR: "土地承包经营权人、林地使用权人",
    HolderKind.HOUSE: "房屋产权人",
}


class Fund(StrEnum):
    """What must be measured and in place before submission (第十四条；27号第五条)."""

    LAND = "land"
    HOUSES = "houses"
    ATTACHMENTS = "attachments"
    INSURANCE = "insurance"
    SUBSIDY = "subsidy"
    RISK = "risk"
    RECLAMATION = "reclamation"
    REPLACEMENT = "replacement"


BY_THE_BUREAU = (Fund.RECLAMATION, Fund.REPLACEMENT)
"""耕地开垦费 and 补充耕地成本 have no rate in the order: the bureau measures them itself."""

FUND_TITLES = {
    Fund.LAND: "土地补偿费和安置补助费",
    Fund.HOUSES: "房屋补偿费",
    Fund.ATTACHMENTS: "其他地上附着物和青苗补偿费",
    Fund.INSURANCE: "被征地农民社会保障费用",
    Fund.SUBSIDY: "政府补贴社保资金",
    Fund.RISK: "社会保障风险补充资金",
    Fund.RECLAMATION: "耕地开垦费",
    Fund.REPLACEMENT: "补充耕地成本",
}
