"""The named people of the sandbox, each a case that Owners know too well: the same whatever the seed."""

from dataclasses import dataclass, replace

from deployments.sandbox.people import Person
from deployments.sandbox.world.seats import Seat


@dataclass(frozen=True, slots=True)
class Character:
    """One member with a story. `entries` are the directory's people in it, first who the member is."""

    story: str
    seat: Seat
    entries: tuple[Person, ...] = ()
    role: str = "EMPLOYEE"
    truth: str = "match"  # match, none, ambiguous
    email_hidden: bool = False
    finance_permission: str | None = None
    joined_days_ago: int = 400
    controls: int = 0  # how many assets get full control by the story
    works_on: int = 0  # how many get other tasks


def _employee(number: int, given: str, family: str, local: str, title: str, department: str) -> Person:
    return Person(
        person_id=f"{number:06d}",
        user_name=f"{local}@northwind.example",
        given_name=given,
        family_name=family,
        display_name=f"{given} {family}",
        primary_email=f"{local}@northwind.example",
        department=department,
        title=title,
        manager_id="000101",
        groups=("All staff", department),
    )


def _gone(person: Person, days: int) -> Person:
    return replace(person, status="deprovisioned", left_days_ago=days, hired_days_ago=1900)


def _seat(name: str, email: str, variant: str) -> Seat:
    first, _, last = name.partition(" ")
    return Seat(first, last, name, email, variant)


def _plain(person: Person) -> Seat:
    return _seat(f"{person.given_name} {person.family_name}", person.primary_email, "exact/work")


_ana = replace(
    _employee(101, "Ana", "Ruiz", "ana", "Managing Director", "Client Services"),
    manager_id=None,
    hired_days_ago=3200,
    aliases=("ana.ruiz@northwind.example", "ana@northwind-traders.example"),
)
_henrik = replace(
    _employee(102, "Henrik", "Dahl", "henrik.dahl", "Head of Paid Social", "Paid Social"), hired_days_ago=2100
)
_meiling = replace(
    _employee(103, "Mei-Ling", "Tan", "meiling.tan", "Analytics Lead", "Data & Analytics"),
    display_name="Tan, Mei-Ling",
    hired_days_ago=1300,
)
_priya = _gone(_employee(104, "Priya", "Raghavan", "priya.raghavan", "Media Buyer", "Paid Social"), 12)
_viktor = _gone(_employee(105, "Viktor", "Brandt", "viktor.brandt", "Paid Social Lead", "Paid Social"), 47)
_ingrid = _gone(
    _employee(106, "Ingrid", "Solheim", "ingrid.solheim", "Community Manager", "Social Media"), 26
)
_lucia = replace(_employee(107, "Lucía", "Ferrer", "lucia.ferrer", "Copywriter", "Creative"), country="ES")
_agnieszka = _employee(108, "Agnieszka", "Wrona", "agnieszka.wrona", "Campaign Manager", "Paid Social")
_daniel = _employee(109, "Daniel", "Kim", "daniel.kim", "Performance Analyst", "Paid Social")
_other_daniel = _employee(110, "Daniel", "Kim", "daniel.kim2", "Billing Specialist", "Finance")
_william = _employee(111, "William", "Osei", "william.osei", "Account Manager", "Client Services")
_sofia = replace(
    _employee(112, "Sofia", "Lindqvist", "sofia.lindqvist", "Social Editor", "Social Media"),
    country="SE",
    aliases=("sofia.bergholm@northwind.example",),  # from before she married
)
_camille = _employee(113, "Camille", "Rochette", "camille.rochette", "Motion Designer", "Creative")
_jonas = replace(
    _employee(114, "Jonas", "Weberlind", "jonas.weberlind", "Producer", "Creative"),
    person_id="G00114",
    kind="guest",
    groups=(),
    user_name="jonas@weberlind.example",
    primary_email="jonas@weberlind.example",
)

# The most needed first: a hub with fewer members than there are characters has those who come first.
CAST: tuple[Character, ...] = (
    Character(
        "owners",
        _plain(_ana),
        (_ana,),
        "ADMIN",
        joined_days_ago=1400,
        controls=8,
        finance_permission="EDITOR",
    ),
    Character("owners", _plain(_henrik), (_henrik,), "ADMIN", joined_days_ago=1390, controls=8),
    Character("ex_employee", _plain(_priya), (_priya,), controls=2, works_on=7),
    Character(
        "ex_employee_full_control",
        _plain(_viktor),
        (_viktor,),
        "ADMIN",
        finance_permission="EDITOR",
        joined_days_ago=1250,
        controls=7,
        works_on=5,
    ),
    Character("owners", _plain(_meiling), (_meiling,), "ADMIN", joined_days_ago=800, controls=8),
    Character("last_in_control", _plain(_ingrid), (_ingrid,), joined_days_ago=1100, works_on=5),
    Character(
        "personal_address",
        _seat("Lucía Ferrer", "lucia.ferrer.madrid@postbox.example", "exact/personal"),
        (_lucia,),
        works_on=8,
    ),
    Character("hidden_address", _plain(_agnieszka), (_agnieszka,), email_hidden=True, works_on=9),
    Character(
        "two_people_one_name",
        _seat("Daniel Kim", "daniel.kim2@northwind.example", "namesake/work"),
        (_daniel, _other_daniel),
        truth="ambiguous",
        email_hidden=True,
        works_on=6,
    ),
    Character(
        "shared_login",
        _seat("Social Media Team", "marketing@northwind.example", "shared/work"),
        truth="none",
        joined_days_ago=1000,
        works_on=14,
    ),
    Character("freelancer", _plain(_jonas), (_jonas,), joined_days_ago=150, works_on=6),
    Character(
        "outsider",
        _seat("Marcus Thornefield", "m.thornefield@adlift-experts.example", "outsider/foreign"),
        truth="none",
        finance_permission="ANALYST",
        joined_days_ago=620,
        works_on=7,
    ),
    Character(
        "maiden_name",
        _seat("Sofia Bergholm", "sofia.bergholm@mailhaven.test", "former_name/personal"),
        (_sofia,),
        works_on=8,
    ),
    Character(
        "nickname",
        _seat("Bill Osei", "bill.osei@postbox.example", "nickname/personal"),
        (_william,),
        works_on=8,
    ),
)

INVITED = _camille  # story invitation_nobody_accepted
INVITED_DAYS_AGO = 214

BUSINESS_NAME = "Northwind Agency"
AGENCY_NAME = "Bright Harbor Media"  # story partner_agency
CLIENT_NAMES = ("Fern & Oak Furniture", "Salt Lane Bakery")
LONELY_PAGE = "Solheim's Kitchen"  # story last_in_control: the only person in control of it left the company
LONELY_PAGE_HANDS = frozenset(
    {"shared_login", "personal_address"}
)  # stories whose members work on it, no more
SYSTEM_USERS = (
    ("hubroster reader", "EMPLOYEE"),
    ("hubroster writer", "ADMIN"),
    ("Product feed sync", "EMPLOYEE"),
)


def everybody() -> list[Person]:
    """Return the directory's people in the stories, each once, in order of their ids."""
    people = [person for character in CAST for person in character.entries]
    return sorted((*people, INVITED), key=lambda person: person.person_id)
