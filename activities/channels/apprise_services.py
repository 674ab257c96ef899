"""Whatever else Apprise knows (其他通知服务), for which no code of our own is needed.

Apprise answers whether all went well, but not whether a message that failed had gone out before:
where it says no, the message may still be there.
"""

import logging

from apprise import Apprise

from activities.channels.channel import Uncertain
from activities.channels.secrets import SecretUnreadable
from activities.channels.settings import ServiceSettings
from activities.channels.wording import subject_of, text_of
from activities.telling.message import Message

# Its log repeats messages and addresses with their tokens.
logging.getLogger("apprise").addFilter(lambda record: False)


class AppriseService:
    """One service. Its address is its own name, so it does not look at it."""

    def __init__(self, settings: ServiceSettings) -> None:
        """Raises SecretUnreadable, also where Apprise makes nothing of the address."""
        self.per_minute = settings.per_minute
        self._service = Apprise()
        if not self._service.add(settings.url.reveal()):
            raise SecretUnreadable("服务网址（url）不是 Apprise 认识的写法")

    def deliver(self, message: Message, address: str, *, repeated: bool) -> str:
        """Pass the message on to the service. Raises Uncertain."""
        passed_on = self._service.notify(
            title=subject_of(message, repeated=repeated), body=text_of(message, repeated=repeated)
        )
        if not passed_on:
            raise Uncertain("通知服务没有确认收到")
        return ""

    def knows(self, message: Message, address: str) -> bool | None:
        """None: Apprise cannot ask."""
        return None
