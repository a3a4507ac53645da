"""Tables for research: opened with pandas and by hand, compared with the sessions themselves."""

import csv
import io
import json
from collections import Counter

import pandas as pd
import pytest

from formcheck.session.document import Signature
from tests.export.given import EVERY, restarted, run, steered, unknown, with_session, with_set
from tests.export.whole import csv_files, export_files, parquet_files
from tests.kept import BEGAN, PERSON, kept

TABLES = ("sessions", "sets", "repetitions")


def opened(files, name):
    return pd.read_csv(io.BytesIO(files[f"{name}.csv"]))


def cells(files, name):
    """Header and rows as texts."""
    return list(csv.DictReader(io.StringIO(files[f"{name}.csv"].decode("utf-8"), newline=""), strict=True))


def codebook():
    return pd.read_csv(io.BytesIO(csv_files([])["codebook.csv"]), keep_default_na=False)


def test_the_rows_are_those_of_the_sessions():
    given = [make() for make in EVERY.values()]
    files = csv_files(given)
    sets = [one for each in given for one in each.session.sets]
    assert len(opened(files, "sessions")) == len(given)
    assert len(opened(files, "sets")) == len(sets)
    assert len(opened(files, "repetitions")) == sum(len(one.reps) + len(one.taken_back) for one in sets)


def test_a_session_in_numbers():
    files = csv_files([kept(is_signed=True)])
    (row,) = cells(files, "sessions")
    assert row["person"] == PERSON
    assert row["started_at"] == "2026-11-02T07:30:00+00:00"
    assert (row["pain_before_nprs"], row["pain_after_nprs"]) == ("3", "2")
    assert (row["camera_width_px"], row["camera_fps"], row["is_mirrored"]) == ("1280", "30.0", "false")
    assert (row["signed_by"], row["state"]) == ("clinician", "signed")
    first, second, third = cells(files, "sets")
    assert (first["exercise"], second["exercise"], third["exercise"]) == ("dead-bug", "bird-dog", "glute-bridge")
    assert (third["clean_reps"], third["faulty_reps"], third["not_judged_reps"]) == ("0", "1", "2")
    assert (second["target_hold_s"], second["effort_cr10"], third["fault_reps"]) == ("2.0", "4", "short-hold=1")


def test_the_repetitions_carry_what_the_coach_told_and_what_is_held_now():
    one = kept(is_amended=True)
    rows = cells(csv_files([one]), "repetitions")
    reps = [rep for each in one.session.sets for rep in each.reps]
    for row, rep in zip(rows, reps, strict=True):
        assert row["back_change_deg"] == ("" if rep.back_deg is None else str(rep.back_deg))
        assert (row["verdict"], row["start_s"]) == (rep.verdict, str(rep.start_s))
    (amended,) = [row for row in rows if row["is_amended"] == "true"]
    assert (amended["verdict"], amended["faults"]) == ("clean", "")
    assert (amended["coach_verdict"], amended["coach_faults"]) == ("faulty", "low-back-arch")
    assert (amended["amended_by"], amended["amended_at"]) == ("clinician", "2026-11-02T08:30:00+00:00")
    others = [row for row in rows if row is not amended]
    assert all((row["coach_verdict"], row["coach_faults"]) == (row["verdict"], row["faults"]) for row in others)
    assert not any(row["amended_by"] for row in others)


def test_what_was_taken_back_or_thrown_away_is_there_and_marked():
    files = csv_files([restarted()])
    taken = [row for row in cells(files, "repetitions") if row["is_counted"] == "false"]
    assert [(row["exercise"], row["rep"], row["is_amended"]) for row in taken] == [("dead-bug", "1", "true")]
    first, second, third = cells(files, "sets")
    assert [row["outcome"] for row in (first, second, third)] == ["done", "restarted", "done"]
    assert (first["reps"], first["taken_back_reps"], first["target_reps"]) == ("5", "1", "12")
    assert json.loads(first["settings"]) == {"arch_deg": 14, "out_min_s": 1.25}
    assert second["settings"] == ""


