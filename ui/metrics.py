"""What is counted for Prometheus: answers, their steps, requests, what was refused, the line, and what is ready.

Each application has its own registry. Several processes (`serve --workers`) add up through files in the folder that
PROMETHEUS_MULTIPROC_DIR names, which must be set before this module is imported.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from assistant.answer import Turn
from ui.api.overload import Line

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.5, 5.0, 10.0, 30.0)
STORE_FAILURES = frozenset({"store_unavailable"})
TURNED_AWAY = frozenset({"overloaded", "stopping", "too_slow", "too_many_requests"})


class Metrics:
    """The counters of one application. `line` is measured as it stands."""

    def __init__(self, line: Line) -> None:
        self._registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"assistant_elus_{name}", text, labels, registry=self._registry)

        def histogram(name: str, text: str, *labels: str) -> Histogram:
            return Histogram(f"assistant_elus_{name}", text, labels, registry=self._registry, buckets=SECONDS)

        def gauge(name: str, text: str, measure: Callable[[], int]) -> None:
            # A gauge of several processes is a number each of them writes; its name says how they add up.
            made = Gauge(f"assistant_elus_{name}", text, registry=self._registry, multiprocess_mode="livesum")
            self._live.append(lambda: made.set(measure()))

        self._live: list[Callable[[], None]] = []
        self._answers = counter("answers", "Réponses, par issue et par auteur du texte", "outcome", "composer")
        self._steps = histogram("step_seconds", "Durée de chaque étape d'une réponse", "step")
        self._tokens = counter("model_tokens", "Jetons d'un modèle de langue", "direction")
        self._requests = counter("requests", "Requêtes, par route et par statut", "method", "route", "status")
        self._durations = histogram("request_seconds", "Durée des requêtes, par route", "route")
        self._store_failures = counter("store_failures", "Écritures ou lectures que la base a refusées")
        self._turned_away = counter("turned_away", "Demandes refusées, par raison", "reason")
        gauge("questions_present", "Questions reçues et pas encore répondues", line.present)
        gauge("questions_working", "Questions en cours de calcul", line.working)
        gauge("questions_waiting", "Questions qui attendent leur tour", line.waiting)
        self._tokens_lock = threading.Lock()
        self._tokens_seen = (0, 0)

    def answered(self, turn: Turn) -> None:
        self._answers.labels(turn.reply.outcome, turn.composer).inc()
        for step, ms in turn.timings_ms.items():
            self._steps.labels(step).observe(ms / 1000)
        if any(note.code == "not_kept" for note in turn.notes):
            self._store_failures.inc()
        self._measure()

    def model_tokens(self, read: int, written: int) -> None:
        """What a language model has read and written since the start."""
        with self._tokens_lock:
            before = self._tokens_seen
            # Two answers may end together, and tell it in the wrong order.
            self._tokens_seen = max(before[0], read), max(before[1], written)
            self._tokens.labels("read").inc(self._tokens_seen[0] - before[0])
            self._tokens.labels("written").inc(self._tokens_seen[1] - before[1])

    def requested(self, method: str, route: str, status: int, seconds: float, problem: str | None) -> None:
        """`route` is a template, never an address: what is counted apart must stay few."""
        self._requests.labels(method, route, str(status)).inc()
        self._durations.labels(route).observe(seconds)
        if problem in STORE_FAILURES:
            self._store_failures.inc()
        if problem in TURNED_AWAY:
            self._turned_away.labels(problem).inc()
        self._measure()

    def text(self, standing: Mapping[str, float]) -> bytes:
        """Everything in Prometheus' text format, with what stands now beside it: a name and a number each."""
        self._measure()
        registry = self._registry
        if FOLDER in os.environ:
            registry = CollectorRegistry()
            # Untyped, alone of this library.
            cast(Any, MultiProcessCollector)(registry)
        now = CollectorRegistry()
        now.register(_Standing(standing))
        return generate_latest(registry) + generate_latest(now)

    def _measure(self) -> None:
        for measure in self._live:
            measure()


class _Standing(Collector):
    def __init__(self, standing: Mapping[str, float]) -> None:
        self._standing = standing

    def collect(self) -> Iterable[Metric]:
        return self._families()

    def _families(self) -> Iterator[Metric]:
        for name, value in self._standing.items():
            yield GaugeMetricFamily(f"assistant_elus_{name}", STANDING[name], value)


STANDING = {
    "ready": "1 quand le service peut répondre",
    "store_up": "1 quand la base des conversations répond",
    "corpus_documents": "Documents publiés",
    "corpus_passages": "Passages publiés",
    "corpus_published_timestamp_seconds": "Quand l'index a été publié",
}
