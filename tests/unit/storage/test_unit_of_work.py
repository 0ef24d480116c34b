"""The unit of work's own promises about its connections."""

import sqlalchemy as sa

from engine.storage.unit_of_work import Database


def test_the_operators_own_options_in_the_url_stand_beside_ours(postgresql_url: str) -> None:
    url = sa.make_url(postgresql_url).update_query_dict({"options": "-csearch_path=otro"})
    database = Database(url.render_as_string(hide_password=False))
    with database.read() as conn:
        shown = [conn.scalar(sa.text(f"SHOW {name}")) for name in ("search_path", "lock_timeout")]
    database.close()
    assert shown == ["otro", "5s"]
