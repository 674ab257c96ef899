"""What a person writes to enter something in the village ledger: every fault of it at once."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from case.ledger import CENT, SPENDING, Account, LedgerEntry, Place, Way
from case.spending import Spending, amount_faults, carried_faults, too_fine, way_faults
from case.taking_back import Reversal, reversal_faults
from desk.errors import BadInput

WAYS = {way.label: way for way in SPENDING} | {way.value: way for way in SPENDING}
"""The ways of spending by what a person may write."""

_NUMERAL = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z", re.ASCII)
_LISTED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The options as they were written; None where one was not."""

    way: str | None = None
    amount: str | None = None
    document: str | None = None
    on: str | None = None
    to: str | None = None
    new_account: bool = False
    consent: str | None = None
    project: str | None = None
    site: str | None = None
    note: str | None = None
    correct: str | None = None
    reason: str | None = None
    id: str | None = None
    unit: str | None = None
    role: str | None = None
    person: str | None = None

    @property
    def options(self) -> tuple[str, ...]:
        """The names of the options that were written."""
        names = {"way": "--spend", "person": "--name", "new_account": "--new-account"}
        return tuple(
            names.get(name, f"--{name}")
            for name in self.__dataclass_fields__
            if getattr(self, name) not in {None, False}
        )


_OF_SPENDING = frozenset({"--amount", "--to", "--consent", "--project", "--site", "--note"})
_OF_BOTH = frozenset({"--document", "--on", "--id", "--unit", "--role", "--name"})


def misplaced(written: Written, village: str | None) -> tuple[str, ...]:
    """Options that do not go together with the others."""
    options = written.options
    spend, correct = "--spend" in options, "--correct" in options
    found = []
    if spend and correct:
        found.append("--spend 和 --correct 不能同时写")
    if (spend or correct) and village is None:
        found.append("登记支出或者冲正须写明是哪个村（社区）")
    for name in options:
        if name in _OF_SPENDING and not spend:
            found.append(f"{name} 只与 --spend 同用")
        if name in _OF_BOTH and not (spend or correct):
            found.append(f"{name} 只与 --spend 或 --correct 同用")
        if name == "--new-account" and "--to" not in options:
            found.append(f"{name} 只与 --to 同用")
        if name == "--reason" and not correct:
            found.append(f"{name} 只与 --correct 同用")
    return tuple(found)


def named(written: str, places: Iterable[Place]) -> Place:
    """The village that a person means by its name, or by more of 区/乡镇/村; raises BadInput."""
    known = sorted(set(places), key=str)
    parts = [part.strip() for part in written.split("/")]
    found = [place for place in known if str(place).split("/")[-len(parts) :] == parts]
    if len(found) == 1:
        return found[0]
    if found:
        raise BadInput(f"有几个“{written}”，请写作 区/乡镇/村：{_listed(found)}")
    listed = f"（有：{_listed(known)}）" if known else ""
    raise BadInput(f"台账中没有“{written}”的账户{listed}。核定安置指标或者留地补助以后才有账户。")


def _listed(places: list[Place]) -> str:
    more = f" 等 {len(places)} 个" if len(places) > _LISTED else ""
    return "、".join(str(place) for place in places[:_LISTED]) + more


def spending(
    written: Written, place: Place, entries: tuple[LedgerEntry, ...], today: date
) -> Spending:
    """The spending as written; raises BadInput with everything that is wrong with it.

    entries: the whole ledger.
    """
    found: list[str] = []
    way = WAYS.get(written.way or "")
    if way is None:
        known = "、".join(each.label for each in SPENDING)
        found.append(f"--spend：没有“{written.way}”这种方式（有：{known}）")
    amount = _number(written.amount, found)
    said = Spending(
        id=written.id or "unnamed",
        place=place,
        way=way or Way.BUY_BACK,
        # What cannot be read is judged as if it were right, so that the rest is judged too.
        amount=Decimal(1) if amount is None else amount,
        occurred_on=_day(written.on, today, found),
        document_number=_plain(written.document) or "",
        unit=_plain(written.unit) or "bureau",
        role=_plain(written.role) or "经办人",
        person=_plain(written.person) or "",
        to=_joined(written, {entry.account.place for entry in entries}, found),
        consent=_plain(written.consent),
        project=_plain(written.project),
        site=_plain(written.site),
        note=_plain(written.note) or "",
    )
    if written.id is None:
        said = replace(said, id=_id_of(said))
    found += carried_faults(said, today)
    # What was entered under this id before is a repeat: it took what was left then.
    if not amount_faults(said.amount) and all(entry.entry_id != said.id for entry in entries):
        fine = too_fine(said, accounts(entries).get(said.account, ()))
        found += [fine] if fine else []
    # Whoever names a village that cannot be told has named one.
    if way is not None and not (written.to is not None and said.to is None):
        found += way_faults(said)
    if found:
        raise BadInput.listing(found)
    return said


