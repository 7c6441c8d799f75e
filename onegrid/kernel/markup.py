"""Text for XML files: some signs that a text may hold have no place in XML 1.0, however written."""

import re
from typing import Final

_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the control signs that XML 1.0 forbids (section 2.2)."""
    return _FORBIDDEN.sub("", text)
