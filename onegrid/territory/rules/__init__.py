from onegrid.territory.rules.locator import Locator

__all__ = ["Locator"]