def reversal(
    written: Written, place: Place, entries: tuple[LedgerEntry, ...], today: date
) -> Reversal:
    """The reversal as written; raises BadInput with everything that is wrong with it.

    entries: the whole ledger.
    """
    found: list[str] = []
    meant = _plain(written.correct) or ""
    said = Reversal(
        id=written.id or f"reversal-{_digest(meant)}",
        entry_id=meant,
        occurred_on=_day(written.on, today, found),
        reason=_plain(written.reason) or "",
        unit=_plain(written.unit) or "bureau",
        role=_plain(written.role) or "经办人",
        person=_plain(written.person) or "",
        document_number=_plain(written.document) or "",
    )
    found += reversal_faults(said, today)
    entry = next((each for each in entries if each.entry_id == meant), None)
    if entry is None:
        found.append(f"--correct：台账中没有登记号为{meant}的登记")
    elif place not in {entry.account.place, entry.other}:
        found.append(f"--correct：{meant}是{entry.account.place}的登记，不是{place}的")
    if found:
        raise BadInput.listing(found)
    return said


def accounts(entries: Iterable[LedgerEntry]) -> dict[Account, tuple[LedgerEntry, ...]]:
    """Entries by their account, in the order in which they come."""
    found: dict[Account, tuple[LedgerEntry, ...]] = {}
    for entry in entries:
        found[entry.account] = (*found.get(entry.account, ()), entry)
    return found


def _number(written: str | None, found: list[str]) -> Decimal | None:
    if written is None:
        found.append("--amount：缺少这一项（数量，平方米或者元）")
    elif not _NUMERAL.match(written.strip()):
        found.append(f"--amount：“{written}”不是数，应写作 1200.50，不带单位和逗号")
    else:
        amount = Decimal(written.strip())
        if amount_faults(amount):
            return amount
        # Equal amounts make equal ids.
        cents = amount.quantize(CENT)
        return cents if amount == cents else Decimal(format(amount, "f").rstrip("0"))
    return None


def _day(written: str | None, today: date, found: list[str]) -> date:
    try:
        return today if written is None else date.fromisoformat(written.strip())
    except ValueError:
        found.append(f"--on：“{written}”不是日期，应写作 2024-09-20")
        return today


def _joined(written: Written, places: set[Place], found: list[str]) -> Place | None:
    """The village to join: one with an account, or one in full that is said to be new.

    A slip of the pen must not open an account for a village that does not exist.
    """
    if written.to is None:
        return None
    parts = [part.strip() for part in written.to.split("/")]
    if len(parts) == 3 and all(parts):
        place = Place(*parts)
        if place not in places and not written.new_account:
            near = get_close_matches(str(place), sorted(map(str, places)), n=3)
            hint = f"，是否应为{'、'.join(f'“{name}”' for name in near)}" if near else ""
            found.append(f"--to：{place}还没有账户{hint}；确要新设账户的请加 --new-account")
        return place
    try:
        return named(written.to, places)
    except BadInput as unknown:
        found.append(
            f"--to：{unknown.message.rstrip('。')}，没有账户的村请写作 区/乡镇/村"
            "，并加 --new-account"
        )
        return None


def _plain(written: str | None) -> str | None:
    return (written or "").strip() or None


def _id_of(said: Spending) -> str:
    """The same content gets the same id; what is not written does not count."""
    content = {name: value for name, value in asdict(said).items() if value and name != "id"}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return f"{said.way.value}-{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
