"""Office targets (内部时限): working days for duties to which the order gives no time."""

from typing import Annotated

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

WorkingDays = Annotated[int, Field(strict=True, ge=1, le=250)]


@dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(extra="forbid"))
class OfficeTargets:
    """Working days (1 to 250) from the opening of a duty to the office's own last day for it.

    They bind nobody in law and are always shown as 内部时限. Where the order or a notice sets a
    time (such as Article 16's thirty days), that time governs and the target only comes before it.
    """

    draft: WorkingDays = Field(default=5, title="拟定公告或者方案")
    approve: WorkingDays = Field(default=5, title="批准公告或者方案")
    post: WorkingDays = Field(default=3, title="张贴公告")
    notify_departments: WorkingDays = Field(default=2, title="通知相关部门暂停办理")
    acknowledge_freeze: WorkingDays = Field(default=5, title="相关部门回复暂停办理")
    answer_information: WorkingDays = Field(default=10, title="相关部门答复信息查询")
    survey: WorkingDays = Field(default=30, title="土地现状调查")
    risk: WorkingDays = Field(default=20, title="社会稳定风险评估")
    receipt: WorkingDays = Field(default=10, title="回执函")
    hearing: WorkingDays = Field(default=20, title="听证会")
    finalise_plan: WorkingDays = Field(default=10, title="完善并发布方案")
    registration_survey_served: WorkingDays = Field(default=10, title="未登记的送交调查结果")
    agreements: WorkingDays = Field(default=40, title="签订征地补偿安置协议")
    report_unsigned: WorkingDays = Field(default=10, title="上报未签约情况")
    funds: WorkingDays = Field(default=20, title="费用测算并足额到位")
    submit: WorkingDays = Field(default=10, title="报批")
    receive_approval: WorkingDays = Field(default=60, title="收到批准文件")
    propose_decision: WorkingDays = Field(default=10, title="上报补偿安置决定建议")
    decide_compensation: WorkingDays = Field(default=15, title="作出补偿安置决定")
    verify_quota: WorkingDays = Field(default=15, title="核定安置指标和参保名额")
    hand_over: WorkingDays = Field(default=20, title="交付土地")
    enforcement: WorkingDays = Field(default=20, title="申请强制执行")
