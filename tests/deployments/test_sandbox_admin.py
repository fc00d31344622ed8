import csv
import json
import smtplib
from datetime import UTC, datetime
from email.message import EmailMessage

import httpx
import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import AdminError, Sandbox

ROW = {"at", "method", "path", "edge", "status", "items"}


def test_the_state_is_the_whole_world_with_the_answers_and_without_tokens() -> None:
    with Sandbox(WorldPlan()) as box:
        state = box.admin("state")

        assert set(state["users"]) == set(box.world.users)
        assert state["grants"] == {
            user: {asset: list(tasks) for asset, tasks in held.items()}
            for user, held in box.world.grants.items()
        }
        assert {"invites", "assets", "agencies", "clients", "directory", "switches", "now"} < set(state)
        assert state["answer_key"]
        assert state["stories"]
        text = httpx.get(f"{box.admin_url}/state").text
        assert box.world.access_token not in text
        assert box.world.app_secret not in text


def test_the_log_has_one_row_per_request_in_order_and_never_a_token(
    box: Sandbox, graph: httpx.Client
) -> None:
    graph.get("500/business_users?access_token=read-token")
    graph.get("1")
    rows = box.admin("requests")["requests"]

    assert [set(row) for row in rows] == [ROW, ROW]
    assert [(row["method"], row["path"], row["edge"], row["status"]) for row in rows] == [
        ("GET", "/v26.0/500/business_users", "business_users", 200),
        ("GET", "/v26.0/1", None, 400),
    ]
    assert rows[0]["at"] < rows[1]["at"]
    assert datetime.fromisoformat(rows[0]["at"]).tzinfo is not None
    box.admin("requests", method="DELETE")
    assert box.admin("requests") == {"requests": []}


def test_members_are_removed_and_change_roles_by_hand(own_box: Sandbox, own_graph: httpx.Client) -> None:
    own_box.admin("members/101/role", {"role": "ADMIN"})
    assert own_graph.get("101?fields=role").json()["role"] == "ADMIN"

    own_box.admin("members/101/remove", {})
    assert own_graph.get("101").json()["error"]["error_subcode"] == 33
    holders = own_graph.get("700/assigned_users?business=500").json()["data"]
    assert [one["id"] for one in holders] == ["100"]


def test_members_appear_and_change_by_hand(own_box: Sandbox, own_graph: httpx.Client) -> None:
    new = own_box.admin("members", {"name": "Gil H", "email": "gil@x.test"})
    listed = own_graph.get("500/business_users?fields=name,email").json()["data"]
    assert listed[-1] == {"name": "Gil H", "email": "gil@x.test", "id": new["id"]}

    own_box.admin(f"members/{new['id']}", {"name": "Gil I"})
    assert own_graph.get(new["id"]).json()["name"] == "Gil I"


def test_grants_and_assets_come_and_go_by_hand(own_box: Sandbox, own_graph: httpx.Client) -> None:
    own_box.admin("grants", {"user": "103", "asset": "701", "tasks": ["ANALYZE"]})
    assert own_graph.get("103/assigned_pages?fields=tasks").json()["data"] == [
        {"tasks": ["ANALYZE"], "id": "701"}
    ]

    own_box.admin("grants/revoke", {"user": "103", "asset": "701"})
    assert own_graph.get("103/assigned_pages").json() == {"data": []}
    own_box.admin("assets/702/unshare", {})
    assert own_graph.get("500/client_pages").json() == {"data": []}
    assert [one["id"] for one in own_graph.get("100/assigned_pages").json()["data"]] == ["700", "701"]


