"""Files of rows: what is a row, and what is refused as none."""

from __future__ import annotations

import gzip
from pathlib import Path

from omtanke.intake.importers.report import FileReport
from omtanke.intake.importers.table import MOST_LINES, Table


def read(tmp_path: Path, content: bytes) -> tuple[list[tuple[int, list[str]]], FileReport]:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    report = FileReport("file.csv")
    with Table(path, report) as table:
        return list(table.rows()), report


def test_table_with_byte_order_mark_and_blank_lines(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b"\xef\xbb\xbfa,b\n\n1,2\n\n3,4\n")
    assert rows == [(3, ["1", "2"]), (5, ["3", "4"])]
    assert report.rows == 2


def test_table_gzipped(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, gzip.compress(b"a,b\n1,2\n"))
    assert rows == [(2, ["1", "2"])]


def test_table_cut_gzip_says_where_reading_ended(tmp_path: Path) -> None:
    rows, report = read(tmp_path, gzip.compress(b"a,b\n1,2\n")[:-8])
    assert report.refusals[0].expected == "a whole file of utf-8 text: it cannot be read beyond this line"
    assert len(rows) == report.rows


def test_row_with_cells_over_lines_keeps_the_line_count(tmp_path: Path) -> None:
    rows, _ = read(tmp_path, b'a,b\n1,"x\ny"\n2,z\n')
    assert rows == [(2, ["1", "x\ny"]), (4, ["2", "z"])]


def test_row_too_short_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b"a,b\n1\n2,z\n")
    assert rows == [(3, ["2", "z"])]
    assert str(report.refusals[0]) == "file.csv, line 2: '1'; expected 2 cells, as the header has; there are 1"


def test_row_with_an_open_quotation_mark_costs_only_itself(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b'a,b\n1,"x\n2,y\n3,z\n')
    assert rows == [(3, ["2", "y"]), (4, ["3", "z"])]
    assert (report.rows, report.refused, report.refusals[0].line) == (3, 1, 2)


def test_open_quotation_mark_far_from_the_end_costs_only_its_row(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b'a,b\n1,"x\n' + b"2,y\n" * (MOST_LINES + 10))
    assert (len(rows), report.refused) == (MOST_LINES + 10, 1)


def test_row_of_other_bytes_than_text_is_refused(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b"a,b\n1,\xff\n2,\xc3\xa5\n")
    assert rows == [(3, ["2", "å"])]
    assert str(report.refusals[0]) == r"file.csv, line 2: '1,\\udcff'; expected utf-8 text"


def test_empty_file_has_no_header_and_no_rows(tmp_path: Path) -> None:
    rows, report = read(tmp_path, b"")
    assert (rows, report.rows, report.refusals) == ([], 0, [])
