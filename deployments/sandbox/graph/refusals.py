"""Meta's refusals of writes (meta-graph-api.md §4, §8, §9b); those of reads are in errors.py."""

from collections.abc import Iterable

from deployments.sandbox.graph.errors import LAST_ADMIN, GraphError, coded


def not_for_this_app() -> GraphError:
    """§4, code 3; §1.1: apps only target businesses that claimed them. The wording is an assumption."""
    return GraphError(3, "(#3) Application does not have the capability to make this API call.")


def not_in_charge() -> GraphError:
    """§4, code 10: the caller's role isn't enough. Worded as on Meta's support page for 2-tier businesses."""
    return GraphError(
        10,
        "(#10) You do not have permission to perform this action. This action requires that you can"
        " MANAGE_PERMISSIONS for this business account.",
    )


def not_allowed() -> GraphError:
    """§8.1, 10/2859030: an app that may not invite.

    Assumption: a system user in its first days is told the same; no source says what Meta answers to it.
    """
    return GraphError(
        10,
        "Application does not have permission for this action",
        subcode=2859030,
        title="This Action Is Not Allowed",
        user_message="Please retry this action in a few minutes",
    )


def blocked() -> GraphError:
    """§4, 368."""
    return coded(368)


def two_factor_required() -> GraphError:
    """§8.2, 415/2859009: a person whose login has no second factor, where the business wants one."""
    return GraphError(
        415,
        "Two factor authentication required. User have to enter a code from SMS or TOTP code generator to"
        " pass 2fac. This could happen when accessing a 2fac-protected asset like a page that is owned by a"
        " 2fac-protected business manager.",
        subcode=2859009,
        title="Two-factor authentication required",
        user_message="To continue working in your account, please refresh this page to authenticate. Or"
        " navigate to the business settings page and authenticate when prompted.",
    )


def last_admin() -> GraphError:
    """§4, 3914. Its subcode is unconfirmed (§9b), so there is none; the title is an assumption."""
    return GraphError(3914, LAST_ADMIN, title="Last admin", user_message=LAST_ADMIN)


def not_in_enum(field: str, value: str, allowed: Iterable[str]) -> GraphError:
    """§1.5, box 2: the JSON-schema wording; the words between the field and "expected" are an assumption."""
    return GraphError(
        100,
        f"Your request has violated JSON schema constraint 'enum' for the JSON field '{field}' with value"
        f" '{value[:100]}'. expected : '[{', '.join(allowed)}]'",
    )


def not_one_of(name: str, allowed: Iterable[str]) -> GraphError:
    """§9b."""
    return GraphError(100, f"(#100) Param {name} must be one of {{{', '.join(allowed)}}}")


def invited_already(*, is_member: bool) -> GraphError:
    """§10: code and wording are unknown, so these are assumptions."""
    what = "is already part of this business" if is_member else "has already been invited to this business"
    return GraphError(
        100, f"(#100) Invalid parameter: the person {what}", title="Can't send invitation", user_message=what
    )


def not_open() -> GraphError:
    """Assumption: what an invitation says that can't be accepted any more."""
    return GraphError(100, "(#100) Invalid parameter: the invitation is no longer pending")


def nothing_to_take(code: int = 100) -> GraphError:
    """Under the switch `revoke_missing`: code and wording are assumptions."""
    return (
        coded(code) if code != 100 else GraphError(100, "(#100) Invalid parameter: there is no such access")
    )


def beyond_permitted(tasks: Iterable[str]) -> GraphError:
    """A client's asset: our people get at most what it permits. Code 200 and the wording are assumptions."""
    return GraphError(200, f"(#200) The owner of this asset does not permit the tasks {', '.join(tasks)}")


def asset_of_a_client() -> GraphError:
    """Only the owner shares an asset. Code 200 and the wording are assumptions."""
    return GraphError(200, "(#200) Only the business that owns this asset can share it")


def too_many_system_users(code: int) -> GraphError:
    """§4: 3949, and 3965 for admins; the wordings are assumptions."""
    kind = "admin system users" if code == 3965 else "system users"
    return GraphError(code, f"(#{code}) You have reached the maximum number of {kind} for this business")


def invalid_user_id() -> GraphError:
    """§1.3, 110: no system user."""
    return GraphError(110, "(#110) Invalid user id")


def invalid_permission(name: str) -> GraphError:
    """§4, 3962; the wording is an assumption."""
    return GraphError(3962, f"(#3962) The permission {name[:100]} is not valid")


def not_in_this_business() -> GraphError:
    """§4, 3996; the wording is an assumption."""
    return GraphError(3996, "(#3996) The Page does not belong to this Business Manager")


def nothing_there(verb: str) -> GraphError:
    """§4, 100/33: a call to the root that is no batch."""
    return GraphError(
        100,
        f"Unsupported {verb} request. Please read the Graph API documentation at"
        " https://developers.facebook.com/docs/graph-api",
        subcode=33,
        kind="GraphMethodException",
    )
