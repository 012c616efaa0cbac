"""A file is read whole or refused with the way out; rows that do not fit are counted."""

from __future__ import annotations

import gzip
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from keyaccount.errors import ColumnNotFoundError, IntakeError, MissingExtra
from keyaccount.intake import read_table


def written(tmp_path: Path, content: bytes | str, name: str = "x.csv") -> Path:
    """Write a file to read."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_cells_are_read_as_text_and_blank_ones_are_missing(tmp_path: Path) -> None:
    """Cells are read as text and blank ones are missing."""
    table = read_table(written(tmp_path, 'id, amount ,note\n007,"1,234.50",\n8,x,"a ""b"""\n'))
    assert table.names == ("id", "amount", "note")
    assert table.raw("id").tolist() == ["007", "8"]
    assert table.raw("note").tolist() == [None, 'a "b"']
    assert (table.read, table.rejected, len(table)) == (2, 0, 2)


def test_a_byte_order_mark_and_windows_lines_make_no_difference(tmp_path: Path) -> None:
    """A byte order mark and windows lines make no difference."""
    table = read_table(written(tmp_path, "\ufeffid,a\r\n1,2\r\n"))
    assert table.names == ("id", "a")
    assert table.raw("a").tolist() == ["2"]


def test_ragged_rows_are_rejected_and_shown(tmp_path: Path) -> None:
    """Ragged rows are rejected and shown."""
    table = read_table(written(tmp_path, "a,b\n1,2\n3\n4,5,6\n7,8\n"))
    assert (table.read, table.rejected, len(table)) == (4, 2, 2)
    found = table.findings[0]
    assert (found.code, found.count, found.severity) == ("ragged_row", 2, "error")
    assert "line 3: 1 cells: 3" in found.examples[0]


def test_compressed_tab_separated_and_semicolon_files(tmp_path: Path) -> None:
    """Compressed tab separated and semicolon files."""
    zipped = tmp_path / "x.csv.gz"
    zipped.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    tabbed = written(tmp_path, "a\tb\n1\t2\n", "x.tsv")
    semicolons = written(tmp_path, 'a;b\n1;"1,234"\n')
    for table in (read_table(zipped), read_table(tabbed), read_table(semicolons, delimiter=";")):
        assert table.names == ("a", "b")
        assert table.raw("a").tolist() == ["1"]
    assert np.isnan(read_table(semicolons, delimiter=";").numbers("b")[0]).all()


def test_chinese_exports_can_be_read_once_their_encoding_is_stated(tmp_path: Path) -> None:
    """Chinese exports can be read once their encoding is stated."""
    path = written(tmp_path, "客户,行业\n甲,零售\n".encode("gb18030"))
    with pytest.raises(IntakeError, match="not UTF-8"):
        read_table(path)
    assert read_table(path, encoding="gb18030").raw("行业").tolist() == ["零售"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b" , \n1,2\n", "has no header"),
        (b"a,a\n1,2\n", "more than one column is named 'a'"),
        (b"a, a\n1,2\n", "more than one column is named 'a'"),
        (b"a;b\n1;2\n", "separated by ';'"),
        (b'"a\nb",c\n1,2\n', "line break"),
        (b"a,b\n\xe9,2\n", "not UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "not UTF-8"),
    ],
)
def test_files_that_cannot_be_read_are_refused(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    """Files that cannot be read are refused."""
    with pytest.raises(IntakeError, match=problem) as caught:
        read_table(written(tmp_path, content))
    assert str(caught.value).startswith("x.csv: ")
    assert "Hint: " in str(caught.value)


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    """A header alone is a table without rows."""
    assert len(read_table(written(tmp_path, "a,b\n"))) == 0


def test_columns_without_a_name_are_left_out_and_told(tmp_path: Path) -> None:
    """Columns without a name are left out and told."""
    table = read_table(written(tmp_path, "a,,b,\n1,2,3,4\n"))
    assert table.raw("b").tolist() == ["3"]
    assert (table.findings[0].code, table.findings[0].count) == ("unnamed_column", 2)


def test_a_quote_that_is_never_closed_is_told(tmp_path: Path) -> None:
    """A quote that is never closed is told."""
    table = read_table(written(tmp_path, 'a,b\n1,"2\n3,4\n5,6\n'))
    assert table.findings[0].code == "line_break"


def test_a_missing_file_names_its_neighbours(tmp_path: Path) -> None:
    """A missing file names its neighbours."""
    written(tmp_path, "a\n1\n", "accounts.csv")
    with pytest.raises(IntakeError, match=r"accounts\.csv"):
        read_table(tmp_path / "acounts.csv")
    with pytest.raises(IntakeError, match="no such file"):
        read_table(tmp_path / "nowhere" / "x.csv")


def test_other_kinds_of_file_are_refused(tmp_path: Path) -> None:
    """Other kinds of file are refused."""
    with pytest.raises(IntakeError, match="neither CSV nor Parquet"):
        read_table(written(tmp_path, "x", "x.xlsx"))
    with pytest.raises(IntakeError, match="cannot be read"):
        read_table(written(tmp_path, "x", "x.parquet"))


def test_parquet_files_and_folders_keep_their_types(tmp_path: Path) -> None:
    """Parquet files and folders keep their types."""
    table = pa.table({" id ": ["a", None], "n": [1.5, None], "d": [date(2026, 1, 1)] * 2})
    (tmp_path / "parts").mkdir()
    pq.write_table(table, tmp_path / "parts" / "0.parquet")
    pq.write_table(table, tmp_path / "parts" / "1.parquet")
    one, many = read_table(tmp_path / "parts" / "0.parquet"), read_table(tmp_path / "parts")
    assert (one.read, many.read) == (2, 4)
    assert one.raw("id").tolist() == ["a", None]
    assert one.numbers("n")[0][0] == 1.5
    assert one.dates("d")[0].astype(str).tolist() == ["2026-01-01"] * 2


def test_a_column_that_is_not_there_names_the_closest(tmp_path: Path) -> None:
    """A column that is not there names the closest."""
    table = read_table(written(tmp_path, "amount\n1\n"))
    with pytest.raises(ColumnNotFoundError, match="'amount'"):
        table.numbers("amout")


def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without pyarrow the extra is named."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"keyaccount\[cli\]"):
        read_table(written(tmp_path, "a\n1\n"))
