"""Tellings with all parameters that their template wants."""

from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from onegrid.accounts.tests.factories import NOW
from onegrid.notices.rules import Telling, Value

PARAMS: Final[dict[str, Value]] = {
    "how": {"zh": "新任务", "en": "New task"},
    "number": "HJ202611243505830001",
    "stage": "处置",
    "title": "路边暴露垃圾",
    "place": "水头镇奎峰村",
    "owner": "第一网格长",
    "due": NOW + timedelta(hours=4),
    "by": "市网格办",
    "text": "请尽快清运",
    "answer": "已清运",
}


def telling(template: str = "task-main", *, key: str | None = None, **more: Any) -> Telling:
    """A telling with a recipient (`to_post=`, `to_account=` or `to_reporter=`) and what else differs."""
    return Telling(key=key or str(uuid4()), template=template, params=PARAMS, **more)
