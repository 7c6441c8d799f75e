"""HTTP edge of scenarios, by subject: what front ends draw forms, flows and labels from."""

from ninja import Router

from onegrid.scenarios.api import bpmn, handbooks, reading

router = Router(tags=["scenarios"])
router.add_router("", reading.router)
router.add_router("", bpmn.router)
router.add_router("", handbooks.router)

__all__ = ["router"]
