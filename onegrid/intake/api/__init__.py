"""HTTP edge of intake: reports, the verification pool, imports, channels."""

from ninja import Router

from onegrid.intake.api import channels, imports, pool, reports

router = Router(tags=["intake"])
router.add_router("", reports.router)
router.add_router("", pool.router)
router.add_router("", imports.router)
router.add_router("", channels.router)