def test_what_somebody_added_or_changed_says_so_and_claims_no_measurement():
    files = csv_files([steered()])
    (added,) = [row for row in cells(files, "repetitions") if row["is_added"] == "true"]
    assert (added["rep"], added["is_counted"], added["is_amended"]) == ("-1", "true", "true")
    assert (added["verdict"], added["faults"], added["side"]) == ("faulty", "low-back-arch", "left")
    assert (added["coach_verdict"], added["coach_faults"], added["coach_side"]) == ("", "", "")
    measured = ("start_s", "peak_s", "end_s", "hold_s", "reach_share", "back_change_deg")
    assert [added[name] for name in measured] == [""] * len(measured)
    assert (added["amended_by"], added["amended_at"]) == ("clinician 1", "2026-11-02T07:30:00+00:00")
    first, second, _ = cells(files, "sets")
    assert (first["added_reps"], second["added_reps"], first["taken_back_reps"]) == ("1", "0", "0")
    assert int(first["reps"]) == len([r for r in cells(files, "repetitions") if r["set_id"] == first["set_id"]])
    assert json.loads(first["settings_changed"]) == {"reach_hip_deg": 120.0, "reps": 8.0}
    assert first["settings_changed_by"] == "clinician 1;clinician 2"
    assert first["settings_changed_at"] == "2026-11-02T07:30:00+00:00"
    assert (first["target_reps"], second["settings_changed"]) == ("8", "")


def test_what_was_not_seen_is_in_seconds():
    (row,) = cells(csv_files([run()]), "sets")
    assert (row["unseen_s"], row["unseen_parts"], row["reps"]) == ("3.5", "feet", "0")
    assert json.loads(row["measured"]) == {"Cadence": "168 steps/min"}


def test_unknown_is_empty_and_never_nought():
    files = csv_files([unknown()])
    (row,) = cells(files, "sessions")
    empty = {"person", "started_at", "ended_at", "pain_before_nprs", "pain_after_nprs", "app_version", "camera_fps"}
    assert {row[name] for name in empty} == {""}
    (one,) = cells(files, "sets")
    assert (one["effort_cr10"], one["started_at"], one["judged_share_head"]) == ("", "", "")
    assert one["clean_reps"] == "0"
    assert {rep["back_change_deg"] for rep in cells(files, "repetitions")} == {""}
    (row,) = cells(csv_files([kept(pain=(0, None))]), "sessions")
    assert (row["pain_before_nprs"], row["pain_after_nprs"]) == ("0", "")


@pytest.mark.parametrize("name", TABLES)
def test_the_codebook_has_every_column_and_no_other(name):
    book = codebook()
    table = opened(csv_files([kept()]), name)
    assert list(book[book["table"] == name]["column"]) == list(table.columns)
    assert set(book["table"]) == set(TABLES)
    assert (book["meaning"].str.len() > 5).all()


def test_the_types_are_those_of_the_codebook():
    given = [make() for make in EVERY.values()]
    files = csv_files(given)
    for entry in codebook().itertuples():
        column = opened(files, entry.table)[entry.column].dropna()
        if column.empty:
            continue
        if entry.type in ("integer", "number"):
            assert pd.api.types.is_numeric_dtype(column), entry
        if entry.type == "integer":
            assert (column == column.round()).all(), entry
        if entry.type == "boolean":
            assert set(column) <= {True, False}, entry
        if entry.type == "time":
            assert pd.to_datetime(column, format="ISO8601").dt.tz is not None, entry


def test_a_unit_that_a_name_ends_with_is_that_of_the_codebook():
    units = {
        "s": "s",
        "deg": "deg",
        "px": "pixels",
        "tl": "torso lengths",
        "share": "share",
        "fps": "1/s",
        "at": "ISO 8601",
    }
    for entry in codebook().itertuples():
        ending = entry.column.rsplit("_", 1)[-1]
        if ending in units and "_" in entry.column:
            assert entry.unit == units[ending], entry.column
        if entry.type == "number":
            assert entry.unit, entry.column


def test_cells_that_a_spreadsheet_would_run_are_texts():
    hostile = ("=cmd()", "+SUM(A1)", "-2+3", "@SUM", "\tx", "\rx", "＝1")
    for text in hostile:
        one = kept(is_amended=True).model_copy(
            update={"station": text, "signatures": (Signature(by=text, utc=BEGAN, sha256="ab" * 32),)}
        )
        one = one.model_copy(update={"amended": (one.amended[0].model_copy(update={"by": text}),)})
        files = csv_files([one])
        (row,) = cells(files, "sessions")
        assert row["station"] == row["signed_by"] == f"'{text}"
        assert f"'{text}" in {rep["amended_by"] for rep in cells(files, "repetitions")}
        assert opened(files, "repetitions")["back_change_deg"].min() < 0  # a number stays one
        read = pd.read_parquet(io.BytesIO(parquet_files([one])["sessions.parquet"]))
        assert read["station"][0] == f"'{text}"


