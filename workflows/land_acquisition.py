"""One acquisition of collectively owned land, from launch to hand-over: chapter two of the order.

The fourteen steps of 温政令〔2020〕7号, top to bottom. Each step's duties, and what completes it,
follow from the case's state (`case/duties`, `case/steps`); duties of a later step may be done as
soon as the order allows, and the case passes each step once it and all before it are complete.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from case.state import State
    from workflows.accepted import Outcome
    from workflows.casework import Casework, Terminated


@workflow.defn(name="LandAcquisition")
class LandAcquisition(Casework):
    """One case is one workflow; a run continued as new passes through what is already done."""

    @workflow.init
    def __init__(self, state: State) -> None:
        super().__init__(state)

    @workflow.run
    async def run(self, state: State) -> Outcome:
        """Run the case; returns how it ended and on which day."""
        await self.begin()
        try:
            await self.pass_step(1)  # 第六条 启动公告：不少于10个工作日；通知七部门暂停办理
            await self.pass_step(2)  # 第七条 土地现状调查
            await self.pass_step(3)  # 第八条 社会稳定风险评估，报政法部门备案
            await self.milestone()
            await self.pass_step(4)  # 第九、十条 征地补偿安置方案和公告：不少于30日
            await self.pass_step(5)  # 第十条 每个集体经济组织的回执函
            await self.pass_step(6)  # 第十一条 半数以上（不含半数）认为方案违法的，举行听证会
            await self.pass_step(7)  # 第十一条 方案完善、批准、发布
            await self.milestone()
            await self.pass_step(8)  # 第十二条 补偿登记；未登记的以调查结果为准
            await self.pass_step(9)  # 第十三条 签订协议；未签约的逐级上报
            await self.pass_step(10)  # 第十四条 费用足额到位
            await self.milestone()
            await self.pass_step(11)  # 第十四条 报批，收到批准文件
            await self.pass_step(12)  # 第十五条 征收公告：不少于10个工作日；补偿安置决定
            await self.pass_step(13)  # 第十六条 收到批准文件之日起30日内核定、支付
            await self.milestone()
            await self.pass_step(14)  # 第十七条 交地；不腾退的申请强制执行
        except Terminated:
            pass
        return await self.end()
