"""A hub of fourteen that everybody who answers in it knows by heart, and what happens to it by hand."""

from datetime import UTC, datetime, timedelta

from deployments.sandbox.people import COLUMNS
from deployments.sandbox.world import Asset, Business, Invite, Token, User, World
from deployments.sandbox.world.tokens import SCOPES

DOMAIN = "northwind.example"
ADMINS = ("Ada Lund", "Bo Marsh", "Cleo Dorn", "Dag Holt")
STAFF = ("Eva Rust", "Finn Aske", "Gro Vang", "Hal Berg", "Ida Tveit", "Jon Sand", "Kai Moe", "Liv Nord")
OWNERS = ("Ada Lund", "Bo Marsh", "Olga Pind")  # Olga has no seat
INVITED = "Mia Skog"
OUTSIDER = "Zed Quill"
REST = tuple(f"Nils{letter} Rest{letter}" for letter in "abcdefghijklmnopqrst")


def address(name: str) -> str:
    """Return the mail address of somebody in the directory."""
    return f"{name.lower().replace(' ', '.')}@{DOMAIN}"


def person_id(name: str) -> str:
    """Return the id of somebody in the directory."""
    return "p-" + name.lower().replace(" ", "-")


def seat_id(name: str) -> str:
    """Return the Meta id of somebody's seat."""
    return str(10_000 + (*ADMINS, *STAFF, OUTSIDER).index(name))


SEATED = {seat_id(name): name for name in (*ADMINS, *STAFF, OUTSIDER)}  # as they have seats in the morning


def approval_world() -> World:
    """Four with Full control, eight others, an outsider, an invitation; two Pages and an ad account."""
    now = datetime.now(UTC).replace(microsecond=0)
    world = World(Business("500", "Northwind"), "9000", "app-secret", now)
    for name in (*ADMINS, *STAFF):
        role = "ADMIN" if name in ADMINS else "EMPLOYEE"
        world.users[seat_id(name)] = User(seat_id(name), name, role, email=address(name))
    world.users[seat_id(OUTSIDER)] = User(
        seat_id(OUTSIDER), OUTSIDER, "EMPLOYEE", email="zed@quill-ads.example"
    )
    for number, role in (("200", "EMPLOYEE"), ("201", "ADMIN")):
        created = now - timedelta(days=90)
        world.users[number] = User(number, f"robot {number}", role, is_system=True, created_time=created)
    world.access_token, world.write_token = "drill-read", "drill-write"
    for token, user in ((world.access_token, "200"), (world.write_token, "201")):
        world.tokens[token] = Token(token, "SYSTEM_USER", "9000", user, SCOPES)
    _add_assets(world)
    world.invites["900"] = Invite(
        id="900",
        email=address(INVITED),
        role="EMPLOYEE",
        status="PENDING",
        created_time=now - timedelta(days=1),
        expiration_time=now + timedelta(days=89),
        created_by=seat_id(ADMINS[0]),
        invite_link="https://x.example/invite",
        joins_as=User("10900", INVITED, "EMPLOYEE", email=address(INVITED)),
    )
    world.directory = [row(name) for name in (*ADMINS, *STAFF, "Olga Pind", INVITED, *REST)]
    return world


def _add_assets(world: World) -> None:
    for kind, number, name in (
        ("page", "700", "Shop"),
        ("page", "701", "Blog"),
        ("ad_account", "act_800", "Main"),
    ):
        world.assets[number] = Asset(kind, number, name, "500")
        for admin in ADMINS[:3]:
            tasks = ("MANAGE", "ADVERTISE", "ANALYZE")
            world.assign(seat_id(admin), number, tasks)
    for place, name in enumerate((*STAFF, OUTSIDER)):
        world.assign(seat_id(name), ("700", "701", "act_800")[place % 3], ("ADVERTISE", "ANALYZE"))


def row(name: str) -> dict[str, object]:
    """Return somebody as the directory has them: an active employee."""
    given, family = name.split()
    known = {
        "person_id": person_id(name),
        "user_name": address(name),
        "given_name": given,
        "family_name": family,
        "display_name": name,
        "primary_email": address(name),
        "kind": "employee",
        "status": "active",
    }
    return {column: known.get(column, () if column in ("aliases", "groups") else "") for column in COLUMNS}
