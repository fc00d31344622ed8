"""Faults on the wire: answers that no correct HTTP server gives. They write to the connection themselves."""

import asyncio
import gzip
import socket
import struct

from deployments.sandbox.faults.schedule import Fault

Headers = list[tuple[bytes, bytes]]

_HTML = (
    b"<!DOCTYPE html><html><head><title>Error</title></head>"
    b"<body><h1>Sorry, something went wrong.</h1></body></html>"
)


def spoiled_status(fault: Fault, status: int) -> int | None:
    """Return the status that a spoiled answer will carry; None for no answer at all."""
    return {"reset": None, "hang": None, "html_502": 502}.get(fault.fault, status)


def spoil(fault: Fault, transport: asyncio.Transport, status: int, headers: Headers, body: bytes) -> None:
    """Answer as the fault wants, and close the connection."""
    kind = fault.fault
    if kind == "reset":
        _reset(transport)
        return
    if kind == "html_502":
        status, body = 502, _HTML
        headers = [*_without(headers, b"content-type"), (b"content-type", b"text/html; charset=utf-8")]
    length = len(body)
    if kind == "cut_body":
        body = body[: length // 2]  # the connection closes before the promised length
    elif kind == "wrong_length":
        length = max(length - 7, 0)  # the length is kept, but the text is longer: the client gets less
    elif kind == "bad_gzip":
        body = gzip.compress(body)
        body = body[: len(body) // 2]
        length = len(body)  # as HTTP it is whole; as gzip it is cut
        headers = [*headers, (b"content-encoding", b"gzip")]
    transport.write(_head(status, headers, length) + body)
    transport.close()


def _head(status: int, headers: Headers, length: int) -> bytes:
    lines = [b"HTTP/1.1 %d Sandbox" % status, b"connection: close", b"content-length: %d" % length]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", b""])


def _without(headers: Headers, name: bytes) -> Headers:
    return [pair for pair in headers if pair[0] != name]


def _reset(transport: asyncio.Transport) -> None:
    # Closing with a linger of zero sends RST in place of FIN.
    connection: socket.socket | None = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
