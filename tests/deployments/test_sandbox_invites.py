"""Invitations through the API, and the addresses of those who came."""

import httpx
import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import AdminError, Sandbox

GIL = {"email": "gil@x.test"}
DONE = {"success": True}


def test_who_is_invited_is_known_by_the_directorys_address() -> None:
    with Sandbox(WorldPlan()) as box:
        seated = {one["person_id"] for one in box.world.answer_key.values()}
        person = next(one for one in box.world.directory if one["person_id"] not in seated)
        data = {"email": str(person["primary_email"]).upper(), "access_token": box.world.write_token}
        made = httpx.post(f"{box.graph_url}/{box.world.business.id}/business_users", data=data).json()
        user = box.admin(f"invites/{made['id']}/accept", {})

        assert user["name"] == f"{person['given_name']} {person['family_name']}"
        for member in (made["id"], user["id"]):
            key = box.world.answer_key[member]
            assert (key["truth"], key["person_id"]) == ("match", person["person_id"])


def test_a_second_invitation_is_refused_sent_again_or_another_one(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    first = own_graph.post("500/business_users", data=GIL).json()
    assert own_graph.post("500/business_users", data=GIL).json()["error"]["code"] == 100

    own_box.admin("clock", {"now": "2026-12-24T10:00:00Z"})
    own_box.admin("switches", {"invite_again": "resent"})
    before = own_graph.get(f"{first['id']}?fields=expiration_time").json()["expiration_time"]
    assert own_graph.post("500/business_users", data=GIL).json() == first
    assert own_graph.get(f"{first['id']}?fields=expiration_time").json()["expiration_time"] > before

    own_box.admin("switches", {"invite_again": "second"})
    assert own_graph.post("500/business_users", data=GIL).json()["id"] not in ("900", first["id"])
    assert len(own_graph.get("500/pending_users?email=gil@x.test").json()["data"]) == 2


def test_an_invitation_that_ran_out_makes_room_for_a_new_one(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    own_box.admin("invites/900/expire", {})

    assert own_graph.post("900", data={"role": "ADMIN"}).json()["error"]["code"] == 100
    assert "id" in own_graph.post("500/business_users", data={"email": "new@x.test"}).json()
    assert own_graph.delete("900").json() == DONE
    with pytest.raises(AdminError, match="no invitation 900"):
        own_box.admin("invites/900/accept", {})


def test_an_invitation_can_answer_with_the_id_of_the_user_to_come(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    own_box.admin("switches", {"invite_answers": "user"})
    told = own_graph.post(
        "500/business_users", data=GIL | {"role": "FINANCE_ANALYST", "fields": "email,role"}
    )
    user = told.json()
    assert (user["email"], user["role"]) == ("gil@x.test", "EMPLOYEE")
    assert own_graph.get(user["id"]).json()["error"]["error_subcode"] == 33

    invitation = own_graph.get("500/pending_users?email=gil@x.test").json()["data"][0]
    assert own_box.admin(f"invites/{invitation['id']}/accept", {})["id"] == user["id"]
    assert own_graph.get(f"{user['id']}?fields=finance_permission").json()["finance_permission"] == "ANALYST"


def test_an_invitation_tells_what_it_was_sent_with(own_graph: httpx.Client) -> None:
    data = GIL | {"role": "ADMIN", "tasks": '["ADS_RIGHTS_REVIEWER"]', "invited_user_type": '["MWA"]'}
    data["fields"] = "role,tasks,ip_role,invited_user_type,created_by,invite_link"
    made = own_graph.post("500/business_users", data=data).json()

    assert (made["role"], made["tasks"], made["ip_role"]) == ("ADMIN", ["ADS_RIGHTS_REVIEWER"], "Reviewer")
    assert (made["invited_user_type"], made["created_by"]["id"]) == (["MWA"], "200")


def test_a_new_address_waits_unless_it_is_said_to_be_confirmed(own_graph: httpx.Client) -> None:
    def addresses(**data: str) -> tuple[str, str | None]:
        user = own_graph.post("101", data={**data, "fields": "email,pending_email"}).json()
        return user["email"], user.get("pending_email")

    assert addresses(email="bob@x.test") == ("bo@x.test", "bob@x.test")
    assert addresses(clear_pending_email="true") == ("bo@x.test", None)
    assert addresses(email="bob@x.test", skip_verification_email="true") == ("bob@x.test", None)
