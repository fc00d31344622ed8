"""Whether a text is a mail address that can stand in a header."""

from matching.roster.one_line import one_line


def is_address(text: str) -> bool:
    """Say whether it is one plain address: two parts around the last @, no spaces, nothing unseen."""
    local, _, domain = text.rpartition("@")
    return bool(local and domain) and " " not in text and one_line(text, 254) == text
