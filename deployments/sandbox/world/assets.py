"""What the hub owns, what clients share with it, and the businesses around it."""

from datetime import timedelta
from random import Random

from deployments.sandbox.world.ids import Ids
from deployments.sandbox.world.state import Asset, Business, World, meta_time
from deployments.sandbox.world.stories import AGENCY_NAME, CLIENT_NAMES, LONELY_PAGE
from deployments.sandbox.world.tasks_at_meta import permitted_by_client, usual_tasks

# fmt: off
_BRANDS = (
    "Juniper Coffee", "Halden Outdoor", "Mira Eyewear", "Tall Tree Books", "Cobalt Bikes",
    "Lumo Lighting", "Paloma Shoes", "Brass Fox", "Nordlys Skincare", "Kettle & Thyme",
    "Solstice Yoga", "Marlow Hotels", "Petit Nuage", "Orla Jewellery", "Atlas Luggage",
    "Rook Games", "Green Fern Foods", "Velvet Moth", "Saltmarsh Gin", "Pico Toys", "Aster Pharmacy",
    "Lighthouse Pizza", "Wren & Sons", "Ember Grills", "Quill Stationery", "Tidal Surf",
    "Bramble Baby", "Otto Optik",
)
_PLACES = (
    "", "Berlin", "Hamburg", "Wien", "Zürich", "Paris", "Lyon", "Madrid", "Sevilla", "Lisboa",
    "Milano", "Torino", "London", "Dublin", "Amsterdam", "Oslo", "København", "Stockholm",
    "Warszawa", "Kraków", "İstanbul", "Київ", "東京", "São Paulo",
)
# fmt: on
_CATEGORIES = (
    "Shopping & retail",
    "Food & drink",
    "Local business",
    "Hotel",
    "Brand",
    "Health/beauty",
    "Community",
)
_MARKETS = (
    ("DACH", "EUR", "Europe/Berlin"),
    ("UK", "GBP", "Europe/London"),
    ("Nordics", "SEK", "Europe/Stockholm"),
    ("France", "EUR", "Europe/Paris"),
    ("US", "USD", "America/New_York"),
    ("Polska", "PLN", "Europe/Warsaw"),
)


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
    clients = list(world.clients.values())
    for make, count in ((_page, pages), (_ad_account, ad_accounts), (_catalog, catalogs)):
        for number in range(count):
            # the sixth of each kind, so that small worlds have some, and about every sixth of the rest
            client = rng.choice(clients) if number == 5 or (number > 5 and rng.random() < 0.16) else None
            asset = make(world, rng, ids, number, client.name if client else rng.choice(_BRANDS))
            asset.owner_business = client.id if client else world.business.id
            if client:
                asset.is_client = True
                asset.permitted_tasks = permitted_by_client(asset.kind, limited=rng.random() < 0.4)
            elif asset.kind == "page":
                _choose_vocabulary(rng, asset, number)
            world.assets[asset.id] = asset
    for number in range(asset_groups):
        group = Asset(
            "business_asset_group", ids.new(), f"{_BRANDS[number % len(_BRANDS)]} team", world.business.id
        )
        world.assets[group.id] = group
    _fill_groups(world, rng)


def let_agencies_in(world: World, rng: Random) -> None:
    """Say which of the hub's own assets the agencies may use, and for what (§1.5, §1.6: /agencies)."""
    owned = [one for one in pages_and_ad_accounts(world) if not one.is_client]
    for agency_id in world.agencies:
        for asset in rng.sample(owned, min(len(owned), rng.randint(4, 7))):
            world.agency_assets.setdefault(agency_id, {})[asset.id] = usual_tasks(asset).partial[0]


def _page(world: World, rng: Random, ids: Ids, number: int, brand: str) -> Asset:
    name = LONELY_PAGE if number == 0 else f"{brand} {rng.choice(_PLACES)}".strip()
    fans = int(rng.paretovariate(0.9) * 300) % 5_000_000
    facts: dict[str, object] = {
        "category": rng.choice(_CATEGORIES),
        "is_published": rng.random() < 0.95,
        "fan_count": fans,
        "followers_count": fans + rng.randint(0, fans // 20 + 1),
        "has_transitioned_to_new_page_experience": False,
    }
    return Asset("page", ids.new(), name, "", extra=facts)


def _choose_vocabulary(rng: Random, page: Asset, number: int) -> None:
    """Choose in which words the Page's tasks come; the first ones are set, so that most worlds have each."""
    if number == 2 or (number > 5 and rng.random() < 0.03):
        page.vocabulary = "live"
    elif number in (1, 4) or (number > 5 and rng.random() < 0.25):
        page.vocabulary = "profile_plus"
    page.extra["has_transitioned_to_new_page_experience"] = page.vocabulary != "classic"


def _ad_account(world: World, rng: Random, ids: Ids, number: int, brand: str) -> Asset:
    account_id = ids.new()
    market, currency, zone = rng.choice(_MARKETS)
    closed = rng.random() < 0.06
    facts: dict[str, object] = {
        "account_id": account_id,
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
    # §1: the node's id is act_<n>, account_id is <n>
    return Asset("ad_account", f"act_{account_id}", f"{brand} | {market} | {currency}", "", extra=facts)


def _catalog(world: World, rng: Random, ids: Ids, number: int, brand: str) -> Asset:
    facts: dict[str, object] = {
        "product_count": rng.randint(12, 9000),
        "feed_count": rng.randint(0, 4),
        "vertical": "commerce",
        "is_catalog_segment": False,
    }
    return Asset("product_catalog", ids.new(), f"{brand} products", "", extra=facts)


def _fill_groups(world: World, rng: Random) -> None:
    """Put Pages and ad accounts into the asset groups (§1.7: contained_pages, contained_adaccounts)."""
    inside = [one.id for one in pages_and_ad_accounts(world)]
    for group in world.assets_of("business_asset_group", is_client=False):
        world.group_contents[group.id] = tuple(rng.sample(inside, min(len(inside), 6)))


def pages_and_ad_accounts(world: World) -> list[Asset]:
    """Return them without the story's Page: nobody else gets at it."""
    return [
        one for one in world.assets.values() if one.kind in ("page", "ad_account") and one.name != LONELY_PAGE
    ]
