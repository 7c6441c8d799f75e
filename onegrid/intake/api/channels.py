"""What each channel may do by itself."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

from ninja import Field, Router, Schema, Status

from onegrid.intake import actions, queries
from onegrid.intake.rules.policy import ChannelPolicy, Limits, Route
from onegrid.intake.rules.reports import Channel
from onegrid.kernel.http import ApiRequest, Problem

router = Router()


Count = Annotated[int, Field(ge=0, le=1000)]


class LimitsBody(Schema):
    """After how many reports the next ones wait for a person; 0 = never. Of one reporter or device within an
    hour and 24 hours; with one text from one of them in 24 hours, from anybody without place in an hour."""

    reporter_hourly: Count
    reporter_daily: Count
    device_hourly: Count
    device_daily: Count
    same_text_daily: Count
    crowd_hourly: Count


class PolicyIn(Schema):
    """`repeat_limit` reports on exactly one coordinate within `repeat_days` are believed; 0 = all are.
    Without `limits` those stay as they are."""

    route: Route
    repeat_limit: int
    repeat_days: int
    limits: LimitsBody | None = None


class PolicyOut(Schema):
    channel: Channel
    name_zh: str
    route: Route
    repeat_limit: int
    repeat_days: int
    limits: LimitsBody


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
            "limits": asdict(each.limits),
        }
        for each in queries.policies().values()
    ]


@router.put("/channels/{channel}", response={204: None, 403: Problem, 422: Problem})
def set_policy(request: ApiRequest, channel: Channel, body: PolicyIn) -> Status[None]:
    """Change what a channel may do, from the next report on."""
    limits = Limits(**body.limits.dict()) if body.limits else queries.policies()[channel].limits
    window = timedelta(days=body.repeat_days)
    policy = ChannelPolicy(channel, body.route, body.repeat_limit, window, limits)
    actions.set_channel_policy(policy, by=request.actor, now=request.now)
    return Status(204, None)
