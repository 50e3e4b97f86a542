"""An assistant that a run can measure: the small stand-in, and how sure it says it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant.question import Query
from assistant.weighed import Weighed
from indexing import Filters
from tests.fakes import NO_FILTERS, FakeAssistant


@dataclass
class WeighingAssistant(FakeAssistant):
    """Gives every question `probability`, or its own when it has one."""

    probability: float = 0.9
    probabilities: Mapping[str, float] = field(default_factory=dict)

    def weigh(self, question: str, filters: Filters = NO_FILTERS, k: int = 8) -> Weighed:
        probability = self.probabilities.get(question, self.probability)
        return Weighed(replace(QUERY, text=question), self.hits[:k], (), {}, probability)


QUERY = Query("?", ("?",), (), "other")
