"""The composite prices that the city's office keeps (征地区片综合地价), beside those shipped.

`<office>/prices.yaml` holds them; a faulty one stops whoever wants to compute, since a price that
is left out in silence would let an old one stand.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from case.faults import Fault, Faults, place_of
from case.kinds import Area, Day, Entry, Some, Text, Zone
from case.land import LandClass
from case.parts import Part, sound
from case.reading import structural_faults, text_of
from case.source import Source, read
from law.prices import GROUPS, Price, PriceTable, overlaps, table

FILE = "prices.yaml"
"""Its name within the office's folder."""


def _whole_yuan(value: Decimal) -> Decimal:
    if value.as_tuple().exponent < -4 or value > 1000:  # type: ignore[operator]
        raise PydanticCustomError("case_price", "应当以万元/亩为单位，小数不超过四位")
    return value


def _class(value: object) -> object:
    if value not in GROUPS and value not in set(LandClass):
        listed = "、".join([*GROUPS, *LandClass])
        raise PydanticCustomError("case_class", f"只能是{listed}")
    return value


PerMu = Annotated[Area, AfterValidator(_whole_yuan)]
"""万元/亩, exact to the yuan."""
ClassName = Annotated[str, BeforeValidator(_class)]


class OfficePrice(Entry):
    """One price as the office enters it."""

    zone: Zone = Field(title="区片类别")
    classes: Some[ClassName] = Field(title="地类")
    land: PerMu = Field(title="土地补偿费（万元/亩）")
    resettlement: PerMu = Field(title="安置补助费（万元/亩）")
    composite: PerMu | None = Field(default=None, title="区片综合地价（万元/亩）")
    """For a check on the two parts; may be left out."""
    in_force_from: Day = Field(title="施行之日")
    in_force_to: Day | None = Field(default=None, title="施行的最后一日")
    instrument: Text = Field(title="文号")
    source: Text = Field(title="出处")
    note: Text | None = Field(default=None, title="说明")

    def price(self) -> Price:
        """The entry as the table takes it, groups spelled out."""
        named = {each for name in self.classes for each in GROUPS.get(name, (name,))}
        return Price(
            zone=self.zone,
            classes=tuple(land for land in LandClass if land in named),
            land=self.land,
            resettlement=self.resettlement,
            composite=self.land + self.resettlement,
            instrument=self.instrument,
            source=self.source,
            in_force_from=self.in_force_from,
            in_force_to=self.in_force_to,
            note=self.note or "",
            by_office=True,
        )


class OfficePrices(Entry):
    """The file: a list of prices."""

    prices: tuple[OfficePrice, ...] = Field(title="价格")


_PRICE = TypeAdapter(OfficePrice)


def price_table(office: Path | None) -> PriceTable:
    """The prices shipped and those of the office's folder; without a file, those shipped.

    Raises Faults with everything that is wrong with the office's file.
    """
    path = None if office is None else office / FILE
    return table() if path is None or not path.exists() else price_table_of(path)


def price_table_of(path: Path) -> PriceTable:
    """The prices shipped and those of one file. Raises Faults with everything wrong with it."""
    return table(read_prices(path))


def read_prices(path: Path) -> tuple[Price, ...]:
    """The prices of one file. Raises Faults with everything that is wrong with it, in file order.

    Two entries for the same zone and class must not both govern the same day.
    """
    source = read(text_of(path))
    faults = list(source.faults)
    try:
        OfficePrices.model_validate(source.content)
    except ValidationError as error:
        faults.extend(structural_faults(source, error, OfficePrices))
    entries = _readable(source)
    faults.extend(_contradictions(source, entries))
    if faults:
        raise Faults(sorted(faults, key=lambda fault: fault.line or 0))
    return tuple(entry.price() for _, entry in entries)


def _readable(source: Source) -> tuple[tuple[int, OfficePrice], ...]:
    """The entries that are sound by themselves, each with its place in the list."""
    if not isinstance(source.content, dict):
        return ()
    parts = Part((), source.content).parts("prices")
    read = ((i, sound(_PRICE, part.values)) for i, part in enumerate(parts))
    return tuple((i, entry) for i, entry in read if entry is not None)


def _contradictions(
    source: Source, entries: tuple[tuple[int, OfficePrice], ...]
) -> Iterator[Fault]:
    for i, entry in entries:
        if entry.composite is not None and entry.composite != entry.land + entry.resettlement:
            yield source.fault(
                ("prices", i, "composite"),
                f"综合地价 {entry.composite} 不等于土地补偿费 {entry.land} "
                f"与安置补助费 {entry.resettlement} 之和（第十九条）",
            )
        if entry.in_force_to is not None and entry.in_force_to < entry.in_force_from:
            yield source.fault(
                ("prices", i, "in_force_to"),
                f"施行的最后一日 {entry.in_force_to} 早于施行之日 {entry.in_force_from}",
            )
    places = [i for i, _ in entries]
    for first, second, land in overlaps(entry.price() for _, entry in entries):
        yield source.fault(
            ("prices", places[second], "in_force_from"),
            f"{land}的价格与 {place_of(('prices', places[first]))} 在同一日都施行；"
            "旧价格应当写上施行的最后一日",
        )
