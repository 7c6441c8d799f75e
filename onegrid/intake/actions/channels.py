"""What each channel may do by itself, decided by the site."""

from dataclasses import asdict
from datetime import datetime
from typing import Final

from django.db import transaction

from onegrid.accounts.rules import Actor
from onegrid.intake.models import ChannelPolicyRow
from onegrid.intake.queries.settings import STAMP, county_code
from onegrid.intake.rules.policy import ChannelPolicy, PolicyOutOfRange
from onegrid.kernel import history, stamps
from onegrid.kernel.ids import new_id

PERMISSION = "scenario.write"
MOST: Final = 1_000  # the highest count a limit may name


@transaction.atomic
def set_channel_policy(policy: ChannelPolicy, *, by: Actor, now: datetime) -> None:
    """Let a channel open cases by itself, or make its reports wait for a desk, and set how many are believed;
    from the next report on.

    Raises NotPermitted, PolicyOutOfRange."""
    by.require(PERMISSION, county_code())
    limits = asdict(policy.limits)
    counts = (policy.repeat_limit, *limits.values())
    if not all(0 <= count <= MOST for count in counts) or not 1 <= policy.repeat_window.days <= 366:
        raise PolicyOutOfRange
    decided: dict[str, str | int] = {
        "route": policy.route.value,
        "repeat_limit": policy.repeat_limit,
        "repeat_days": policy.repeat_window.days,
        **limits,
    }
    ChannelPolicyRow.objects.update_or_create(channel=policy.channel.value, defaults=decided)
    stamps.bump(STAMP)
    who = history.By(by.account_id, None, by.name)
    body = {"channel": policy.channel.value, **decided}
    history.append([history.Entry("channel", new_id(), "set-policy", now, who, body, history.GENESIS)])
