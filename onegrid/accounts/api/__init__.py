"""HTTP edge of accounts: sessions, tokens, the audit log, and what wraps every request."""

from ninja import Router

from onegrid.accounts.api import audit, session, tokens
from onegrid.accounts.api.edge import audit_middleware

router = Router(tags=["accounts"])
router.add_router("", session.router)
router.add_router("", tokens.router)
router.add_router("", audit.router)

__all__ = ["audit_middleware", "router"]
