"""What slow-changing data says about reports: channel policies, classes and the words that name them."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta

from django.db import connection

from onegrid.intake.rules.classify import Classifier
from onegrid.intake.rules.policy import DEFAULT_POLICIES, ChannelPolicy, Limits, Route
from onegrid.intake.rules.reports import Channel
from onegrid.kernel.stamps import Cached
from onegrid.scenarios import queries as scenarios
from onegrid.territory import queries as territory

STAMP = "intake"
_LIMITS = ", ".join(each.name for each in fields(Limits))
_POLICIES = f"SELECT channel, route, repeat_limit, repeat_days, {_LIMITS} FROM intake_channel"  # noqa: S608


def _load_policies() -> Mapping[Channel, ChannelPolicy]:
    policies = {policy.channel: policy for policy in DEFAULT_POLICIES}
    with connection.cursor() as cursor:
        cursor.execute(_POLICIES)
        for channel, route, limit, days, *limits in cursor.fetchall():
            policies[Channel(channel)] = ChannelPolicy(
                Channel(channel), Route(route), limit, timedelta(days=days), Limits(*limits)
            )
    return policies


def _load_classifier() -> Classifier:
    tree = scenarios.classes()
    return Classifier([each.code for each in tree], {each.code: each.keywords for each in tree})


def _load_places() -> frozenset[str]:
    grids = territory.live_codes()
    return grids | {code[:digits] for code in grids for digits in (9, 12)}


_places = Cached("territory", _load_places)
_county = Cached("territory", lambda: min(_places.get(), default="")[:6])
_policies = Cached(STAMP, _load_policies)
_classifier = Cached("scenarios", _load_classifier)


def place_codes() -> frozenset[str]:
    """The codes a report may name as its place: live grids, and the villages and towns that hold them."""
    return _places.get()


def county_code() -> str:
    """The county this installation serves; "" before its territory is loaded."""
    return _county.get()


def policies() -> Mapping[Channel, ChannelPolicy]:
    """What each channel may do, loaded again when a site changes it."""
    return _policies.get()


def classifier() -> Classifier:
    """The classifier over the listed classes, loaded again when the dictionary of classes changes."""
    return _classifier.get()
