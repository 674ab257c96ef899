"""The law around the order, as a second layer: where it provides otherwise it prevails (第二条).

What adds a duty or another day is a period here and is worked with; what the order has too is
listed beside it, so that both can be shown. An instrument seen only in part is not confirmed: it is
shown, and nothing is decided by it.
"""

from datetime import date

from law.counting import Counting
from law.entry import Condition, Layer, Rule

LAND_LAW = "《中华人民共和国土地管理法》"
REGULATION = "《中华人民共和国土地管理法实施条例》"
PROVINCE = "《浙江省土地管理条例》"
RECONSIDERATION = "《中华人民共和国行政复议法》"
COERCION = "《中华人民共和国行政强制法》"

_LAND_LAW_FROM = date(2020, 1, 1)
_REGULATION_FROM = date(2021, 9, 1)
_PROVINCE_FROM = date(2021, 11, 1)

HIGHER_PERIODS: tuple[Rule, ...] = (
    Rule(
        id="national-initiation-notice",
        article="第二十六条",
        instrument=REGULATION,
        in_force_from=_REGULATION_FROM,
        in_force_to=None,
        counting=Counting.AT_LEAST_WORKING_DAYS,
        length=10,
        unit="工作日",
        title="土地征收预公告期限",
        note="与本办法第六条一致。",
        layer=Layer.HIGHER,
    ),
    Rule(
        id="national-compensation-notice",
        article="第四十七条",
        instrument=LAND_LAW,
        in_force_from=_LAND_LAW_FROM,
        in_force_to=None,
        counting=Counting.AT_LEAST_DAYS,
        length=30,
        unit="日",
        title="征地补偿安置公告期限",
        note="实施条例第二十八条同；与本办法第十条一致。",
        layer=Layer.HIGHER,
    ),
    Rule(
        id="final-notice-by",
        article="第三十一条",
        instrument=REGULATION,
        in_force_from=_REGULATION_FROM,
        in_force_to=None,
        counting=Counting.WITHIN_WORKING_DAYS,
        length=15,
        unit="工作日",
        title="土地征收公告发布期限",
        note="自收到批准文件之日起；本办法第十五条只要求“及时”。",
        layer=Layer.HIGHER,
    ),
    Rule(
        id="provincial-acquisition-notice",
        article="第四十五条",
        instrument=PROVINCE,
        in_force_from=_PROVINCE_FROM,
        in_force_to=None,
        counting=Counting.AT_LEAST_WORKING_DAYS,
        length=10,
        unit="工作日",
        title="土地征收公告期限",
        note="与本办法第十五条一致。",
        layer=Layer.HIGHER,
    ),
    Rule(
        id="provincial-payment",
        article="第四十六条",
        instrument=PROVINCE,
        in_force_from=_PROVINCE_FROM,
        in_force_to=None,
        counting=Counting.WITHIN_DAYS,
        length=60,
        unit="日",
        title="足额支付期限",
        note="自土地征收公告之日起；未签协议的，自补偿安置决定作出之日起。"
        "与本办法第十六条（收到批准文件之日起30日）不一致，从严办理。",
        layer=Layer.HIGHER,
    ),
    Rule(
        id="reconsideration",
        article="第二十条",
        instrument=RECONSIDERATION,
        in_force_from=date(2024, 1, 1),
        in_force_to=None,
        counting=Counting.WITHIN_DAYS,
        length=60,
        unit="日",
        title="申请行政复议期限",
        note="自知道或者应当知道该行政行为之日起；属被征地人的权利，不产生办理责任。",
        layer=Layer.HIGHER,
    ),
)

COMPARED = {"payment": ("provincial-payment",)}
"""Periods of the order to which the higher law sets another length: the stricter day is kept."""

HIGHER_CONDITIONS: tuple[Condition, ...] = (
    Condition(
        id="national-hearing",
        article="第四十七条",
        instrument=LAND_LAW,
        in_force_from=_LAND_LAW_FROM,
        in_force_to=None,
        value="1/2",
        unit="成员",
        title="多数成员认为方案违法的应当组织听证",
        note="浙江省土地管理条例第四十二条：过半数；与本办法第十一条一致。",
        layer=Layer.HIGHER,
    ),
    Condition(
        id="unregistered",
        article="第二十八条",
        instrument=REGULATION,
        in_force_from=_REGULATION_FROM,
        in_force_to=None,
        value="",
        unit="",
        title="未按期登记的以调查结果为准",
        note="浙江省土地管理条例第四十三条：可以公证；与本办法第十二条一致。",
        layer=Layer.HIGHER,
    ),
    Condition(
        id="funds-before-approval",
        article="第三十二条",
        instrument=REGULATION,
        in_force_from=_REGULATION_FROM,
        in_force_to=None,
        value="",
        unit="",
        title="费用未足额到位的不得批准征收",
        note="与本办法第十四条一致。",
        layer=Layer.HIGHER,
    ),
    Condition(
        id="no-early-vacating",
        article="第四十七条",
        instrument=PROVINCE,
        in_force_from=_PROVINCE_FROM,
        in_force_to=None,
        value="",
        unit="",
        title="足额支付前不得要求搬迁",
        note="与本办法第十七条一致。",
        layer=Layer.HIGHER,
    ),
    Condition(
        id="demand-then-court",
        article="第四十七条",
        instrument=PROVINCE,
        in_force_from=_PROVINCE_FROM,
        in_force_to=None,
        value="",
        unit="",
        title="已签协议不腾退的先书面催告，再申请强制执行",
        note="本办法第十七条只规定补偿安置决定的执行。",
        layer=Layer.HIGHER,
    ),
    Condition(
        id="arable-limit",
        article="第四十六条",
        instrument=LAND_LAW,
        in_force_from=_LAND_LAW_FROM,
        in_force_to=None,
        value="35",
        unit="公顷",
        title="永久基本农田以外的耕地超过此数的由国务院批准",
        layer=Layer.HIGHER,
    ),
    Condition(
        id="other-land-limit",
        article="第四十六条",
        instrument=LAND_LAW,
        in_force_from=_LAND_LAW_FROM,
        in_force_to=None,
        value="70",
        unit="公顷",
        title="其他土地超过此数的由国务院批准",
        layer=Layer.HIGHER,
    ),
    Condition(
        id="national-price-review",
        article="第四十八条",
        instrument=LAND_LAW,
        in_force_from=_LAND_LAW_FROM,
        in_force_to=None,
        value="3",
        unit="年",
        title="区片综合地价的调整或者重新公布",
        note="浙江省土地管理条例第四十八条同；与本办法第十九条一致。",
        layer=Layer.HIGHER,
    ),
    Condition(
        id="hearing-notice",
        article="",
        instrument="某乡镇信息公开目录",
        in_force_from=_LAND_LAW_FROM,
        in_force_to=None,
        value="7",
        unit="工作日",
        title="听证通知提前送达",
        note="未见原文，仅供参考。",
        layer=Layer.HIGHER,
        confirmed=False,
    ),
    Condition(
        id="enforcement-application",
        article="第五十三条、第五十四条",
        instrument=COERCION,
        in_force_from=date(2012, 1, 1),
        in_force_to=None,
        value="3",
        unit="个月",
        title="法定救济期满后申请法院强制执行；申请前10日催告",
        note="未见全文，仅供参考。",
        layer=Layer.HIGHER,
        confirmed=False,
    ),
)
