"""What looks like a secret in words of others: Meta's messages, and what somebody typed."""

import re

# Meta's messages may quote what isn't ours, or only a part of it: another token, an invitation's link.
_SECRET_WORDS = re.compile(
    r"((?:access_token|appsecret_proof|client_secret|app_secret|fb_exchange_token|input_token)[\"']?"
    r"(?:=|%3D|: ?)[\"']?)[^\s&\"'<>]+",
    re.IGNORECASE,
)
_SECRET_SHAPES = re.compile(r"\bEAA[A-Za-z0-9]{16,}|https?://\S*/invit\S*", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """Return a text with "[secret]" for tokens of Meta's and links of invitations."""
    return _SECRET_SHAPES.sub("[secret]", _SECRET_WORDS.sub(r"\1[secret]", text))
