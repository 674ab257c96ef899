"""The acts of the procedure: every command that leaves a fact standing in a case."""

from typing import Annotated

from pydantic import Field

from case.approval import (
    CertifyFunds,
    MeasureCompensation,
    ReceiveApproval,
    SubmitForApproval,
)
from case.inquiry import (
    AnswerInformation,
    FileRiskAssessment,
    HoldHearing,
    OrderHearing,
    RecordObjections,
    RequestInformation,
    ReturnReceipt,
    SubmitSurvey,
)
from case.notices import (
    AcknowledgeFreeze,
    Approve,
    ConfirmPosting,
    DraftAcquisition,
    DraftInitiation,
    DraftPlan,
    FinalisePlan,
    NotifyDepartments,
)
from case.payment import ConfirmPayment, VerifyQuota
from case.rights import (
    ForwardUnsigned,
    RecordAgreements,
    RegisterRights,
    ReportUnsigned,
    ServeSurveyResult,
)
from case.settlement import (
    ApplyToCourt,
    DecideCompensation,
    HandOver,
    ProposeDecision,
    RecordEnforcement,
    RequestEnforcement,
)

ACTS = (
    DraftInitiation,
    Approve,
    ConfirmPosting,
    NotifyDepartments,
    AcknowledgeFreeze,
    RequestInformation,
    AnswerInformation,
    SubmitSurvey,
    FileRiskAssessment,
    DraftPlan,
    ReturnReceipt,
    RecordObjections,
    OrderHearing,
    HoldHearing,
    FinalisePlan,
    RegisterRights,
    ServeSurveyResult,
    RecordAgreements,
    ReportUnsigned,
    ForwardUnsigned,
    MeasureCompensation,
    CertifyFunds,
    SubmitForApproval,
    ReceiveApproval,
    DraftAcquisition,
    ProposeDecision,
    DecideCompensation,
    VerifyQuota,
    ConfirmPayment,
    HandOver,
    RequestEnforcement,
    ApplyToCourt,
    RecordEnforcement,
)

Act = Annotated[
    DraftInitiation
    | Approve
    | ConfirmPosting
    | NotifyDepartments
    | AcknowledgeFreeze
    | RequestInformation
    | AnswerInformation
    | SubmitSurvey
    | FileRiskAssessment
    | DraftPlan
    | ReturnReceipt
    | RecordObjections
    | OrderHearing
    | HoldHearing
    | FinalisePlan
    | RegisterRights
    | ServeSurveyResult
    | RecordAgreements
    | ReportUnsigned
    | ForwardUnsigned
    | MeasureCompensation
    | CertifyFunds
    | SubmitForApproval
    | ReceiveApproval
    | DraftAcquisition
    | ProposeDecision
    | DecideCompensation
    | VerifyQuota
    | ConfirmPayment
    | HandOver
    | RequestEnforcement
    | ApplyToCourt
    | RecordEnforcement,
    Field(discriminator="command"),
]
