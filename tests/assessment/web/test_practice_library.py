"""The library: what it shows of a council that is named, and of one that is not."""

from __future__ import annotations

import pytest
from flask import Flask

from assessment.models.sharing import Clipping
from saas.templating import day
from saas.transaction import within
from tests.assessment.services.test_good_practice import share
from tests.checking_client import CheckingClient
from tests.factories.sharing import make_practised
from tests.factories.tenants import MadeRegion, make_council, make_user


@pytest.mark.parametrize("is_named", [True, False])
def test_the_last_day_stands_beside_a_name_only(
    app: Flask, client: CheckingClient, region: MadeRegion, is_named: bool
) -> None:
    council = make_council(app, region, slug="quillmere", name="Quillmere District Council")
    make_practised(app, council, "A mentor for each.")
    share(app, council, is_named=is_named)
    with app.app_context(), within(council.scope(), read_only=True) as session:
        clipping = session.query(Clipping).one()
        assert clipping.expires_on is not None
        identifying = [day(clipping.expires_on), clipping.expires_on.isoformat(), council.name, council.slug]
        identifying += [str(clipping.id), str(clipping.good_practice_id), str(council.id)]
    officer, peer = make_user(app, council.region, "region_officer"), make_council(app, council.region)
    reader = make_user(app, peer, "member")
    for user, address in (
        (officer, f"/regions/{council.region.slug}/library"),
        (reader, f"/councils/{peer.slug}/library-of-practice"),
    ):
        client.sign_in(user)
        for page, of_the_named in ((address, (0, 2)), (f"{address}.csv", (1, 2))):
            text = client.get(page).get_data(as_text=True)
            assert "Evenings" in text
            shown = {identifying[at] for at in range(len(identifying)) if identifying[at] in text}
            assert shown == ({identifying[at] for at in of_the_named} if is_named else set())
