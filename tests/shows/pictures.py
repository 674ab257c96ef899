"""Pictures of what people see: two letters in a mail program, and the case in the Web UI.

    python -m tests.shows.pictures          all; needs what mailboxes and holiday have left in var/
    python -m tests.shows.pictures letters  reminder.png and overdue.png alone
    python -m tests.shows.pictures case     failover.png alone

The letters are those that came in, only dated by the case's clock, as the mail server's clock would
have it by then. Programs of the machine do it: Thunderbird on a screen in memory (Xvfb), Chromium.
"""

import asyncio
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from activities.registry import Registry
from deploy.server import LocalServer, local_server
from deploy.settings import REPOSITORY
from law import SHANGHAI
from tests.shows.browser import (
    LOOK_AGAIN_SECONDS,
    PATIENCE_SECONDS,
    NoPicture,
    browsing,
    running,
    waited,
)
from tests.shows.failover import UNDELIVERED, Failover, failover
from tests.shows.holiday import FOLDER as HOLIDAY
from tests.shows.mailboxes import FOLDER as MAILBOXES
from tests.shows.printing import log_to, run

PICTURES = REPOSITORY / "docs" / "pictures"
NEEDED = ("Xvfb", "thunderbird", "xdotool", "import", "convert", "chromium", "chromedriver")
LACKING = (
    "画图需要本机没有的程序：{}。Debian 上用 apt-get install xvfb thunderbird "
    "thunderbird-l10n-zh-cn xdotool imagemagick chromium chromium-driver fonts-noto-cjk 安装。"
)
NOT_PLAYED = "没有找到“{}”，请先运行 python -m tests.shows.{}。"
LETTERS = {
    "reminder": (MAILBOXES, "*_register-shibuxi_-2_township-tengqiao_*.eml"),
    "overdue": (HOLIDAY, "*_payment-shibuxi_+5_city_*.eml"),
}
"""By name of the picture: two working days before a last day, and five after one, at the city's."""
SHOWS = {"reminder": "mailboxes", "overdue": "holiday"}
"""By name of the picture, the show that leaves its letter."""
WINDOW = (1000, 640)
PAGE_WIDTH = 1500
MENU_WIDTH = 256
BAR_HEIGHT = 60
LIST_HEIGHT = 640
CASE_HEIGHT = 1180
COLUMNS = ("Status", "Workflow ID", "Stage", "Township", "Undelivered", "NextDue", "NextDuty")
"""The list's, as operators choose them; the browser keeps the choice."""
PROFILE: Mapping[str, object] = {
    "app.donation.eoy.version.viewed": 999,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "intl.locale.requested": "zh-CN",
    "mail.account.account1.server": "server1",
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.localfoldersserver": "server1",
    "mail.inappnotifications.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.server.server1.directory-rel": "[ProfD]Mail/Local Folders",
    "mail.server.server1.hostname": "Local Folders",
    "mail.server.server1.name": "Local Folders",
    "mail.server.server1.type": "none",
    "mail.server.server1.userName": "nobody",
    "mail.shell.checkDefaultClient": False,
    "mailnews.start_page.enabled": False,
}
"""A mail program that asks nothing and fetches nothing."""


# Letters


def picture_of_letter(name: str) -> Path:
    """A letter as Thunderbird shows it. Raises NoPicture."""
    folder, pattern = LETTERS[name]
    found = sorted(folder.glob(pattern))
    if not found:
        raise NoPicture(NOT_PLAYED.format(folder / pattern, SHOWS[name]))
    target = PICTURES / f"{name}.png"
    with TemporaryDirectory() as made, _screen() as display:
        profile = Path(made) / "profile"
        profile.mkdir()
        settings = "".join(
            f"user_pref({json.dumps(key)}, {json.dumps(value)});\n"
            for key, value in PROFILE.items()
        )
        (profile / "user.js").write_text(settings, encoding="utf-8")
        letter = Path(made) / "letter.eml"
        letter.write_bytes(dated(found[0], folder))
        environment = {**os.environ, "DISPLAY": display, "HOME": made, "TZ": "Asia/Shanghai"}
        arguments = ["thunderbird", "--profile", str(profile), "-file", str(letter)]
        with running(arguments, environment):
            _photograph(target, environment)
    return target


