"""HTTP edge of intake: reports, the verification pool, proposals, imports, channels."""

from ninja import Router

from onegrid.intake.api import asking, channels, contact, hotspots, imports, pool, proposals, reports

router = Router(tags=["intake"])
router.add_router("", asking.router)
router.add_router("", reports.router)
router.add_router("", contact.router)
router.add_router("", pool.router)
router.add_router("", proposals.router)
router.add_router("", imports.router)
router.add_router("", channels.router)
router.add_router("", hotspots.router)
