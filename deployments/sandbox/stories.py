"""The named people of the sandbox: each is a case that an Owner of a hub knows too well. They look the same whatever the seed."""

from dataclasses import dataclass

from deployments.sandbox.people import Person
from deployments.sandbox.seats import Seat


@dataclass(frozen=True, slots=True)
class Character:
    """One member with a story. `entries` are the people of the directory who belong to it; the first is who the member is."""

    story: str
    seat: Seat
    role: str = "EMPLOYEE"
    entries: tuple[Person, ...] = ()
    truth: str = "match"  # match, none, ambiguous
    email_hidden: bool = False
    finance_permission: str | None = None
    joined_days_ago: int = 400
    controls: int = 0  # how many assets get full control by the story
    works_on: int = 0  # how many get other tasks


def _employee(
    number: int,
    given: str,
    family: str,
    local: str,
    title: str,
    department: str = "Paid Social",
    **more: object,
) -> Person:
    person = Person(
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
    for name, value in more.items():
        setattr(person, name, value)
    return person


def _seat(name: str, email: str, variant: str) -> Seat:
    first, _, last = name.partition(" ")
    return Seat(first, last, name, email, variant)


def _as_in_directory(person: Person) -> Seat:
    return _seat(f"{person.given_name} {person.family_name}", person.primary_email, "exact/work")


_ana = _employee(101, "Ana", "Ruiz", "ana", "Managing Director", "Client Services", manager_id=None, hired_days_ago=3200,
                 aliases=("ana.ruiz@northwind.example", "ana@northwind-traders.example"))  # fmt: skip
_henrik = _employee(102, "Henrik", "Dahl", "henrik.dahl", "Head of Paid Social", hired_days_ago=2100)
_meiling = _employee(103, "Mei-Ling", "Tan", "meiling.tan", "Analytics Lead", "Data & Analytics", hired_days_ago=1300,
                     display_name="Tan, Mei-Ling")  # fmt: skip
_priya = _employee(
    104, "Priya", "Raghavan", "priya.raghavan", "Media Buyer", status="deprovisioned", left_days_ago=12
)
_viktor = _employee(105, "Viktor", "Brandt", "viktor.brandt", "Paid Social Lead", status="deprovisioned", left_days_ago=47,
                    hired_days_ago=1900)  # fmt: skip
_ingrid = _employee(106, "Ingrid", "Solheim", "ingrid.solheim", "Community Manager", "Social Media", status="deprovisioned",
                    left_days_ago=26, hired_days_ago=1500)  # fmt: skip
_lucia = _employee(107, "Lucía", "Ferrer", "lucia.ferrer", "Copywriter", "Creative", country="ES")
_agnieszka = _employee(108, "Agnieszka", "Wrona", "agnieszka.wrona", "Campaign Manager", country="PL")
_daniel = _employee(109, "Daniel", "Kim", "daniel.kim", "Performance Analyst", hired_days_ago=900)
_other_daniel = _employee(
    110, "Daniel", "Kim", "daniel.kim2", "Billing Specialist", "Finance", hired_days_ago=300
)
_william = _employee(
    111, "William", "Osei", "william.osei", "Account Manager", "Client Services", country="GB"
)
_sofia = _employee(112, "Sofia", "Lindqvist", "sofia.lindqvist", "Social Editor", "Social Media", country="SE",
                   aliases=("sofia.bergholm@northwind.example",))  # fmt: skip
_camille = _employee(
    113, "Camille", "Rochette", "camille.rochette", "Motion Designer", "Creative", country="FR"
)
_jonas = _employee(114, "Jonas", "Weberlind", "jonas", "Producer", "Creative", kind="guest", person_id="G00114", groups=(),
                   primary_email="jonas@weberlind.example", user_name="jonas@weberlind.example")  # fmt: skip

# The most needed first: a world with fewer members than characters has those who come first.
CAST: tuple[Character, ...] = (
    Character("owners", _as_in_directory(_ana), "ADMIN", (_ana,), finance_permission="EDITOR", joined_days_ago=1400, controls=8),
    Character("owners", _as_in_directory(_henrik), "ADMIN", (_henrik,), joined_days_ago=1390, controls=8),
    Character("ex_employee", _as_in_directory(_priya), entries=(_priya,), controls=2, works_on=7),
    Character("ex_employee_full_control", _as_in_directory(_viktor), "ADMIN", (_viktor,), finance_permission="EDITOR",
              joined_days_ago=1250, controls=7, works_on=5),  # fmt: skip
    Character("owners", _as_in_directory(_meiling), "ADMIN", (_meiling,), joined_days_ago=800, controls=8),
    Character("last_in_control", _as_in_directory(_ingrid), entries=(_ingrid,), joined_days_ago=1100, works_on=5),
    Character("personal_address", _seat("Lucía Ferrer", "lucia.ferrer.madrid@postbox.example", "exact/personal"),
              entries=(_lucia,), works_on=8),  # fmt: skip
    Character("hidden_address", _as_in_directory(_agnieszka), entries=(_agnieszka,), email_hidden=True, works_on=9),
    Character("two_people_one_name", _seat("Daniel Kim", "daniel.kim2@northwind.example", "namesake/hidden"),
              entries=(_daniel, _other_daniel), truth="ambiguous", email_hidden=True, works_on=6),  # fmt: skip
    Character("shared_login", _seat("Social Media Team", "marketing@northwind.example", "shared/work"), truth="none",
              joined_days_ago=1000, works_on=14),  # fmt: skip
    Character("freelancer", _as_in_directory(_jonas), entries=(_jonas,), joined_days_ago=150, works_on=6),
    Character("outsider", _seat("Marcus Thornefield", "m.thornefield@adlift-experts.example", "outsider/foreign"), truth="none",
              finance_permission="ANALYST", joined_days_ago=620, works_on=7),  # fmt: skip
    Character("maiden_name", _seat("Sofia Bergholm", "sofia.bergholm@mailhaven.test", "former_name/personal"),
              entries=(_sofia,), works_on=8),  # fmt: skip
    Character("nickname", _seat("Bill Osei", "bill.osei@postbox.example", "nickname/personal"), "DEVELOPER", (_william,),
              works_on=8),  # fmt: skip
)  # fmt: skip


INVITED = _camille  # story invitation_nobody_accepted
INVITED_DAYS_AGO = 214

BUSINESS_NAME = "Northwind Agency"
AGENCY_NAME = "Bright Harbor Media"  # story partner_agency
CLIENT_NAMES = ("Fern & Oak Furniture", "Salt Lane Bakery")
LONELY_PAGE = "Solheim's Kitchen"  # story last_in_control: the only person in control of it left the company
SYSTEM_USERS = (
    ("hubroster reader", "EMPLOYEE"),
    ("hubroster writer", "ADMIN"),
    ("Product feed sync", "EMPLOYEE"),
)


def everybody() -> list[Person]:
    """Return the directory's people in the stories, each once, in order of their ids."""
    people = [person for character in CAST for person in character.entries]
    return sorted((*people, INVITED), key=lambda person: person.person_id)
