"""What each channel may do by itself."""

from datetime import timedelta

from ninja import Router, Schema, Status

from onegrid.intake import actions, queries
from onegrid.intake.rules.policy import ChannelPolicy, Route
from onegrid.intake.rules.reports import Channel
from onegrid.kernel.http import ApiRequest, Problem

router = Router()


class PolicyIn(Schema):
    """`repeat_limit` reports on exactly one coordinate within `repeat_days` are believed; 0 = all are."""

    route: Route
    repeat_limit: int
    repeat_days: int


class PolicyOut(PolicyIn):
    channel: Channel
    name_zh: str


@router.get("/channels", response=list[PolicyOut])
def channels(request: ApiRequest) -> list[dict[str, object]]:
    """The five channels, and whether their reports open cases by themselves."""
    return [
        {
            "channel": each.channel,
            "name_zh": each.channel.zh,
            "route": each.route,
            "repeat_limit": each.repeat_limit,
            "repeat_days": each.repeat_window.days,
        }
        for each in queries.policies().values()
    ]


@router.put("/channels/{channel}", response={204: None, 403: Problem, 422: Problem})
def set_policy(request: ApiRequest, channel: Channel, body: PolicyIn) -> Status[None]:
    """Change what a channel may do, from the next report on."""
    policy = ChannelPolicy(channel, body.route, body.repeat_limit, timedelta(days=body.repeat_days))
    actions.set_channel_policy(policy, by=request.actor, now=request.now)
    return Status(204, None)
