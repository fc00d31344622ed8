"""How likely an unsettled member is to be nobody of the directory, before his name is looked at.

Fitted to the members themselves, for each class of address apart; no labels are needed.
"""

import duckdb
import numpy as np

USUAL_ODDS = 0.5  # of a member not being in the directory
IMAGINED_MEMBERS = 40  # of each class, with the usual odds: a hub of ten says little
FARTHEST = (-2.0, 10.0)  # bits from the usual odds: forty impostors must not make each other credible
STEP = 2  # steps per bit: one arrival should not move everybody's probability by a little
ROUNDS = 40

# One row per class of address: how many unsettled members have it whom no address names.
COUNTS = """
select class, count(*) as members
from seat_domains
semi join unsettled using (m)
anti join doubted using (m)
group by class
order by class
"""


def outsider_bits(con: duckdb.DuckDBPyConnection, classes: np.ndarray, bits: np.ndarray) -> np.ndarray:
    """Return for each member with candidates log2 of the odds of his being nobody of the directory.

    `classes`: the class of the address, "" where an address names somebody; `bits`: log2 of how much likelier
    name and address are if the member is somebody of the directory, whoever, than if he is not.
    """
    result = np.full(len(bits), np.log2(USUAL_ODDS))
    for name, members in con.execute(COUNTS).fetchall():
        ours = classes == name
        result[ours] += fitted_shift(bits[ours], members)
    return result


def fitted_shift(bits: np.ndarray, members: int) -> float:
    """Return by how many bits the odds that explain these members best lie from the usual ones.

    Expectation-maximisation of the share of outsiders. `members` counts those without candidates as well:
    they are outsiders. A multiple of half a bit, within `FARTHEST`.
    """
    imagined = IMAGINED_MEMBERS * USUAL_ODDS / (1 + USUAL_ODDS)
    odds = USUAL_ODDS
    for _ in range(ROUNDS):
        outsiders = float((1 / (1 + np.exp2(np.minimum(bits, 60.0)) / odds)).sum())
        share = (imagined + outsiders + members - len(bits)) / (IMAGINED_MEMBERS + members)
        odds = share / (1 - share)
    shift = np.clip(np.log2(odds / USUAL_ODDS), *FARTHEST)
    return float(np.round(shift * STEP) / STEP)
