"""HTTP edge of cases: lists, pages, every move, evidence."""

from ninja import Router

from onegrid.cases.api import agenda, eventlog, evidence, moves, reading, timeliness, versions

router = Router(tags=["cases"])
router.add_router("", reading.router)
router.add_router("", agenda.router)
router.add_router("", timeliness.router)
router.add_router("", eventlog.router)
router.add_router("", moves.router)
router.add_router("", evidence.router)
router.add_router("", versions.router)

__all__ = ["router"]
