"""`hubroster check --all`: a line of JSON for each hub, whatever became of it, and an exit code for all."""

import json
import re
from pathlib import Path

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.several import SeveralBusinesses
from tests.bench.many_worlds import write_workspace
from tests.e2e.processes import CHECK_KEYS, hubroster


def test_each_hub_has_its_line_and_a_broken_one_makes_the_exit_code(tmp_path: Path) -> None:
    plans = [
        WorldPlan(seed=n, story_seed=n, members=12, pages=3, ad_accounts=2, directory=40) for n in (1, 2, 3)
    ]
    with SeveralBusinesses(plans) as several:
        write_workspace(tmp_path, several, 0)
        (tmp_path / "token003").unlink()
        ran = hubroster("check", "--all", "--at-once", "2", "--json", cwd=tmp_path)

        answers = {one["hub"]: one for one in map(json.loads, ran.out.splitlines())}
        assert set(answers) == {"hub001", "hub002", "hub003"}
        good = answers["hub001"], answers["hub002"]
        assert all(set(one) >= CHECK_KEYS and one["complete"] for one in good)
        assert set(answers["hub003"]) == {"hub", "error"}
        assert "token003" in answers["hub003"]["error"]
        assert ran.code == 1
        said = re.sub(r"\s+", " ", ran.err)
        assert re.search("hubs needs? an operator: ", said)
        assert "hub003" in said.partition("an operator: ")[2]
        assert {1, 2, 3} <= {int(n) for n in re.findall(r"(\d) of 3: ", said)}
        for token in ("token001", "token002"):
            assert (tmp_path / token).read_text() not in ran.out + ran.err

        many = hubroster("check", "hub001", "--all", cwd=tmp_path)
        assert (many.code, "takes no label" in many.err) == (2, True), many.err
