"""Who may report over which channel."""

from collections.abc import Iterable

from onegrid.accounts.rules import Actor
from onegrid.kernel.refusals import Refusal

from .reports import Channel


class ChannelNotYours(Refusal):
    status = 403
    code = "intake.channel-not-yours"
    zh = "您的账号不能以“{channel}”渠道上报。"
    en = "Your account may not report over the channel {channel_en}."


def check_channels(actor: Actor, channels: Iterable[Channel]) -> None:
    """Raise unless the actor may use all these channels.

    Residents report for themselves; whoever holds a post may use every channel but the devices', which belong
    to machines. So nobody passes the verification pool by calling himself a grid worker."""
    actor.require("report.create")
    for channel in channels:
        if not _may_use(actor, channel):
            raise ChannelNotYours(channel=channel.zh, channel_en=channel.value)


def _may_use(actor: Actor, channel: Channel) -> bool:
    if actor.kind != "person" or channel is Channel.PUBLIC:
        return True
    return bool(actor.standings) and channel is not Channel.DEVICE
