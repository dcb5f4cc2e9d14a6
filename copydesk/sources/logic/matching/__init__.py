"""Match quotations with their sources: are these the source's words? Pure, and bounded in time.

The words decide alone. A text is cut into tokens, and folded tokens joined make its skeleton; a quotation is found
where its skeleton stands in the source's without cutting through a word or number. What then still differs in form is
named, and refused where it touches a negation. Similarity serves only to show the place and the difference of what was
not found.
"""

from __future__ import annotations

from copydesk.sources.logic.matching.checking import ALGORITHM_VERSION, check_layers, check_quote
from copydesk.sources.logic.matching.index import TextIndex
from copydesk.sources.logic.matching.normalizing import normalize

__all__ = ["ALGORITHM_VERSION", "TextIndex", "check_layers", "check_quote", "normalize"]
