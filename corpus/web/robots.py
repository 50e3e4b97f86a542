"""What a site asks of robots: which pages to leave alone, and how long to wait between two requests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MOST_FETCHED = 5_000_000
_MOST_READ = 512_000  # RFC 9309 asks for 500 KiB at least; what follows is not read
MAX_CRAWL_DELAY = 10.0
_KEPT = 86_400.0
_KEPT_UNREACHABLE = 600.0


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """The rules of one site for one agent. When the site could not say (`reachable` is False), nothing is allowed."""

    agent: str
    reachable: bool = True
    parsed: Any = None  # protego's; None when the site has no rules

    def allows(self, url: str) -> bool:
        if self.parsed is None:
            return self.reachable
        return bool(self.parsed.can_fetch(url, self.agent))

    @property
    def delay(self) -> float:
        """Seconds the site asks for between two requests, as far as we follow it."""
        asked = self.parsed.crawl_delay(self.agent) if self.parsed is not None else None
        return min(max(float(asked or 0), 0.0), MAX_CRAWL_DELAY)


def read_robots(raw: bytes, agent: str) -> RobotsRules:
    """Read a robots.txt. `agent` is our product name, without its version."""
    from protego import Protego

    try:
        return RobotsRules(agent, parsed=Protego.parse(raw[:_MOST_READ].decode("utf-8", errors="replace")))
    except Exception:
        # The one place where the library meets a stranger's file: rules nobody can read allow nothing.
        return RobotsRules(agent, reachable=False)


@dataclass(slots=True)
class RobotsCache:
    """The rules of each site visited: a day, or ten minutes when it could not say."""

    clock: Callable[[], float]
    kept: dict[str, tuple[float, RobotsRules]] = field(default_factory=dict)

    def get(self, site: str) -> RobotsRules | None:
        until, rules = self.kept.get(site, (0.0, None))
        return rules if rules is not None and self.clock() < until else None

    def put(self, site: str, rules: RobotsRules) -> None:
        self.kept[site] = (self.clock() + (_KEPT if rules.reachable else _KEPT_UNREACHABLE), rules)
