"""Publishing a definition: only a sound one, only where somebody answers, never touching running cases."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from onegrid.accounts.rules import Actor
from onegrid.kernel.ids import VersionId, new_id
from onegrid.scenarios import queries
from onegrid.scenarios.actions.record import record
from onegrid.scenarios.models import Live, Scenario, Version
from onegrid.scenarios.rules import Definition, Draft, VersionInfo
from onegrid.scenarios.rules.live import contested
from onegrid.scenarios.rules.refusals import ClassTaken, NoScenario, NotLive, PrefixTaken, not_sound


@transaction.atomic
def publish(source: str, *, towns: Sequence[str] | None = None, by: Actor, now: datetime) -> VersionInfo:
    """Publish a scenario file as the version that new cases follow in these towns (None: everywhere).

    The same content again gives the same version. Raises NotSound with every finding, NoGrids, ClassTaken,
    PrefixTaken. Running cases stay on the version they began with."""
    by.require("scenario.write")
    _one_at_a_time()
    where = None if towns is None else tuple(sorted(set(towns)))
    review = queries.review(source, towns=where)
    if review.draft is None or review.findings:
        raise not_sound(review.findings)
    definition = review.draft.definition
    scenario = _scenario(definition)
    version = _version(scenario, review.draft, source, by=by, now=now)
    published = VersionInfo(VersionId(version.id), definition.key, version.number, definition, where)
    _refuse_contested(published)
    _make_live(scenario, version, where, now=now)
    body = {"number": version.number, "towns": where, "digest": bytes(version.digest).hex()}
    record("scenario", scenario.id, "published", body, by=by, now=now)
    return published


def _one_at_a_time() -> None:
    """Two publications wait for each other, so that numbers and classes cannot collide."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('scenarios.publish'))")


def _scenario(definition: Definition) -> Scenario:
    taken = Scenario.objects.filter(prefix=definition.prefix).exclude(key=definition.key).first()
    if taken is not None:
        raise PrefixTaken(prefix=definition.prefix, other=taken.key)
    scenario, _ = Scenario.objects.update_or_create(
        key=definition.key,
        defaults={"prefix": definition.prefix},
        create_defaults={"id": new_id(), "prefix": definition.prefix},
    )
    return scenario


def _version(scenario: Scenario, draft: Draft, source: str, *, by: Actor, now: datetime) -> Version:
    digest = digest_of(draft.data)
    last = Version.objects.filter(scenario=scenario).order_by("-number").first()
    if last is not None and bytes(last.digest) == digest:
        return last
    return Version.objects.create(
        id=new_id(),
        scenario=scenario,
        number=last.number + 1 if last else 1,
        document=draft.data,
        source=source,
        digest=digest,
        published_at=now,
        published_by=by.name,
    )


def digest_of(data: Any) -> bytes:
    """SHA-256 of the content of a definition, whatever its comments and layout."""
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def _refuse_contested(published: VersionInfo) -> None:
    for code, other in contested(published, queries.live().versions).items():
        raise ClassTaken(class_code=code, other=other.definition.name.zh, other_key=other.key)


def _make_live(scenario: Scenario, version: Version, towns: tuple[str, ...] | None, *, now: datetime) -> None:
    where = [""] if towns is None else list(towns)
    replaced = Live.objects.filter(scenario=scenario)
    (replaced if towns is None else replaced.filter(town__in=where)).delete()
    Live.objects.bulk_create(
        [Live(scenario=scenario, town=town, version=version, since=now) for town in where]
    )


@transaction.atomic
def suspend(key: str, *, reason: str, by: Actor, now: datetime) -> None:
    """No new case follows the scenario from now on, in any town; running cases go on to their end.

    Raises NoScenario, NotLive."""
    by.require("scenario.write")
    _one_at_a_time()
    scenario = Scenario.objects.filter(key=key).first()
    if scenario is None:
        raise NoScenario(key=key)
    removed, _ = Live.objects.filter(scenario=scenario).delete()
    if not removed:
        raise NotLive(key=key)
    record("scenario", scenario.id, "suspended", {"reason": reason}, by=by, now=now)
