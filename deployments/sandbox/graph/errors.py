"""Meta's refusals, in Meta's words: code, subcode, type and HTTP status (meta-graph-api.md §4, §9b)."""

from datetime import datetime

# §4: HTTP 500 for codes 1 and 2, 403 for permissions, 400 for the rest. Which status goes with which code is
# an assumption: clients are to decide by `error.code`.
_SERVER_CODES = frozenset({1, 2})
_TRANSIENT_CODES = frozenset({2, 4, 17, 32, 341, 613, 80000, 80001, 80002, 80003, 80004, 80009, 80014})

REDUCE_DATA = "Please reduce the amount of data you're asking for, then retry your request"

LAST_ADMIN = (
    "It looks like you're trying to remove the last admin from this Business Manager."
    " At least one admin is required in Business Manager."
)

# What the fault `code` says when the schedule gives no message (§4, §9b).
MESSAGES = {
    1: "An unknown error occurred",
    2: "An unexpected error has occurred. Please retry your request later.",
    4: "(#4) Application request limit reached",
    10: "(#10) Application does not have permission for this action",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    100: "(#100) Invalid parameter",
    102: "Session key invalid or no longer valid",
    190: "Error validating access token: The session is invalid.",
    200: "(#200) Requires business_management permission to manage the object",
    341: "(#341) Feed action request limit reached",
    368: "(#368) The action attempted has been deemed abusive or is otherwise disallowed",
    2620: "(#2620) Invalid call to update account permissions",
    3912: "(#3912) There was a technical issue and your changes were not saved. Please try again.",
    3914: LAST_ADMIN,
    3919: "(#3919) There was an unexpected technical issue. Please try again.",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    80004: "(#80004) There have been too many calls to this ad-account. Wait a bit and try again.",
}


class GraphError(Exception):
    """An answer with an `error` in it, in place of what was asked for."""

    def __init__(
        self,
        code: int | None,
        message: str,
        *,
        subcode: int | None = None,
        kind: str | None = "OAuthException",
        status: int | None = None,
        title: str | None = None,
        user_message: str | None = None,
    ) -> None:
        super().__init__(code, message)
        self.title, self.user_message = title, user_message
        self.code, self.message, self.subcode, self.kind = code, message, subcode, kind
        self.status = status if status is not None else _status_of(code)

    def body(self, trace_id: str) -> dict[str, object]:
        """Return the answer as Meta shapes it; what is None is left out."""
        error: dict[str, object] = {"message": self.message}
        if self.kind is not None:
            error["type"] = self.kind
        if self.code is not None:
            error["code"] = self.code
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if (
            self.kind is not None
        ):  # §3: code 1 "reduce the amount of data" comes bare, with neither of the two
            error["is_transient"] = self.code in _TRANSIENT_CODES
            if self.title is not None:
                error["error_user_title"] = self.title
            if self.user_message is not None:
                error["error_user_msg"] = self.user_message
            error["fbtrace_id"] = trace_id
        return {"error": error}


def _status_of(code: int | None) -> int:
    if code in _SERVER_CODES:
        return 500
    if code is not None and (code == 10 or 200 <= code < 300):
        return 403
    return 400


def coded(code: int, subcode: int | None = None, message: str | None = None) -> GraphError:
    """Return the refusal that has this code, in Meta's usual words unless a message is given."""
    text = message if message is not None else MESSAGES.get(code, f"(#{code}) An error occurred")
    return GraphError(code, text, subcode=subcode, kind=None if text == REDUCE_DATA else "OAuthException")


def reduce_data() -> GraphError:
    """§3: code 1, HTTP 500, a bare body."""
    return coded(1, message=REDUCE_DATA)


def not_visible(node_id: str, verb: str = "get") -> GraphError:
    """§4, 100/33: gone, or not for this token: Meta doesn't say which."""
    return GraphError(
        100,
        f"Unsupported {verb} request. Object with ID '{node_id}' does not exist, cannot be loaded due to"
        " missing permissions, or does not support this operation. Please read the Graph API documentation at"
        " https://developers.facebook.com/docs/graph-api",
        subcode=33,
        kind="GraphMethodException",
    )


def unknown_alias(names: str) -> GraphError:
    """§4, 803: an id that is no number. Assumption: also for an unknown number among `?ids=` (§3)."""
    return GraphError(803, f"(#803) Some of the aliases you requested do not exist: {names}")


def unknown_path(rest: str) -> GraphError:
    """§4, §7: an edge that doesn't exist, or a version that doesn't."""
    return GraphError(2500, f"Unknown path components: /{rest}")


def unknown_field(name: str, node_type: str) -> GraphError:
    """§3: a field name that the node type doesn't have."""
    return GraphError(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({node_type})")


def fields_syntax(what: str, at: int, text: str) -> GraphError:
    """§4, 2500: the `fields` parameter can't be parsed. The wording is an assumption."""
    return GraphError(2500, f'Syntax error "{what}" at character {at}: {text}')


def not_expandable(edge: str) -> GraphError:
    """§3 says that some connections can't be expanded; how the refusal reads is an assumption."""
    return GraphError(100, f"(#100) The field {edge} can't be expanded; request the edge itself")


def parameter_required(name: str) -> GraphError:
    """§1.5, in the words of a field report."""
    return GraphError(100, f"(#100) The parameter {name} is required")


def bad_parameter(name: str, wanted: str) -> GraphError:
    """A parameter of the wrong kind. The wording is an assumption."""
    return GraphError(100, f"(#100) Param {name} must be {wanted}")


def cursor_past_end() -> GraphError:
    """§3: a cursor too far on."""
    return GraphError(
        100, "(#100) The After Cursor specified exceeds the max limit supported by this endpoint"
    )


def no_token() -> GraphError:
    """§9b."""
    return GraphError(104, "An access token is required to request this resource.")


def bad_token() -> GraphError:
    """Code 190 for a token that nobody gave out; the wording is an assumption."""
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token")


def expired_token(expired_at: datetime, now: datetime) -> GraphError:
    """§9b, 190/463."""
    pattern = "%A, %d-%b-%y %H:%M:%S UTC"
    return GraphError(
        190,
        f"Error validating access token: Session has expired on {expired_at.strftime(pattern)}."
        f" The current time is {now.strftime(pattern)}.",
        subcode=463,
    )


def revoked_token() -> GraphError:
    """§4, 190/467."""
    return GraphError(190, "Error validating access token: The session is invalid.", subcode=467)


def another_app() -> GraphError:
    """What debug_token says of another app's token, as many third-party logs have it."""
    return GraphError(100, "(#100) The App_id in the input_token did not match the Viewing App")


def bad_proof() -> GraphError:
    """§9b."""
    return GraphError(
        100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException"
    )


def no_proof() -> GraphError:
    """§9b: the app has "Require App Secret" switched on."""
    return GraphError(
        100, "API calls from the server require an appsecret_proof argument", kind="GraphMethodException"
    )


def missing_scope(scope: str) -> GraphError:
    """§4, 200 (I:31132)."""
    return GraphError(200, f"(#200) Requires {scope} permission to manage the object")


def batch_too_large() -> GraphError:
    """§9.15."""
    return GraphError(
        None, "Too many requests in batch message. Maximum batch size is 50", kind="GraphBatchException"
    )
