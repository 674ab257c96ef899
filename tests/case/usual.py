"""The values with which each command is in order, for a case that is ready for it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from case.approval import funds_of
from case.brief import Brief
from case.measurement import Measurement, Measuring, VillageAmounts
from case.rights import holders, signed
from case.state import State
from case.wording import BY_THE_BUREAU, Fund, HolderKind
from law import order


def usual(name: str, state: State, today: date, given: dict[str, Any]) -> dict[str, Any]:
    """Values with which `name` is in order, as far as the case's state allows it at all."""
    place = str(given.get("village", state.brief.villages[0].id))
    by_name: dict[str, dict[str, Any]] = {
        "draft_initiation": {"contents": order.INITIATION_NOTICE_CONTENTS},
        "approve": {"notice": "initiation"},
        "confirm_posting": {"notice": "initiation", "places": ["portal"]},
        "notify_departments": {"departments": order.DEPARTMENTS},
        "acknowledge_freeze": {"departments": ["公安"]},
        "request_information": {"township": "shan", "departments": ["公安"], "about": "户籍"},
        "answer_information": {"township": "shan", "departments": ["公安"]},
        "submit_survey": {
            "township": "shan",
            "contents": order.SURVEY_CONTENTS,
            "measured": True,
            "surveyor": "某测绘院（甲测资字1）",
        },
        "file_risk_assessment": {
            "township": "shan",
            "level": "低",
            "precautions": "宣讲",
            "contingency_plan": "联动",
        },
        "draft_plan": {
            "plan_contents": order.PLAN_CONTENTS,
            "notice_contents": order.COMPENSATION_NOTICE_CONTENTS,
            "registration_from": today,
            "registration_until": today + timedelta(days=50),
            "registration_unit": "征地办",
            "registration_place": "一楼",
            "signing_until": today + timedelta(days=80),
        },
        "return_receipt": {"village": place, "opinions": "无异议", "objecting_members": 0},
        "record_objections": {"village": place, "objecting_members": 0},
        "order_hearing": {"villages": [place], "reason": "争议较大"},
        "hold_hearing": {"villages": [place], "attendance": 5, "minutes": "逐项答复"},
        "finalise_plan": {"revised": False, "grounds": "意见已答复", "hearing_outcome": "采纳"},
        "register_rights": {"village": place, "holders": 6},
        "serve_survey_result": {"village": place, "holders": 1},
        "record_agreements": {"village": place, **_next_signature(state, place)},
        "report_unsigned": {"village": place, "circumstances": "外出", "safeguards": "保留房源"},
        "forward_unsigned": {"village": place},
        "measure_compensation": {"sheet": "0" * 64},
        "certify_funds": {"fund": "land", "measured": "100.00", "in_place": "100.00"},
        "receive_approval": {"authority": "省人民政府"},
        "draft_acquisition": {"contents": order.ACQUISITION_NOTICE_CONTENTS},
        "propose_decision": {"village": place, "holders": 1},
        "decide_compensation": {
            "village": place,
            "holders": 1,
            "vacate_by": today + timedelta(days=20),
        },
        "verify_quota": {"village": place, "insurance_places": "36.0", **_quota(state, place)},
        "confirm_payment": {"village": place, "payable": "100.00", "paid": "100.00"},
        "hand_over": {"village": place, "holders": 1},
        "request_enforcement": {"village": place, "holders": 1},
        "apply_to_court": {"village": place},
        "record_enforcement": {"village": place, "holders": 1},
        "suspend": {"reason": "另案处理"},
        "resume": {"reason": "处理完毕"},
        "terminate": {"reason": "项目取消"},
        "send_back": {"item": "survey", "place": "shan", "reason": "缺测绘"},
        "amend_deadline": {"reason": "部门申请"},
        "correct": {"reason": "登记有误"},
    }
    return by_name.get(name, {})


def measured(brief: Brief, asked: Measuring) -> Measurement:
    """What a sheet would say that gives the amounts above: a hundred yuan everywhere."""
    hundred = Decimal("100.00")
    return Measurement(
        entry=asked.entry,
        sheet=asked.sheet,
        plan_approved_on=asked.plan_approved_on,
        total=hundred * len(Fund),
        funds={
            fund.value: hundred if fund in funds_of(brief) else Decimal(0)
            for fund in Fund
            if fund not in BY_THE_BUREAU
        },
        villages=tuple(
            VillageAmounts(
                village=village.id,
                payable=hundred,
                insurance_places=Decimal("36.0"),
                housing_quota=Decimal(900) if village.zone == 1 else None,
                retained_land_subsidy=None if village.zone == 1 else Decimal(1_440_000),
            )
            for village in brief.villages
        ),
    )


def _next_signature(state: State, place: str) -> dict[str, Any]:
    for kind in HolderKind:
        left = holders(state, place, kind) - signed(state, place, kind)
        if left:
            return {"kind": kind.value, "signed": left}
    return {"kind": "house", "signed": 1}


def _quota(state: State, place: str) -> dict[str, str]:
    found = state.village(place)
    in_zone_1 = found is not None and found.zone == 1
    return {"housing_quota": "900"} if in_zone_1 else {"retained_land_subsidy": "1440000"}
