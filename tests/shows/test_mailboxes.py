"""Every message of a rehearsal arrives once where the registry says it went, and nowhere else."""

from collections import Counter
from dataclasses import replace
from email import policy
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from io import StringIO
from pathlib import Path

import pytest
import pytest_asyncio
from rich.console import Console

from deploy.server import LocalServer
from tests.shows.mailboxes import PLACES, Mailboxes, differences, keep_letters, rehearse, show
from tests.shows.pictures import dated


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def mailboxes(server: LocalServer, tmp_path_factory: pytest.TempPathFactory) -> Mailboxes:
    return await rehearse(server, tmp_path_factory.mktemp("mailboxes"))


def test_receivers_have_what_the_registry_calls_sent_one_for_one(mailboxes: Mailboxes) -> None:
    assert len(mailboxes.sent) == len(mailboxes.arrived) > 100
    assert list(differences(mailboxes)) == []


def test_nothing_arrives_twice(mailboxes: Mailboxes) -> None:
    """A person and a group are told of one rung by a message each; neither by two."""
    ids = Counter(each.message_id for each in mailboxes.arrived if each.message_id)
    texts = Counter((each.kind, each.address, each.text) for each in mailboxes.arrived)
    assert set(ids.values()) == set(texts.values()) == {1}


def test_every_kind_of_channel_is_used_and_nothing_falls_to_the_outbox(
    mailboxes: Mailboxes,
) -> None:
    firsts = {places[0][0] for places in PLACES.values()} | {"dingtalk"}
    assert {each.kind for each in mailboxes.arrived} == firsts
    assert len(firsts) == 6
    assert not mailboxes.stage.settings.outbox.exists()


def test_letters_are_encrypted_and_calls_signed(mailboxes: Mailboxes) -> None:
    assert all(each.encrypted for each in mailboxes.letters)
    assert mailboxes.turned_away == 0


def test_a_message_says_what_is_owed_by_whom_until_when(mailboxes: Mailboxes) -> None:
    duties = {duty.duty_id: duty for duty in mailboxes.stage.registry.duties()}
    texts = {each.message_id: each.text for each in mailboxes.arrived if each.kind != "sms"}
    told = [each for each in mailboxes.sent if each.message_id in texts and each.duty_id in duties]
    # What is about no duty tells that a notice's period moved.
    others = [each.kind for each in mailboxes.sent if each.duty_id not in duties]
    assert set(others) <= {"moved"}
    assert len(told) > 100
    for each in told:
        text, duty = texts[each.message_id], duties[each.duty_id]
        assert text.startswith(f"【{each.rung.partition('/')[0]}止")
        for said in (mailboxes.stage.case_id, duty.unit_name, duty.article, duty.evidence):
            assert said in text


def test_a_lost_and_a_repeated_message_are_noticed(mailboxes: Mailboxes) -> None:
    first, *others = mailboxes.arrived
    lost = replace(mailboxes, arrived=tuple(others))
    twice = replace(mailboxes, arrived=(first, first, *others))
    assert list(differences(lost)) == ["电子邮件：登记簿记为已发出的，有1件没有收到。"]
    assert list(differences(twice)) == ["电子邮件：收到的消息里，有1件登记簿没有或者重复。"]


def test_letters_are_kept_as_they_came(mailboxes: Mailboxes, tmp_path: Path) -> None:
    files = keep_letters(mailboxes.letters, mailboxes.sent, tmp_path)
    assert len(set(files)) == len(mailboxes.letters)
    parser = BytesParser(policy=policy.default)
    subjects = Counter(str(parser.parsebytes(file.read_bytes())["Subject"]) for file in files)
    assert subjects == Counter(str(each.letter["Subject"]) for each in mailboxes.letters)


def test_for_a_picture_a_letter_is_dated_by_the_clock_of_the_case(
    mailboxes: Mailboxes, tmp_path: Path
) -> None:
    """Nothing else of it changes: virtual time is ahead of the mail server's clock."""
    file = keep_letters(mailboxes.letters[-1:], mailboxes.sent, tmp_path)[0]
    parser = BytesParser(policy=policy.default)
    came, shown = (
        parser.parsebytes(raw) for raw in (file.read_bytes(), dated(file, mailboxes.stage.folder))
    )
    sent = next(each for each in mailboxes.sent if each.message_id in str(came["Message-ID"]))
    assert sent.sent_at
    assert parsedate_to_datetime(str(shown["Date"])) == sent.sent_at.replace(microsecond=0)
    del came["Date"], shown["Date"]
    assert sorted(shown.items()) == sorted(came.items())
    assert shown.get_payload() and [str(part) for part in shown.iter_parts()] == [
        str(part) for part in came.iter_parts()
    ]


def test_the_table_names_everybody_with_their_total(mailboxes: Mailboxes) -> None:
    shown = StringIO()
    show(mailboxes, Console(file=shown, width=400))
    lines = shown.getvalue().splitlines()
    assert f"信箱：{len(mailboxes.sent)}件" in lines
    totals = Counter((each.person, each.channel) for each in mailboxes.sent)
    assert any(
        "邵文连" in line and line.split()[-1] == str(totals["邵文连", "email"]) for line in lines
    )
    assert any(line.startswith("核对相符") for line in lines)
