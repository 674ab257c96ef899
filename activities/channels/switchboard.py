"""The switchboard (总机): which channel an address stands for, by the office's settings.

What the office has not configured goes to the outbox, where it is at least seen.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from activities.channels.apprise_services import AppriseService
from activities.channels.channel import Channel
from activities.channels.dingtalk import DingTalkRobot
from activities.channels.feishu import FeishuRobot
from activities.channels.mail import Mail
from activities.channels.outbox import OUTBOX, Outbox
from activities.channels.robots import Robot
from activities.channels.secrets import SecretUnreadable
from activities.channels.settings import ChannelSettings, missing_secrets
from activities.channels.sms import ShortMessages
from activities.channels.webhook import Webhook
from activities.channels.wecom import WeComRobot
from activities.channels.zhezhengding import WorkNotices
from activities.office.unusable import SettingsUnusable
from activities.telling.message import Address
from case.faults import Path as Place
from case.faults import place_of

_ROBOTS: Mapping[str, type[Robot]] = {
    "dingtalk": DingTalkRobot,
    "wecom": WeComRobot,
    "feishu": FeishuRobot,
}
_Key = tuple[str, str]
"""Kind and name; no name where the office has one channel of the kind."""


class Switchboard:
    """Every channel of the office. Thread-safe."""

    def __init__(self, channels: Mapping[_Key, Channel], outbox: Path) -> None:
        """Use Switchboard.of."""
        self._channels = channels
        self._outbox = Outbox(outbox)

    @classmethod
    def of(cls, settings: ChannelSettings, outbox: Path) -> "Switchboard":
        """The channels of these settings, with their secrets as they are now.

        Raises SettingsUnusable with everything that keeps one of them from being used.
        """
        faults = [_fault(place, said) for place, said in missing_secrets(settings)]
        if faults:
            raise SettingsUnusable(faults)
        channels: dict[_Key, Channel] = {}
        for key, place, made in _configured(settings):
            try:
                channels[key] = made()
            except SecretUnreadable as unreadable:
                faults.append(_fault(place, unreadable.said))
        if faults:
            raise SettingsUnusable(faults)
        return cls(channels, outbox)

    def configured(self, address: Address) -> bool:
        """Whether the office has set up the channel of an address; the outbox always is there."""
        return address.kind == OUTBOX or self.line(address) in self._channels

    def channel(self, address: Address) -> Channel:
        """The channel that delivers to this address. Raises LookupError where none is set up."""
        if address.kind == OUTBOX:
            return self._outbox
        found = self._channels.get(self.line(address))
        if found is None:
            raise LookupError(f"no channel of the kind {address.kind} is set up by that name")
        return found

    def line(self, address: Address) -> tuple[str, str]:
        """What shares one limit of messages a minute: the mail server, a robot, a webhook."""
        single = (address.kind, "")
        return single if single in self._channels else (address.kind, address.address)


def _configured(
    settings: ChannelSettings,
) -> Iterator[tuple[_Key, Place, Callable[[], Channel]]]:
    if (mail := settings.email) is not None:
        yield ("email", ""), ("email",), partial(Mail, mail)
    if (sms := settings.sms) is not None:
        yield ("sms", ""), ("sms",), partial(ShortMessages, sms)
    if (application := settings.zhezhengding) is not None:
        yield ("zhezhengding", ""), ("zhezhengding",), partial(WorkNotices, application)
    for name, robot in settings.robots.items():
        yield (robot.kind, name), ("robots", name), partial(_ROBOTS[robot.kind], robot)
    for name, webhook in settings.webhooks.items():
        yield ("webhook", name), ("webhooks", name), partial(Webhook, webhook)
    for name, service in settings.apprise.items():
        yield ("apprise", name), ("apprise", name), partial(AppriseService, service)


def _fault(place: Place, said: str) -> str:
    return f"reminders.yaml {place_of(('channels', *place))}：{said}"
