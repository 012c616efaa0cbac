"""The notebooks run from top to bottom, without a word on stderr, and are kept without outputs."""

from __future__ import annotations

from pathlib import Path

import nbclient
import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: str(path.stem))
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    """Read a notebook."""
    found: nbformat.NotebookNode = nbformat.read(request.param, as_version=4)  # type: ignore[no-untyped-call]
    return found


def test_there_are_notebooks() -> None:
    """There are three."""
    assert [path.stem for path in NOTEBOOKS] == [
        "deals-and-review",
        "key-accounts",
        "programme-and-review",
    ]


def test_a_notebook_is_kept_without_outputs(notebook: nbformat.NotebookNode) -> None:
    """What is kept is what somebody wrote: no outputs, no counts."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_a_notebook_runs(notebook: nbformat.NotebookNode, tmp_path: Path) -> None:
    """Every cell runs, warns of nothing, and every figure is shown."""
    client = nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        told = [o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr"]
        assert told == [], cell.source
    for cell in cells:
        if "plots." in cell.source and "import" not in cell.source:
            assert any("image/png" in o.get("data", {}) for o in cell.outputs), cell.source
