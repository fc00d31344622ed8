"""Tokens and proofs (meta-graph-api.md §4, §6, §9): who asks, and what that token may do."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from deployments.sandbox.graph import errors
from deployments.sandbox.world import Token, World
from deployments.sandbox.world.activities import APP_NAME

# What a token without `business_management` doesn't see: left out silently (§3). Which ones: assumption.
_NEED_BUSINESS_SCOPE = frozenset(
    {"email", "pending_email", "finance_permission", "ip_permission", "two_fac_status", "invite_link"}
)
_PAGE_SCOPES = frozenset({"pages_show_list", "pages_manage_metadata", "pages_read_engagement"})


def token_in_header(authorization: str | None) -> str | None:
    """Return the token of `Authorization: Bearer …`; Meta also takes `OAuth …` (assumption)."""
    scheme, _, value = (authorization or "").partition(" ")
    return value.strip() or None if scheme.lower() in ("bearer", "oauth") else None


def authenticate(world: World, params: dict[str, str], *, now: datetime, require_proof: bool) -> Token:
    """Return the caller's token, or raise what Meta says to one that is missing, wrong or expired."""
    given = params.get("access_token")
    if not given:
        raise errors.no_token()
    token = find_token(world, given)
    if token is None:
        raise errors.bad_token()
    check_alive(token, now)
    _check_proof(world, token, params.get("appsecret_proof"), require_proof)
    return token


def find_token(world: World, given: str) -> Token | None:
    """Return the token, or the app's own one (`APPID|SECRET`, §1.8), or None."""
    if given == f"{world.app_id}|{world.app_secret}":
        return Token(given, "APP", world.app_id, None, ())
    return world.tokens.get(given)


def check_alive(token: Token, now: datetime) -> None:
    """Raise 190 for a token that has expired or was taken back."""
    if token.expires_at is not None and token.expires_at <= now:
        raise errors.expired_token(token.expires_at, now)
    if not token.is_valid:
        raise errors.revoked_token()


def _check_proof(world: World, token: Token, proof: str | None, required: bool) -> None:
    if proof is None:
        if required:
            raise errors.no_proof()
        return
    # §6: HMAC_SHA256(key=app_secret, msg=access_token), by the secret of the token's app
    expected = hmac.new(world.app_secret.encode(), token.token.encode(), sha256).hexdigest()
    if token.app_id != world.app_id or not hmac.compare_digest(expected.encode(), proof.encode()):
        raise errors.bad_proof()


def may(token: Token, scopes: Iterable[str]) -> bool:
    """Say whether the token has any of these scopes."""
    return any(scope in token.scopes for scope in scopes)


def hidden_from(token: Token) -> frozenset[str]:
    """Return the field names that this token doesn't see."""
    hidden = frozenset() if "business_management" in token.scopes else _NEED_BUSINESS_SCOPE
    # A Page's own token is for those who may act for Pages (§1.8).
    return hidden if _PAGE_SCOPES & set(token.scopes) else hidden | {"access_token"}


def described(world: World, given: str, asking: Token, now: datetime) -> dict[str, object]:
    """Return the `data` of debug_token about a token (§1.8); raise 100 for one of an app that doesn't ask."""
    token = find_token(world, given)
    if token is not None and token.app_id != asking.app_id:
        raise errors.another_app()
    if token is None:
        refusal = {"code": 190, "message": "Invalid OAuth access token."}
        return {"error": refusal, "is_valid": False, "scopes": []}
    expires_at = int(token.expires_at.timestamp()) if token.expires_at else 0  # §1.8: 0 means never
    data: dict[str, object] = {
        "app_id": token.app_id,
        "type": token.kind,
        "application": APP_NAME if token.app_id == world.app_id else "Another app",
        "data_access_expires_at": 0,
        "expires_at": expires_at,
        "is_valid": True,
        "scopes": list(token.scopes),
        "granular_scopes": [{"scope": scope} for scope in token.scopes],  # no target_ids: all (§1.8)
    }
    if token.user_id is not None:
        data["user_id"] = token.user_id
    if token.profile_id is not None:
        data["profile_id"] = token.profile_id
    try:
        check_alive(token, now)
    except errors.GraphError as dead:
        data["is_valid"] = False
        data["error"] = {"code": dead.code, "subcode": dead.subcode, "message": dead.message}
    return data