def test_quotes_commas_and_lines_in_a_text_stay_in_their_cell():
    text = 'the "old", one\nby the\r\nwindow; ä 漢'
    files = csv_files([kept().model_copy(update={"station": text})])
    (row,) = cells(files, "sessions")
    assert row["station"] == text
    assert opened(files, "sessions")["person"][0] == PERSON
    lines = csv_files([kept()])["sessions.csv"]
    assert lines.count(b"\r\n") == lines.count(b"\n") == 2
    assert not lines.startswith(b"\xef\xbb\xbf")


def test_what_people_typed_is_written_only_where_it_is_asked_for():
    one = kept(is_amended=True)
    one = one.model_copy(update={"amended": (one.amended[0].model_copy(update={"why": "Mrs Smith moved"}),)})
    formats = ("csv", "parquet", "fhir")
    assert not any(b"Smith" in content for content in export_files([one], formats).values())
    asked = export_files([one], formats, is_with_notes=True)
    assert b"Smith" in asked["repetitions.csv"]
    assert b"Smith" in asked["fhir-bundle.json"]
    assert "amended_why" in pd.read_parquet(io.BytesIO(asked["repetitions.parquet"])).columns
    book = pd.read_csv(io.BytesIO(asked["codebook.csv"]))
    assert list(book[book["table"] == "repetitions"]["column"]) == list(opened(asked, "repetitions").columns)


@pytest.mark.parametrize("name", TABLES)
def test_parquet_is_read_back_as_the_csv(name):
    given = [make() for make in EVERY.values()]
    typed = pd.read_parquet(io.BytesIO(parquet_files(given)[f"{name}.parquet"]))
    texts = cells(csv_files(given), name)
    assert list(typed.columns) == list(texts[0])
    kinds = codebook().set_index(["table", "column"])["type"]
    for column in typed.columns:
        for value, text in zip(typed[column], (row[column] for row in texts), strict=True):
            if text == "":
                assert pd.isna(value), column
            elif kinds[name, column] == "time":
                assert value == pd.Timestamp(text), column
            elif kinds[name, column] == "boolean":
                assert str(bool(value)).lower() == text, column
            elif kinds[name, column] == "text":
                assert value == text, column
            else:
                assert float(value) == float(text), column


def test_parquet_says_unit_and_meaning_of_each_column():
    from pyarrow import parquet

    schema = parquet.read_schema(io.BytesIO(parquet_files([kept()])["sets.parquet"]))
    book = codebook().set_index(["table", "column"])
    for field in schema:
        assert field.metadata[b"unit"].decode() == book.loc[("sets", field.name), "unit"]
        assert field.metadata[b"meaning"].decode() == book.loc[("sets", field.name), "meaning"]


def test_two_exports_are_the_same_bytes():
    formats = ("csv", "parquet", "fhir")
    files = export_files([make() for make in EVERY.values()], formats)
    assert files == export_files((make() for make in EVERY.values()), formats)
    assert set(files) == {"codebook.csv", "fhir-bundle.json", *(f"{t}.{k}" for t in TABLES for k in ("csv", "parquet"))}


def test_more_sessions_than_are_written_at_once_are_all_written_in_their_order():
    """Each with an id of its own, the same person: the patient is in the bundle once."""
    one = kept()
    given = [with_session(one, session_id=f"{i:032x}") for i in range(250)]
    files = export_files(given, ("csv", "parquet", "fhir"))
    wanted = [each.session.session_id for each in given]
    assert [row["session_id"] for row in cells(files, "sessions")] == wanted
    assert list(pd.read_parquet(io.BytesIO(files["sessions.parquet"]))["session_id"]) == wanted
    bundle = json.loads(files["fhir-bundle.json"])
    kinds = Counter(entry["resource"]["resourceType"] for entry in bundle["entry"])
    assert (kinds["Patient"], kinds["Device"], kinds["Procedure"]) == (1, 1, 250)


def test_a_time_without_an_offset_is_utc():
    naive = with_session(kept(), started_utc=BEGAN.replace(tzinfo=None))
    (row,) = cells(csv_files([naive]), "sessions")
    assert row["started_at"] == "2026-11-02T07:30:00+00:00"


def test_seconds_that_were_lost_twice_at_once_count_once():
    one = run()
    span = one.session.sets[0].unseen_spans[0]
    hand = span.model_copy(update={"part": "arms", "start_s": 4.0, "end_s": 7.0})
    (row,) = cells(csv_files([with_set(one, 0, unseen_spans=(span, hand))]), "sets")
    assert row["unseen_s"] == "5.0"
