"""An Owner who is an operator answers in Prefect's own page, in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.deployments.chromium import DESKTOP, Browsing, chromium, needed
from tests.e2e.owners_office import free_port, running_up, wait_until
from tests.e2e.prefect_page import answer, form_of, log_in, open_review
from tests.reliability.approval_scene import ALL, Approving, approving
from tests.reliability.approval_world import seat_id

pytestmark = pytest.mark.browser


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Approving]:
    """A hub that two have left, one of them with Full control; its Owners were asked, and nothing waits."""
    needed()
    with approving(tmp_path, monkeypatch) as made:
        with made.ws.config.open("a") as config:
            config.write(f'[policy]\nhold_min = 0\n[page]\nurl = "http://127.0.0.1:{free_port()}"\n')
        made.leave("Eva Rust", "Dag Holt")
        made.check()
        yield made


def test_an_owner_answers_in_prefects_form(hub: Approving, tmp_path: Path) -> None:
    """The suspended run names nobody; a wrong code asks again and says why; a right one removes at Meta."""
    eva, dag, users = seat_id("Eva Rust"), seat_id("Dag Holt"), hub.box.world.users
    code = hub.code("Ada Lund", ALL)
    with running_up(tmp_path), chromium() as browser:
        browsing = Browsing(browser)
        page = browsing.open(**DESKTOP)
        server = json.loads((tmp_path / ".hubroster" / "up.json").read_text())
        home = server["url"].removesuffix("/api")
        log_in(page, home, server["login"])
        open_review(page, home)

        answer(page, "ABCDEFGHJK", "a guess")
        expect(form_of(page)).to_contain_text("1 of 1 codes had no effect: this code is not valid here")
        assert hub.deletes() == []
        told = page.locator("body").inner_text().lower()
        assert [word for word in ("eva", "dag", "rust", "holt", "lund", "@") if word in told] == []

        answer(page, code, "left in March")
        wait_until(lambda: eva not in users, "the removal that one Owner decides")
        expect(form_of(page)).to_contain_text("Review agency: 1 removal, ")
        assert [url for url in browsing.urls if not url.startswith((home, "blob:", "data:"))] == []

    assert hub.deletes() == [(eva, 200)]
    assert dag in users, "that one needs a second Owner"
    (said,) = hub.rows("answered")
    assert said.identified_by == "verdict code, Prefect's form"
    assert hub.ledger_ok()
