"""The command `check`: what a case file says, or everything that is wrong with it."""

import json
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import click

from activities.office.prices import price_table
from case.brief import brief
from case.entries import CaseFile, Role, Township, Village
from case.faults import Faults
from case.file import load
from case.land import LandClass, written
from case.valued import price_faults
from deploy.settings import load as settings
from desk.cases import now
from desk.errors import BadInput
from law.conditions import approving_authority
from law.order import GROUNDS, ZONE_TITLES
from law.prices import PriceTable


@click.command("check")
@click.argument("files", nargs=-1, metavar="文件...")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取")
def check(files: tuple[str, ...], as_json: bool) -> None:
    """检查一个或者几个项目文件，不启动任何程序。

    没有问题的，列出项目概要；有问题的，一次列出全部问题，每个问题写明在文件的第几行、哪一项、错在哪里。

    \b
    例：
      starter.py check examples/one-village.yaml
      starter.py check --json 项目.yaml

    退出码：0 都没有问题；2 有问题。
    """
    if not files:
        raise BadInput("没有写要检查的文件，如：starter.py check examples/one-village.yaml")
    prices = _prices()
    results = [(name, _checked(Path(name), prices)) for name in files]
    if as_json:
        content = {"files": [_as_json(name, result) for name, result in results]}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_as_text(name, result) for name, result in results))
    faulty = [result for _, result in results if isinstance(result, Faults)]
    if faulty:
        count = sum(len(result.faults) for result in faulty)
        raise BadInput(f"{len(faulty)} 个文件有问题，共 {count} 处，改好以后才能启动")


def _checked(path: Path, prices: PriceTable) -> CaseFile | Faults:
    try:
        return load(path, partial(price_faults, prices))
    except Faults as faults:
        return faults


def _prices() -> PriceTable:
    """The prices that a file's compensation section needs. Raises BadInput for a faulty table."""
    try:
        return price_table(settings().office)
    except Faults as faults:
        raise BadInput.listing(f"价格文件 {fault}" for fault in faults) from faults


def _as_text(name: str, result: CaseFile | Faults) -> str:
    if isinstance(result, Faults):
        lines = [f"{name}：有 {len(result.faults)} 处问题"]
        for number, fault in enumerate(result, 1):
            where = f"第{fault.line}行 " if fault.line is not None else ""
            lines += [f"{number:>3}. {where}{fault.place}", f"     {fault.sentence}"]
        return "\n".join(lines)
    return "\n".join([f"{name}：没有问题", *_summary(result)])


def _summary(file: CaseFile) -> list[str]:
    project, signing = file.project, file.signing
    item = "一二三四五六"[project.ground - 1]
    purpose = "拟安排工业、商服用地" if project.industrial_or_commercial else "不安排工业、商服用地"
    villages = brief(file).villages
    authority, reason = approving_authority(
        sum((village.basic_farmland for village in villages), Decimal(0)),
        sum((village.arable for village in villages), Decimal(0)),
        sum((village.total_area for village in villages), Decimal(0)),
        now().date(),
    )
    lines = [
        f"  项目  {project.name}（{project.number}）",
        f"  依据  土地管理法第四十五条第（{item}）项：{GROUNDS[project.ground]}",
        f"  用途  {project.use}，{purpose}",
        f"  用地  {project.land_user}",
        f"  审批  {authority}批准：{reason}；国务院另有授权的从其规定",
    ]
    for township, village in file.villages:
        lines += _village_lines(township, village)
    lines += [
        f"  签约比例  集体经济组织{signing.collectives:%}、承包人{signing.contractors:%}、"
        f"不动产产权人{signing.houses:%}（{signing.source}）",
        f"  通讯录  {len(_units(file))} 个单位，{_count(file, Role.CLERK)} 名经办人，"
        f"{_count(file, Role.HEAD)} 名负责人",
    ]
    return lines


def _village_lines(township: Township, village: Village) -> list[str]:
    qualifying = [group.name for group in village.groups if group.qualifies]
    groups = f"{len(village.groups)} 个，单独公告的：{'、'.join(qualifying) or '无'}"
    areas = "，".join(f"{land} {written(mu)}" for land, mu in _areas(village).items())
    total = village.area(LandClass)
    return [
        f"  {township.district}{township.name}{village.name}  {ZONE_TITLES[village.zone]}",
        f"    集体  {village.collective}，成员 {village.members} 人",
        f"    面积  共 {written(total)} 亩：{areas}",
        f"    权利人  承包人 {len(village.contractors)}，房屋 {len(village.houses)}",
        *([f"    村民小组  {groups}"] if village.groups else []),
    ]


def _areas(village: Village) -> dict[LandClass, Decimal]:
    present = {parcel.land for parcel in village.parcels}
    return {land: village.area({land}) for land in LandClass if land in present}


def _units(file: CaseFile) -> set[str]:
    return {person.unit for person in file.directory}


def _count(file: CaseFile, role: Role) -> int:
    return sum(person.role is role for person in file.directory)


def _as_json(name: str, result: CaseFile | Faults) -> dict[str, Any]:
    if isinstance(result, Faults):
        faults = [
            {"place": fault.place, "line": fault.line, "sentence": fault.sentence}
            for fault in result
        ]
        return {"file": name, "sound": False, "faults": faults}
    file = result
    villages = [
        {
            "id": village.id,
            "name": village.name,
            "township": township.name,
            "district": township.district,
            "zone": village.zone,
            "members": village.members,
            "areas_mu": {str(land): written(mu) for land, mu in _areas(village).items()},
            "contractors": len(village.contractors),
            "houses": len(village.houses),
            "qualifying_groups": [group.name for group in village.groups if group.qualifies],
        }
        for township, village in file.villages
    ]
    return {
        "file": name,
        "sound": True,
        "faults": [],
        "number": file.project.number,
        "name": file.project.name,
        "villages": villages,
        "units": sorted(_units(file)),
    }
