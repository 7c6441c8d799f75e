"""Two publications at once: one waits for the other, and both count."""

from threading import Thread

import pytest
from django.db import connection

from onegrid.accounts.rules import SYSTEM
from onegrid.kernel.refusals import Refusal
from onegrid.scenarios import actions, queries
from onegrid.scenarios.models import Version
from onegrid.scenarios.tests import factories
from onegrid.scenarios.tests.factories import NOW, TOWNS
from onegrid.scenarios.tests.files import SMALL, edited


def publish_at_once(*texts: str) -> list[int | str]:
    """Publish each text in a thread of its own; the numbers given, or the codes of the refusals."""
    results: list[int | str] = []

    def publish(text: str) -> None:
        try:
            results.append(actions.publish(text, by=SYSTEM, now=NOW).number)
        except Refusal as refusal:
            results.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=publish, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_versions_published_at_once_get_numbers_of_their_own_and_the_last_is_live() -> None:
    factories.city()
    factories.classes()
    texts = [edited(("limit: 1 working day", f"limit: {days} working days")) for days in (2, 3, 4, 5)]
    assert sorted(map(str, publish_at_once(*texts))) == ["1", "2", "3", "4"]
    live = queries.live(NOW).for_class("C0103", TOWNS[0])
    assert live is not None
    assert live.number == 4
    assert Version.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_scenarios_that_want_one_class_at_once_do_not_both_get_it() -> None:
    factories.city()
    factories.classes()
    rival = edited(("key: street-lamps", "key: lamps-too"), ("prefix: LD", "prefix: LE"))
    assert sorted(map(str, publish_at_once(SMALL, rival))) == ["1", "scenarios.class-taken"]
