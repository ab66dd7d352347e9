"""Every time zone can be reached through menus of 25."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from bot.services.zones import MENU, OTHER, page_of, regions


def test_every_zone_stands_in_one_menu_of_one_region():
    reached = [
        zone
        for zones in regions().values()
        for number in range(page_of(zones, 0)[2])
        for zone in page_of(zones, number)[0]
    ]
    assert len(reached) == len(set(reached))
    assert available_timezones() - set(reached) <= {"Factory", "localtime", "posixrules"}
    assert all(ZoneInfo(zone) for zone in reached)


def test_the_regions_fit_into_a_menu_and_utc_comes_first_among_the_others():
    assert len(regions()) <= MENU
    assert [*regions()][-1] == OTHER
    assert regions()[OTHER][0] == "UTC"


def test_a_page_out_of_range_is_the_nearest_one():
    zones = regions()["America"]
    assert page_of(zones, -5)[1] == 0
    assert page_of(zones, 999)[1:] == (page_of(zones, 0)[2] - 1, page_of(zones, 0)[2])
    assert page_of((), 3) == ((), 0, 1)
