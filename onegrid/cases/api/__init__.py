"""HTTP edge of cases: lists, pages, every move, evidence, drills."""

from ninja import Router

from onegrid.cases.api import agenda, drills, eventlog, evidence, moves, reading, timeliness, versions

router = Router(tags=["cases"])
router.add_router("", reading.router)
router.add_router("", agenda.router)
router.add_router("", timeliness.router)
router.add_router("", eventlog.router)
router.add_router("", moves.router)
router.add_router("", evidence.router)
router.add_router("", versions.router)
router.add_router("", drills.router)

__all__ = ["router"]
