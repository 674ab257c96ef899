"""The registry itself: admitting a case, writing what it did, answering what it holds.

Every method is one transaction. Each writes under a lock on its case's row (SQLite: on the whole
registry), so that repeats, several threads and several processes give what one caller would have.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from activities.registry import claiming, lateness, ledger, reading, writing
from activities.registry.claiming import Decide
from activities.registry.errors import AlreadyAdmitted, UnknownCase, UnknownSheet
from activities.registry.opening import connect, migrate
from activities.registry.rows import Claim, Delivery, RegisteredCase
from activities.registry.tables import Case, Sheet
from activities.telling.message import Message
from activities.telling.trying import Attempt, AttemptState
from case.ledger import LedgerEntry
from case.records import (
    DutyRecord,
    EntryRecord,
    MoveRecord,
    NoticeRecord,
    PostingRecord,
    Records,
)
from case.spending import Spending
from case.taking_back import Reversal
from case.watching import Late


class Registry:
    """The registry at one database. Thread-safe; `open` it once a process and `close` it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = engine.execution_options(writes=True)

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the registry at a SQLAlchemy URL, its folder and tables made as needed.

        Raises RegistryUnusable where the URL names no registry this program can use.
        """
        engine = connect(url)
        try:
            migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def admit(  # noqa: PLR0917 - a case is admitted with all it has
        self,
        case_id: str,
        name: str,
        file_json: str,
        digest: str,
        districts: tuple[str, ...],
        townships: tuple[str, ...],
        workflow_id: str,
        at: datetime,
        *,
        number: str | None = None,
    ) -> None:
        """Admit a case with its file (JSON text, SHA-256 `digest`); again with the same, nothing.

        `number` is the project's number where it is not the case id. Raises AlreadyAdmitted where
        the case stands with another file.
        """
        row = Case(
            case_id=case_id,
            name=name,
            number=number or case_id,
            file=file_json,
            digest=digest,
            districts=list(districts),
            townships=list(townships),
            workflow_id=workflow_id,
            stage=0,
            stage_title="",
            status="admitted",
            admitted_at=at,
            updated_at=at,
            recorded_at=None,
        )
        with self._change() as session:
            try:
                with session.begin_nested():
                    session.add(row)
                return
            except IntegrityError:
                # Somebody was first; whether with this file is asked below.
                registered = writing.locked(session, case_id)
            if registered.digest != digest:
                raise AlreadyAdmitted(case_id)

    def record(self, records: Records) -> None:
        """Write one change of a case; writing it again, or after a later change, harms nothing.

        The entry is inserted once, and so is each moved day. Notices, postings and duties become
        what `records` says: what is not in it any more is kept, notices and postings marked not
        current, open duties cancelled. The village ledger gains what makes it say what the case
        grants. Raises UnknownCase, EntryConflict for an entry id registered with other content, or
        GrantSpent for a correction that takes away what a village has spent.
        """
        with self._change() as session:
            writing.record(session, records)
            claiming.withdraw_met(session, records.case.case_id)

    def register_sheet(self, case_id: str, digest: str, file_json: str, at: datetime) -> None:
        """Keep a basis of compensation: a whole case file (JSON text, SHA-256 `digest`).

        Again with the same digest, nothing: the first moment stands. Raises UnknownCase.
        """
        with self._change() as session:
            writing.locked(session, case_id)
            if session.get(Sheet, (case_id, digest)) is None:
                session.add(Sheet(case_id=case_id, digest=digest, file=file_json, registered_at=at))

    def sheet(self, case_id: str, digest: str) -> str:
        """The basis of compensation of that digest: JSON text. Raises UnknownSheet."""
        with self._read() as session:
            row = session.get(Sheet, (case_id, digest))
            if row is None:
                raise UnknownSheet(case_id, digest)
            return row.file

    def newest_sheet(self, case_id: str) -> tuple[str, str] | None:
        """(digest, JSON text) of the basis of compensation registered last; None without one."""
        with self._read() as session:
            row = reading.newest_sheet(session, case_id)
            return (row.digest, row.file) if row else None

    def spend(self, spending: Spending, at: datetime) -> bool:
        """Enter what a village spends, on both sides of a merging; True unless it stood already.

        Raises LedgerRefused where the order does not allow it or the account does not hold it, and
        LedgerConflict for an id entered with other content, or for content that was taken back.
        """
        with self._change() as session:
            return ledger.spend(session, spending, at)

    def reverse(self, reversal: Reversal, at: datetime) -> bool:
        """Take a spending back by a further entry; True unless this reversal stood already.

        Raises UnknownLedgerEntry, LedgerConflict for a grant, a reversal or what was taken back
        before, and LedgerRefused where a merging's other side has spent it.
        """
        with self._change() as session:
            return ledger.reverse(session, reversal, at)

    def ledger(
        self,
        *,
        district: str | None = None,
        township: str | None = None,
        village: str | None = None,
    ) -> tuple[LedgerEntry, ...]:
        """The village ledger, of all villages or those so named: by account, then day."""
        with self._read() as session:
            return ledger.entries(session, district, township, village)

    def claim(self, message: Message, now: datetime, decide: Decide) -> Claim:
        """Put a message down as about to go out, and say what is to be done about it.

        `decide` answers from the attempts so far; what it answers is written in the same
        transaction: an attempt begun at `now`, or a slot kept. A message not yet sent takes the
        wording of this one. It is withdrawn where what it tells is no longer so: the duty met or
        cancelled, its last day another, the case suspended or over. Raises UnknownCase.
        """
        with self._change() as session:
            return claiming.claim(session, message, now, decide)

    def withdraw(self, message: Message) -> None:
        """Put a message down as not to be sent, because its reader wants it no more.

        What was sent stays sent. Raises UnknownCase.
        """
        with self._change() as session:
            claiming.withdraw(session, message)

    def withdraw_orphans(
        self, case_id: str, duty_id: str, rung: str, told: Collection[str]
    ) -> None:
        """Put down as not to be sent what waits about a rung that is settled without it.

        `told` are the ids of the messages by which the rung was settled. Raises UnknownCase.
        """
        with self._read() as session:
            if not claiming.orphans(session, case_id, duty_id, rung, told):
                return
        with self._change() as session:
            claiming.withdraw_orphans(session, case_id, duty_id, rung, told)

    def settle(
        self,
        message_id: str,
        number: int,
        state: AttemptState,
        at: datetime,
        *,
        receipt: str = "",
        note: str = "",
    ) -> None:
        """Say what came at `at` of an attempt: sent, failed, refused or unknown, and why.

        What was once sent stays sent. Raises LookupError for an attempt never begun.
        """
        with self._change() as session:
            claiming.settle(session, message_id, number, state, at, receipt=receipt, note=note)

    def case(self, case_id: str) -> RegisteredCase:
        """One case. Raises UnknownCase."""
        with self._read() as session:
            return reading.case(_known(session, case_id))

    def cases(self) -> tuple[RegisteredCase, ...]:
        """Every case, by case id."""
        with self._read() as session:
            return reading.cases(session)

    def file(self, case_id: str) -> str:
        """The case file as admitted: JSON text. Raises UnknownCase."""
        with self._read() as session:
            return _known(session, case_id).file

    def entries(self, case_id: str) -> tuple[EntryRecord, ...]:
        """The accepted commands of a case in the order they were accepted."""
        with self._read() as session:
            return reading.entries(session, case_id)

    def entry(self, case_id: str, entry_id: str) -> EntryRecord | None:
        """One accepted command, or None."""
        with self._read() as session:
            return next(iter(reading.entries(session, case_id, entry_id)), None)

    def duties(
        self,
        case_id: str | None = None,
        *,
        township: str | None = None,
        overdue_on: date | None = None,
        open_only: bool = False,
    ) -> tuple[DutyRecord, ...]:
        """Duties by last day, across all cases or of one.

        `township` (a name) keeps what lies in that township, and what lies in all townships of a
        case that touches it. `overdue_on` keeps open duties whose last day is before that day.
        """
        with self._read() as session:
            return reading.duties(session, case_id, township, overdue_on, open_only=open_only)

    def notices(self, case_id: str, *, current: bool = True) -> tuple[NoticeRecord, ...]:
        """The notices of a case, or with current=False those a correction has taken out of it."""
        with self._read() as session:
            return reading.notices(session, case_id, current=current)

    def postings(self, case_id: str, *, current: bool = True) -> tuple[PostingRecord, ...]:
        """Where notices hung, or with current=False the postings corrections have taken out."""
        with self._read() as session:
            return reading.postings(session, case_id, current=current)

    def deliveries(
        self, case_id: str | None = None, duty_id: str | None = None
    ) -> tuple[Delivery, ...]:
        """Messages by the moment they fell due."""
        with self._read() as session:
            return reading.deliveries(session, case_id, duty_id)

    def attempts(
        self, case_id: str | None = None, *, message_id: str | None = None
    ) -> tuple[Attempt, ...]:
        """Attempts at sending: all by the moment they began, or one message's in their order."""
        with self._read() as session:
            return reading.attempts(session, case_id, message_id)

    def moves(self, case_id: str) -> tuple[MoveRecord, ...]:
        """The last days of a case that moved, by the moment they did."""
        with self._read() as session:
            return reading.moves(session, case_id)

    def untold(self, now: datetime, grace: timedelta) -> tuple[Late, ...]:
        """What running cases should have told by now, `grace` allowed, and have not; oldest first.

        A rung is told once a message about it was sent or withdrawn and none waits, or once a
        later rung of the same duty was told to anybody.
        """
        with self._read() as session:
            return lateness.untold(session, now, grace)

    @contextmanager
    def _change(self) -> Iterator[Session]:
        with Session(self._writing) as session, session.begin():
            yield session

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with Session(self._engine) as session:
            yield session


def _known(session: Session, case_id: str) -> Case:
    row = session.get(Case, case_id)
    if row is None:
        raise UnknownCase(case_id)
    return row
