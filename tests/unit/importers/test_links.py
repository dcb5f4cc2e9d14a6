from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from copydesk.importers.wordpress.actions.session import batches
from copydesk.importers.wordpress.logic.links import OldSite, copies_of, term_addresses
from copydesk.importers.wordpress.logic.records import SiteInfo, Term

if TYPE_CHECKING:
    from collections.abc import Sequence


def test_an_address_is_asked_for_with_and_without_the_folder_of_its_site() -> None:
    in_folder = OldSite(SiteInfo(base_blog_url="https://www.old.example/blog/"))
    assert in_folder.address("http://old.example/blog/2010/a/") == "/2010/a"
    assert in_folder.paths_of("/2010/a") == ["/2010/a", "/blog/2010/a"]
    assert in_folder.paths_of("/?p=3") == [
        "/?p=3",
        "/?page_id=3",
        "/blog/?p=3",
        "/blog/?page_id=3",
    ]
    at_root = OldSite(SiteInfo(base_blog_url="https://old.example"))
    assert at_root.paths_of("/2010/a") == ["/2010/a"]


def test_copies_of_a_picture_are_named_without_their_folder() -> None:
    metadata = (
        'a:3:{s:5:"width";i:900;s:4:"file";s:14:"2010/03/ab.jpg";s:5:"sizes";a:2:{s:6:"medium";a:1:{s:4:"file";'
        's:14:"ab-300x200.jpg";}s:5:"large";a:1:{s:4:"file";s:14:"ab-300x200.jpg";}}'
        's:14:"original_image";s:9:"raw é.jpg";}'
    )
    assert copies_of(metadata) == ["ab-300x200.jpg", "raw é.jpg"]
    assert copies_of("") == copies_of("a:1:{broken") == []
    assert copies_of('"file";s:9:"../../etc"') == []


def test_a_category_is_listed_below_its_parents_and_a_loop_ends() -> None:
    def term(slug: str, parent: str) -> tuple[tuple[str, str], Term]:
        return ("category", slug), Term("category", slug, slug, parent_slug=parent)

    terms = dict([term("city", "land"), term("land", "world"), term("world", "")])
    assert term_addresses(terms, "category:city") == [
        "/category/city",
        "/category/world/land/city",
    ]
    assert term_addresses(terms, "post_tag:eu") == ["/tag/eu"]
    assert term_addresses({}, "category:lone") == ["/category/lone"]
    loop = dict([term("a", "b"), term("b", "a")])
    assert term_addresses(loop, "category:a")[0] == "/category/a"


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(1, 8), st.integers(1, 50))
def test_batches_hold_everything_in_order_and_keep_their_limits(
    weights: Sequence[int], size: int, heaviest: int
) -> None:
    made = list(batches(weights, size, weigh=lambda weight: weight, heaviest=heaviest))
    assert [weight for batch in made for weight in batch] == list(weights)
    assert all(0 < len(batch) <= size for batch in made)
    assert all(len(batch) == 1 or sum(batch) <= heaviest for batch in made)
