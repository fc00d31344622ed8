"""What a request to the page carries: the fields of its form, the review, where it comes from."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from flows.review.answering import SeenFrom

MOST_FIELDS = 100  # 50 answers and a few more
REVIEW = re.compile(r"[a-z0-9_-]{1,60}")


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form; of one that is no form, or has too many, none."""
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def answers_in(form: Mapping[str, str]) -> dict[str, str]:
    """Return change id → answer, of what was chosen."""
    return {name[2:]: value for name, value in form.items() if name.startswith("a-") and value}


def form_token(token: str) -> str:
    """Return what a form of this session carries: another site can't know it; it doesn't tell the token."""
    return hmac.new(token.encode("utf-8", "replace"), b"form", hashlib.sha256).hexdigest()


def is_of(token: str, form: Mapping[str, str]) -> bool:
    """Say whether a form was made by this session."""
    return hmac.compare_digest(form.get("form", "").encode("utf-8", "replace"), form_token(token).encode())


def review_of(request: Request) -> str:
    """Return the review of a path; what can't be one is not looked for, nor written into a cookie."""
    review = str(request.path_params["review"])
    if not REVIEW.fullmatch(review):
        raise HTTPException(404)
    return review


def seen_from(request: Request) -> SeenFrom:
    """Return address and browser of whoever asks, cut to what the ledger keeps."""
    headers: Mapping[str, str] = request.headers
    address = request.client.host if request.client else ""
    return SeenFrom(address[:50], headers.get("user-agent", "")[:200])
