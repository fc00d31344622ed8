"""The parameters of an HTTP request: query and body, in every form that clients send them (§9.6, §9.7)."""

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from deployments.sandbox.json_text import from_json, to_json


def parameters(query: bytes, body: bytes, content_type: str) -> dict[str, str]:
    """Return all parameters by name; those of the body win, as does the last of one name."""
    found = dict(parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True))
    if not body:
        return found
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "multipart/form-data":  # what curl -F sends in Meta's own guides
        return found | _multipart(body, content_type)
    if kind == "application/json":
        return found | _json(body)
    return found | dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _multipart(body: bytes, content_type: str) -> dict[str, str]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    found = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            found[name] = payload.decode("utf-8", "replace")
    return found


def _json(body: bytes) -> dict[str, str]:
    try:
        value = from_json(body)
    except ValueError:
        return {}
    if not isinstance(value, dict):
        return {}
    return {name: one if isinstance(one, str) else to_json(one).decode() for name, one in value.items()}
