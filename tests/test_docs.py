"""The documentation says what is there: files, settings, commands, and an example that runs."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from assistant.factory import open_assistant, open_library, open_store
from assistant.settings import Settings
from tests.live_server import serving
from ui.__main__ import command_line
from ui.app import create_app

ROOT = Path(__file__).parent.parent
README, CONTRIBUTING = ROOT / "README.md", ROOT / "CONTRIBUTING.md"
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
ROOT_FILES = ("Makefile", "LICENSE", "constraints.txt", "Dockerfile")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
SUFFIXES = {".py", ".md", ".toml", ".txt", ".png", ".jsonl", ".json", ".yaml", ".service"}
# Their files are alike, or are many of one thing: the folder's line says enough.
TOLD_AS_ONE = {"assistant/store/migrations", "corpus/fiches", "evals/bench", "ui/commands"}
TOLD_AS_ONE |= {f"corpus/parsers/{name}" for name in ("pdf", "office", "html")}
SETTING_LINE = re.compile(r"^\| `(ASSISTANT_ELUS_\w+)` \| (.+?) \| (.+?) \|$", re.M)


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return [body for found, body in FENCED.findall(page.read_text(encoding="utf-8")) if found == language]


def named_files(page: Path) -> list[str]:
    """What a page names in backticks that reads as a path of the repository: it has a folder or a file's suffix."""
    prose = FENCED.sub("", page.read_text(encoding="utf-8"))
    found = [name for name in IN_BACKTICKS.findall(prose) if PATH.fullmatch(name)]
    # « .md » alone is a suffix, « .venv » a folder that make makes, « __init__.py » any of them.
    found = [name for name in found if not name.startswith((".", "__"))]
    return [name for name in found if "/" in name or Path(name).suffix in SUFFIXES or name in ROOT_FILES]


def setting_lines() -> dict[str, str]:
    """The default the README's table gives for each setting, by the setting's name."""
    return {name: default for name, default, _ in SETTING_LINE.findall(README.read_text(encoding="utf-8"))}


def variable(field: str) -> str:
    return f"ASSISTANT_ELUS_{field.upper()}"


@pytest.mark.parametrize("page", [README, CONTRIBUTING], ids=lambda page: page.name)
def test_every_file_it_names_exists(page: Path) -> None:
    named = named_files(page)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("floor", ["corpus", "indexing", "assistant", "evals", "ui"])
def test_every_file_of_a_floor_has_its_line_in_the_map(floor: str) -> None:
    named = set(named_files(CONTRIBUTING))
    assert {folder for folder in TOLD_AS_ONE if f"{folder}/" not in named} == set()
    files = {path.relative_to(ROOT) for path in (ROOT / floor).rglob("*.py") if path.name != "__init__.py"}
    told_alone = {str(file) for file in files if not {str(folder) for folder in file.parents} & TOLD_AS_ONE}
    assert told_alone - named == set()


def test_every_dependency_has_its_line_with_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    wanted = {re.split(r"[^\w.-]", one)[0] for one in asked} - {project["name"]}
    table = CONTRIBUTING.read_text(encoding="utf-8").partition("## Why each dependency")[2].partition("\n## ")[0]
    first_column = " ".join(re.findall(r"^\| ([^|]+) \|", table, re.M))
    assert wanted - set(re.findall(r"[\w.-]+", first_column)) == set()


def test_the_screenshot_of_the_readme_exists() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert pictures and all((ROOT / picture).is_file() for picture in pictures)


def test_every_setting_has_its_one_line_and_no_line_names_an_unknown_one() -> None:
    told = [name for name, _, _ in SETTING_LINE.findall(README.read_text(encoding="utf-8"))]
    assert sorted(told) == sorted(variable(field) for field in Settings.model_fields)


def test_the_settings_table_gives_the_true_defaults() -> None:
    told = setting_lines()
    for name, field in Settings.model_fields.items():
        if field.default_factory is None:
            assert told[variable(name)] == _shown(field.default), name


def _shown(default: object) -> str:
    return "aucun" if default is None else f"`{default}`" if str(default) else "vide"


def test_every_command_there_is_has_its_place_in_the_readme() -> None:
    groups = re.findall(r"^ {4}([a-z]+) ", command_line().format_help(), re.M)
    named = {line.split()[1] for block in blocks(README, "sh") for line in block.splitlines() if " " in line}
    assert "serve" in groups and set(groups) - named == set()


def test_every_make_target_the_documentation_names_exists() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    pages = README.read_text(encoding="utf-8") + CONTRIBUTING.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", pages, re.M))
    assert {"serve", "test"} <= named <= set(targets)


def test_every_command_of_the_readme_is_understood() -> None:
    lines = [line for block in blocks(README, "sh") for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("assistant-elus ")]
    assert len(commands) > 5
    for command in commands:
        command_line().parse_args(shlex.split(command)[1:])


def python_of(library: str) -> str:
    """The README's example that imports from this library."""
    (found,) = (block for block in blocks(README, "python") if f"from {library} import" in block)
    return found


@pytest.fixture
def indexed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a home that holds one fiche."""
    monkeypatch.setenv("ASSISTANT_ELUS_HOME", str(tmp_path / "home"))
    open_library(Settings()).add([str(ROOT / "corpus" / "fiches" / "scic.md")], {}, lambda progress: None)
    return Settings()


@pytest.mark.integration
@pytest.mark.usefixtures("indexed")
def test_the_langchain_example_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(python_of("assistant.langchain"), "README.md", "exec"), {})
    said = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("La SCIC, société coopérative") for line in said) == 3
    assert any("50 %" in line and line.endswith("(1,)") for line in said)


@pytest.mark.integration
def test_the_openai_example_of_the_readme_runs_with_its_own_client(
    indexed: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(indexed, open_assistant(indexed), open_store(indexed), with_chat=False)
    with serving(app) as address:
        example = python_of("openai").replace("http://127.0.0.1:8000", address)
        variables: dict[str, Any] = {}
        exec(compile(example, "README.md", "exec"), variables)
        variables["client"].close()
    said = capsys.readouterr().out
    assert "50 %" in said and "[1]" in said
