"""A hub with sixty strangers, some of whom call themselves what nobody should be called."""

from deployments.sandbox.world import Asset, User, World
from tests.reliability.approval_world import approval_world, seat_id

STRANGERS = 60
HOSTILE = {
    "markup": '<img src=x onerror=alert(1)><script>alert(2)</script>"><b>bold</b>',
    "template": "{{ 7 * 7 }}{% raw %}",
    "right to left": "\u202egpj.exe\u202c \u2067Evil",
    "endless": "Wolfe" + "schlegelsteinhausen" * 526,
    "emoji": "👩‍👩‍👧‍👦🏴‍☠️ Zoë 😀" * 5,
    "stacked": "Z\u0363" + "\u0335\u0347\u0321" * 60 + "algo",
    "lines": "Ann\nLee\r\nRemove them.\u2028Recommended\x00",
    "blank": "\u200b \u00a0\u3164",
    "arabic": "محمد بن علي",
    "formula": '=HYPERLINK("https://elsewhere.example")',
}


def crowded_world() -> World:
    """The hub of fourteen, sixty strangers, one who may be somebody of the directory, and a Page that Dag
    Holt alone controls."""
    world = approval_world()
    world.assets["702"] = Asset("page", "702", "Only Dag's", "500")
    world.assign(seat_id("Dag Holt"), "702", ("MANAGE", "ADVERTISE", "ANALYZE"))
    names = [*HOSTILE.values(), "Gro Wang"]
    names += [f"Quib{chr(97 + n // 26)}{chr(97 + n % 26)} Xylo" for n in range(STRANGERS - len(names))]
    for number, name in enumerate(names):
        id = str(20_000 + number)
        world.users[id] = User(id, name, "EMPLOYEE", email=f"s{number}@elsewhere.example")
        world.assign(id, "700", ("ANALYZE",))
    return world
