"""What the hub owns and what clients share with it: Pages, ad accounts, catalogs, asset groups, and the businesses around."""

from datetime import timedelta
from random import Random

from deployments.sandbox.ids import Ids
from deployments.sandbox.stories import AGENCY_NAME, CLIENT_NAMES, LONELY_PAGE
from deployments.sandbox.tasks_at_meta import permitted_by_client, usual_tasks
from deployments.sandbox.world import Asset, Business, World, meta_time

_BRANDS = (
    "Juniper Coffee", "Halden Outdoor", "Mira Eyewear", "Tall Tree Books", "Cobalt Bikes", "Lumo Lighting", "Paloma Shoes",
    "Nordlys Skincare", "Kettle & Thyme", "Brass Fox", "Solstice Yoga", "Marlow Hotels", "Petit Nuage", "Orla Jewellery",
    "Atlas Luggage", "Green Fern Foods", "Rook Games", "Velvet Moth", "Saltmarsh Gin", "Pico Toys", "Aster Pharmacy",
    "Lighthouse Pizza", "Wren Furniture", "Quill Stationery", "Ember Grills", "Tidal Surf", "Bramble Baby", "Otto Optik",
)  # fmt: skip
_PLACES = (
    "", "Berlin", "Hamburg", "Wien", "Zürich", "Paris", "Lyon", "Madrid", "Sevilla", "Lisboa", "Milano", "Torino", "London",
    "Dublin", "Amsterdam", "Oslo", "København", "Stockholm", "Warszawa", "Kraków", "İstanbul", "Київ", "東京", "São Paulo",
)  # fmt: skip
_CATEGORIES = (
    "Shopping & retail",
    "Food & drink",
    "Local business",
    "Hotel",
    "Brand",
    "Health/beauty",
    "Community",
)
_MARKETS = (("DACH", "EUR", "Europe/Berlin"), ("UK", "GBP", "Europe/London"), ("Nordics", "SEK", "Europe/Stockholm"),
            ("France", "EUR", "Europe/Paris"), ("US", "USD", "America/New_York"), ("Polska", "PLN", "Europe/Warsaw"))  # fmt: skip


def add_partners(world: World, rng: Random, ids: Ids, partners: int) -> None:
    """Add the agency that works for the hub and the clients that it works for; `partners` more of each."""
    for name in (AGENCY_NAME, *(f"{rng.choice(_BRANDS)} Partners {n}" for n in range(2, partners + 2))):
        business = Business(ids.new(), name)
        world.agencies[business.id] = business
    for name in (*CLIENT_NAMES, *(f"{rng.choice(_BRANDS)} Group {n}" for n in range(3, partners + 3))):
        business = Business(ids.new(), name)
        world.clients[business.id] = business


def add_assets(
    world: World, rng: Random, ids: Ids, *, pages: int, ad_accounts: int, catalogs: int, asset_groups: int
) -> None:
    """Add the assets: about one in six Pages, ad accounts and catalogs belongs to a client."""
    for number in range(pages):
        _add(world, rng, _page(world, rng, ids, number), number)
    for number in range(ad_accounts):
        _add(world, rng, _ad_account(world, rng, ids), number)
    for number in range(catalogs):
        _add(world, rng, _catalog(world, rng, ids), number)
    for number in range(asset_groups):
        _add(
            world,
            rng,
            Asset("business_asset_group", ids.new(), f"{_BRANDS[number % len(_BRANDS)]} team", ""),
            number,
        )
    _fill_groups(world, rng)


def let_agencies_in(world: World, rng: Random) -> None:
    """Say which of the hub's own assets the agencies may use, and for what (§1.5, §1.6: /agencies, permitted_tasks)."""
    usable = [
        one for one in world.assets.values() if one.kind in ("page", "ad_account") and one.name != LONELY_PAGE
    ]
    owned = [one for one in usable if not one.is_client]
    for agency_id in world.agencies:
        for asset in rng.sample(owned, min(len(owned), rng.randint(4, 7))):
            world.agency_assets.setdefault(agency_id, {})[asset.id] = usual_tasks(asset).partial[0]


def _add(world: World, rng: Random, asset: Asset, number: int) -> None:
    """Add an asset, and say whose it is. The sixth of each kind, and about every sixth of the rest, is a client's."""
    shared = (
        asset.kind != "business_asset_group"
        and world.clients
        and (number == 5 or (number > 5 and rng.random() < 0.16))
    )
    if shared:
        asset.owner_business = rng.choice(list(world.clients))
        asset.is_client = True
        asset.vocabulary = "classic"
        asset.extra.pop("has_transitioned_to_new_page_experience", None)
        asset.permitted_tasks = permitted_by_client(asset.kind, limited=rng.random() < 0.4)
    else:
        asset.owner_business = world.business.id
    world.assets[asset.id] = asset


def _page(world: World, rng: Random, ids: Ids, number: int) -> Asset:
    name = LONELY_PAGE if number == 0 else f"{rng.choice(_BRANDS)} {rng.choice(_PLACES)}".strip()
    page = Asset("page", ids.new(), name, "")
    fans = int(rng.paretovariate(0.9) * 300)
    page.extra = {"category": rng.choice(_CATEGORIES), "is_published": rng.random() < 0.95, "fan_count": fans}
    page.extra["followers_count"] = fans + rng.randint(0, fans // 20 + 1)
    if number == 2 or (number > 5 and rng.random() < 0.03):
        page.vocabulary = "live"
    elif number in (1, 4) or (number > 5 and rng.random() < 0.25):
        page.vocabulary = "profile_plus"
    if page.vocabulary != "classic":
        page.extra["has_transitioned_to_new_page_experience"] = True
    return page


def _ad_account(world: World, rng: Random, ids: Ids) -> Asset:
    number = ids.new()
    market, currency, zone = rng.choice(_MARKETS)
    account = Asset(
        "ad_account", f"act_{number}", f"{rng.choice(_BRANDS)} | {market} | {currency}", ""
    )  # §1: act_<n>
    closed = rng.random() < 0.06
    account.extra = {
        "account_id": number,
        "account_status": 2 if closed else 1,
        "disable_reason": 3
        if closed
        else 0,  # assumption: the digest gives the types of both, not their values
        "currency": currency,
        "timezone_name": zone,
        "amount_spent": str(int(rng.paretovariate(0.6) * 10_000) % 100_000_000),
        "balance": str(rng.randint(0, 400_000)),
        "created_time": meta_time(world.now - timedelta(days=rng.randint(30, 3000))),
    }
    return account


def _catalog(world: World, rng: Random, ids: Ids) -> Asset:
    catalog = Asset("product_catalog", ids.new(), f"{rng.choice(_BRANDS)} products", "")
    catalog.extra = {
        "product_count": rng.randint(12, 9000),
        "feed_count": rng.randint(0, 4),
        "vertical": "commerce",
    }
    return catalog


def _fill_groups(world: World, rng: Random) -> None:
    """Put Pages and ad accounts into the asset groups, never the Page of the story (§1.7: contained_pages, contained_adaccounts)."""
    inside = [
        one.id
        for one in world.assets.values()
        if one.kind in ("page", "ad_account") and one.name != LONELY_PAGE
    ]
    for group in world.assets_of("business_asset_group", is_client=False):
        world.group_contents[group.id] = tuple(rng.sample(inside, min(len(inside), 6)))