def dated(letter: Path, folder: Path) -> bytes:
    """A letter with the case's moment of sending as its date; the rest as it came in."""
    read = message_from_bytes(letter.read_bytes(), policy=SMTP)
    message_id = str(read["Message-ID"]).strip("<>").partition("@")[0]
    with Registry.open(f"sqlite:///{folder / 'registry.db'}") as registry:
        sent = next(each for each in registry.deliveries() if each.message_id == message_id)
    del read["Date"]
    read["Date"] = format_datetime((sent.sent_at or sent.at).astimezone(SHANGHAI))
    return read.as_bytes()


def _photograph(target: Path, environment: Mapping[str, str]) -> None:
    """Wait for the letter's window, give it its size, and take it once it stands still."""
    window = waited(lambda: _windows("【", environment))
    width, height = map(str, WINDOW)
    for action in (["windowmove", window, "0", "0"], ["windowsize", window, width, height]):
        _said(["xdotool", *action], environment)
    before = b""
    for _ in range(int(PATIENCE_SECONDS / LOOK_AGAIN_SECONDS)):
        time.sleep(3 * LOOK_AGAIN_SECONDS)
        picture = subprocess.run(
            ["import", "-window", window, "png:-"],
            env=environment,
            capture_output=True,
            check=True,
        ).stdout
        # Each carries the time at which it was taken: only what is seen is compared.
        seen = subprocess.run(
            ["convert", "png:-", "rgb:-"], input=picture, capture_output=True, check=True
        ).stdout
        if seen == before:
            target.write_bytes(picture)
            return
        before = seen
    raise NoPicture("邮件窗口一直在变，没有拍成。")


def _windows(title: str, environment: Mapping[str, str]) -> str:
    arguments = ["xdotool", "search", "--onlyvisible", "--name", title]
    return _said(arguments, environment).partition("\n")[0]


@contextmanager
def _screen() -> Iterator[str]:
    """A screen in memory; its name for DISPLAY."""
    reading, writing = os.pipe()
    size = "x".join(map(str, (*WINDOW, 24)))
    arguments = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(
        arguments, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            yield f":{said.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


# The Web UI


async def picture_of_case() -> Path:
    """The operators' list and the case's page while the mail server is away."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        log_to(folder / "worker.log")
        async with (
            local_server(ui=True, virtual_time=True) as server,
            failover(server, folder, plain=server.running is not None) as found,
        ):
            run_id = (await found.stage.handle.describe()).run_id
            return await asyncio.to_thread(_pages, server, found, str(run_id))


def _pages(server: LocalServer, found: Failover, run_id: str) -> Path:
    pages = f"{server.ui_url}/namespaces/{server.namespace}/workflows"
    id_ = found.stage.handle.id
    query = quote(f"{UNDELIVERED} AND ExecutionStatus = 'Running'")
    with browsing(PAGE_WIDTH) as browser, TemporaryDirectory() as made:
        browser.open(pages, id_)
        columns = {server.namespace: [{"label": each} for each in COLUMNS]}
        remember = "localStorage.setItem('namespace-workflow-table-columns', arguments[0])"
        browser.run(remember, json.dumps(columns))
        files = [Path(made) / "list.png", Path(made) / "case.png"]
        browser.open(f"{pages}?query={query}", id_)
        files[0].write_bytes(browser.photograph(LIST_HEIGHT))
        browser.open(f"{pages}/{id_}/{run_id}/user-metadata", "Current Details")
        files[1].write_bytes(browser.photograph(CASE_HEIGHT))
        target = PICTURES / "failover.png"
        crop = ["-gravity", "northwest", "-chop", f"{MENU_WIDTH}x{BAR_HEIGHT}"]
        subprocess.run(["convert", *map(str, files), *crop, "-append", str(target)], check=True)
    return target


def _said(arguments: list[str], environment: Mapping[str, str]) -> str:
    return subprocess.run(
        arguments, env=environment, capture_output=True, text=True, check=False
    ).stdout.strip()


async def main(what: str) -> int:
    """Make the pictures; 2 where something for them is missing."""
    try:
        if lacking := [program for program in NEEDED if shutil.which(program) is None]:
            raise NoPicture(LACKING.format("、".join(lacking)))
        if what in {"", "letters"}:
            for name in LETTERS:
                print(await asyncio.to_thread(picture_of_letter, name))
        if what in {"", "case"}:
            print(await picture_of_case())
    except NoPicture as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    run(main("".join(sys.argv[1:2])))
