"""HTTP edge of scenarios, by subject: what front ends draw forms, flows and labels from, and edit them by."""

from ninja import Router

from onegrid.scenarios.api import activation, bpmn, drafting, handbooks, projects, reading

router = Router(tags=["scenarios"])
router.add_router("", reading.router)
router.add_router("", bpmn.router)
router.add_router("", handbooks.router)
router.add_router("", drafting.router)
router.add_router("", projects.router)
router.add_router("", activation.router)

__all__ = ["router"]
