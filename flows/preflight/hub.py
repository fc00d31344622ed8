"""What Meta says of one hub before anything is trusted to it: read, never changed."""

from collections.abc import Sequence
from dataclasses import replace

from flows.opening.hub import access_of
from flows.sections import Hub
from flows.settings import Settings
from matching.preflight.facts import Business, Line, Owner, Token
from matching.preflight.facts import Hub as HubFacts
from matching.preflight.tokens import ADMIN
from tasks.errors import MetaLimited, SettingsError
from tasks.meta.access import MetaAccess
from tasks.meta.client import MetaClient
from tasks.meta.looking import look_at_assets, look_at_business, look_at_owner, look_at_token

TIMEOUT_S = 10.0
CATALOGS = ("owned_product_catalogs", "client_product_catalogs")


async def hub_facts(settings: Settings, hub: Hub, owners: Sequence[Owner], unread: str) -> HubFacts:
    """Return what the judgements of one hub go by. Raises nothing of ours: what fails is a fact, too."""
    access, reader = _access(settings, hub, write=False)
    business, line = Business(problem=reader.problem), Line()
    if access is not None:
        reader, business, line = await _read(settings, hub, access)
    writer: Token | None = None
    write_access = None
    if hub.write_token is not None:
        write_access, writer = _access(settings, hub, write=True)
        if write_access is not None:
            writer, _, _ = await _read(settings, hub, write_access, business)
    sees = None
    if access and write_access and writer and writer.owner_role == ADMIN != reader.owner_role:
        sees = await _compare(settings, hub, [(access, reader), (write_access, writer)])
    return HubFacts(
        label=hub.label,
        business_id=hub.business_id,
        app_id=hub.app_id,
        has_secret=hub.app_secret is not None,
        api_version=settings.meta.api_version,
        min_admins=settings.policy.min_admins,
        same_token=bool(access and write_access and access.token == write_access.token),
        reads_catalogs=not set(CATALOGS).issubset(hub.skip),
        reader=reader,
        writer=writer,
        business=business,
        line=line,
        owners=tuple(owners),
        owners_unread=unread,
        sees=sees,
    )


def _access(settings: Settings, hub: Hub, *, write: bool) -> tuple[MetaAccess | None, Token]:
    try:
        # a limit is told at once, and not waited for
        access = replace(access_of(settings, hub, write=write), wait_s=0)
        access.check()
    except SettingsError as error:
        return None, Token(problem=str(error))
    return access, Token()


async def _compare(
    settings: Settings, hub: Hub, tokens: Sequence[tuple[MetaAccess, Token]]
) -> dict[str, tuple[int, int]] | None:
    """Return how many of the assets that the second token sees the first one sees, and how many they are."""
    found = []
    for access, token in tokens:
        bare = replace(access, app_secret=None) if token.proof is False else access
        async with _client(settings, bare) as client:
            found.append(await look_at_assets(client, hub.business_id))
    mine, there = found
    if mine is None or there is None:
        return None
    return {kind: (len(mine[kind] & ids), len(ids)) for kind, ids in there.items()}


def _client(settings: Settings, access: MetaAccess) -> MetaClient:
    return MetaClient(access, say=lambda _: None, now=settings.now, timeout_s=TIMEOUT_S)


async def _read(
    settings: Settings, hub: Hub, access: MetaAccess, known: Business | None = None
) -> tuple[Token, Business, Line]:
    """Return what Meta says to one token, and of the business where it is not known yet.

    Where the secret's proof is refused it is left out, so that all the rest can be told as well.
    """
    business = known or Business(problem="the token can't be used, so the business was not asked for")
    client = _client(settings, access)
    async with client:
        token = await look_at_token(client, access.token)
        if not token.problem:
            business = known or await look_at_business(client, hub.business_id, hub.app_id)
            token = await look_at_owner(client, token, business, hub.business_id)
            token = replace(token, proof=True if access.app_secret else None)
        if isinstance(client.stopped, MetaLimited) and known is None:
            business = Business(problem=f"it was not read: {client.stopped.message}")
    if token.proof_problem and access.app_secret:
        found, seen, line = await _read(settings, hub, replace(access, app_secret=None), known)
        if not found.problem:
            return replace(found, proof=False, proof_problem=token.proof_problem), seen, line
    line = Line(
        served=client.line.version,
        clock_off_s=client.clock.off_s,
        used_percent=client.line.used_percent,
        limited=str(client.stopped) if isinstance(client.stopped, MetaLimited) else "",
    )
    return token, business, line