def test_what_is_done_by_hand_shows_in_the_logs_of_the_ad_accounts(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    def newest() -> tuple[object, ...]:
        fields = "event_type,actor_id,object_id,event_time,extra_data"
        row = own_graph.get(f"act_800/activities?fields={fields}&limit=1").json()["data"][0]
        about = json.loads(row["extra_data"])
        named = (row["event_type"], row["actor_id"], about["user_id"], about["tasks"])
        return *named, row["object_id"], row["event_time"][:16]

    own_box.admin("clock", {"now": "2026-12-01T08:30:00+00:00"})
    where_and_when = ("800", "2026-12-01T08:30")
    added, removed = "ad_account_add_user_to_role", "ad_account_remove_user_from_role"

    own_box.admin("grants", {"user": "103", "asset": "act_800", "tasks": ["ANALYZE"]})
    assert newest() == (added, "100", "103", ["ANALYZE"], *where_and_when)
    own_box.admin("members/103/role", {"role": "ADMIN"})
    assert newest() == (added, "100", "103", ["ANALYZE"], *where_and_when)
    own_box.admin("grants/revoke", {"user": "103", "asset": "act_800"})
    assert newest() == (removed, "100", "103", ["ANALYZE"], *where_and_when)
    own_box.admin("members/100/remove", {})
    assert newest() == (removed, "103", "100", ["MANAGE", "ADVERTISE", "ANALYZE"], *where_and_when)
    assert len(own_box.world.activities["act_800"]) == 3 + 4


def test_the_logs_tell_nothing_of_what_happens_elsewhere(own_box: Sandbox) -> None:
    before = own_box.admin("state")["activities"]
    own_box.admin("grants", {"user": "103", "asset": "701", "tasks": ["ANALYZE"]})
    own_box.admin("grants/revoke", {"user": "103", "asset": "act_800"})  # was not there
    own_box.admin("members/101/remove", {})

    assert own_box.admin("state")["activities"] == before


def test_an_invitation_is_accepted_or_runs_out(own_box: Sandbox, own_graph: httpx.Client) -> None:
    user = own_box.admin("invites/900/accept", {})
    assert (user["id"], user["business_role_request"]) == ("105", "900")
    assert own_graph.get("500/pending_users").json() == {"data": []}
    assert own_graph.get("105/assigned_pages?fields=id").json()["data"] == [{"id": "701"}]


def test_an_invitation_that_ran_out_can_not_be_accepted(own_box: Sandbox, own_graph: httpx.Client) -> None:
    assert own_box.admin("invites/900/expire", {})["status"] == "EXPIRED"
    assert own_graph.get("900").json()["status"] == "EXPIRED"
    with pytest.raises(AdminError):
        own_box.admin("invites/900/accept", {})


def test_the_clock_moves_date_and_directory_and_runs_on(own_box: Sandbox, own_graph: httpx.Client) -> None:
    own_box.admin("clock", {"now": "2027-01-01T12:00:00+02:00"})

    assert own_graph.get("500").headers["date"].startswith("Fri, 01 Jan 2027 10:00:0")
    moved = datetime(2027, 1, 1, 10, tzinfo=UTC).timestamp()
    assert own_box.directory_path.stat().st_mtime == moved
    assert own_box.world.now >= datetime(2027, 1, 1, 10, tzinfo=UTC)


def test_a_person_changes_in_the_directory_and_in_its_file() -> None:
    with Sandbox(WorldPlan(members=12, directory=40)) as box:
        person = str(box.world.directory[0]["person_id"])
        box.admin(f"directory/{person}", {"status": "deprovisioned"})

        with box.directory_path.open(encoding="utf-8") as file:
            rows = {row["person_id"]: row for row in csv.DictReader(file)}
        assert rows[person]["status"] == "deprovisioned"
        for path, body in (("directory/nobody", {"status": "x"}), (f"directory/{person}", {"stauts": "x"})):
            with pytest.raises(AdminError):
                box.admin(path, body)


def test_mails_are_taken_and_shown(box: Sandbox) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hub@x.test", "ada@x.test", "Review"
    mail.set_content("Please look.")
    with smtplib.SMTP(box.smtp_host, box.smtp_port, timeout=10) as smtp:
        smtp.send_message(mail)

    assert box.admin("mails")["mails"][-1]["subject"] == "Review"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("members/1/remove", {}, 404),
        ("members/1/role", {"role": "ADMIN"}, 404),
        ("members/100/role", {}, 400),
        ("members/100", {"nickname": "x"}, 400),
        ("members", {}, 400),
        ("members", {"name": "X", "id": "100"}, 400),
        ("invites/1/accept", {}, 404),
        ("grants", {"user": "1", "asset": "700", "tasks": []}, 404),
        ("grants", {"user": "100", "asset": "700", "tasks": "MANAGE"}, 400),
        ("assets/1/remove", {}, 404),
        ("clock", {}, 400),
        ("clock", {"now": "yesterday"}, 400),
        ("nothing", {}, 404),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(
    box: Sandbox, path: str, body: object, status: int
) -> None:
    answer = httpx.post(f"{box.admin_url}/{path}", json=body)

    assert answer.status_code == status
    assert "\n" not in answer.text
    if path != "nothing":
        assert answer.json()["error"]


def test_a_body_that_is_no_json_is_refused(box: Sandbox) -> None:
    assert httpx.post(f"{box.admin_url}/faults", content=b"{").status_code == 400
