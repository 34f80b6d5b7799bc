"""Insert and update, set by set. A row that would change nothing is not touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.utils import timezone

from core.imports.match import value_of, written_fields
from core.imports.resolve import create_missing
from core.imports.run import Run, copy_rows
from core.imports.values import array_literal
from core.search import search_columns
from core.users import as_row

SEARCH_COLUMNS = tuple(search_columns("a"))
CHUNK = 10_000


def write(run: Run) -> None:
    """Carry out the actions the rows were given, then the spec's own records, then the trail."""
    create_missing(run)
    run.execute("analyze {stage} (row_number, id, action)")
    actions = {action for (action,) in run.query("select distinct action from {stage}")}
    if run.spec.search_names and not actions.isdisjoint({"create", "update"}):
        run.progress("names", 0)
        _fill_search(run)
    run.progress("writing", 0)
    if "create" in actions:
        _insert(run)
        _tell_planner(run)  # before the update joins the table
    if "update" in actions:
        _update(run)
    run.progress("linking", 0)
    if run.spec.finish:
        run.spec.finish(run)
    run.progress("linking", run.counts["rows"])
    if run.spec.audit_rows:
        _leave_trail(run)
    if run.spec.search_names:
        run.execute(f"drop table if exists {_search_table(run)}")


def _tell_planner(run: Run) -> None:
    """After many new rows the table's statistics are of yesterday; joins planned by them would take minutes."""
    if run.query("select count(*) > 500 from {stage} where action = 'create'")[0][0]:
        columns = ", ".join(
            each.column for each in run.spec.model._meta.concrete_fields if each.column not in SEARCH_COLUMNS
        )
        run.execute(f"analyze {run.spec.table} ({columns})")
        # What waits in the lists of the search indexes would be read through by every search until the next vacuum.
        run.query(
            "select gin_clean_pending_list(i.indexrelid::regclass) from pg_index i join pg_class c on c.oid = i.indexrelid "
            "join pg_am a on a.oid = c.relam where a.amname = 'gin' and i.indrelid = %s::regclass",
            [run.spec.table],
        )


def _fill_search(run: Run) -> None:
    """What search needs of every new or renamed record, worked out here because SQL knows no pinyin."""
    search = _search_table(run)
    run.execute(f"drop table if exists {search}")
    run.execute(
        f"create unlogged table {search} (row_number int primary key, "
        + ", ".join(f"{name} text{'[]' if name == 'search_grams' else ''}" for name in SEARCH_COLUMNS)
        + ")"
    )
    names = [next(each for each in run.spec.fields if each.column == column) for column in run.spec.search_names]
    if any(run.has(each.name) for each in names):
        actions = "('create', 'update')"
    else:
        actions = "('create')"
    values = ", ".join(f"coalesce({value_of(run, each)}, t.{each.column}, '')" for each in names)
    run.execute("create index on {stage} (row_number) where action in ('create', 'update')")
    last = done = 0
    while True:
        rows = run.query(
            f"select s.row_number, {values} from {{stage}} s left join {run.spec.table} t on t.id = s.id "
            f"where s.action in {actions} and s.row_number > %s order by s.row_number limit {CHUNK}",
            [last],
        )
        if not rows:
            break
        copy_rows(search, ["row_number", *SEARCH_COLUMNS], [_search_row(run, *row) for row in rows])
        last = rows[-1][0]
        done += len(rows)
        run.progress("names", done)
    run.execute(f"analyze {search} (row_number)")


def _search_table(run: Run) -> str:
    return f"{run.stage}_search"


def _search_row(run: Run, number: int, *names: str) -> list[Any]:
    columns = search_columns(*names, person=run.spec.names_a_person)
    return [number, *(array_literal(value) if isinstance(value, list) else value for value in columns.values())]


def _insert(run: Run) -> None:
    """One INSERT … SELECT: what the rows say, else the spec's defaults, else the model's."""
    said = {each.column: value_of(run, each) for each in run.spec.fields if each.column}
    defaults = dict(run.spec.defaults(run)) if run.spec.defaults else {}
    columns: dict[str, str] = {}
    params: list[Any] = []
    for each in run.spec.model._meta.concrete_fields:
        name = each.column
        if isinstance(each, models.GeneratedField):
            continue
        if name == "id":
            columns[name] = "s.id"
        elif name in SEARCH_COLUMNS and run.spec.search_names:
            columns[name] = f"coalesce(w.{name}, {_empty(each)})"
        elif name in defaults:
            columns[name] = f"coalesce({said[name]}, {defaults[name]})" if name in said else str(defaults[name])
        else:
            default, values = _default(each)
            params += values
            columns[name] = f"coalesce({said[name]}, {default})" if name in said else default
    search = f"left join {_search_table(run)} w on w.row_number = s.row_number" if run.spec.search_names else ""
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    run.execute(
        f"insert into {run.spec.table} ({quoted}) select {', '.join(columns.values())} from {{stage}} s {search} "
        "where s.action = 'create' order by s.row_number",
        params,
    )


def insert_rows(
    run: Run, model: type[models.Model], said: Mapping[str, str], source: str, params: Sequence[Any] = ()
) -> int:
    """Insert rows of another model set-based: `said` is column → SQL, every other column gets the model's own default.

    `source` is what comes after SELECT …: the FROM with its conditions. `params` are those of `said`, then of `source`.
    """
    columns, values = dict(said), []
    for each in model._meta.concrete_fields:
        if each.column not in columns and not each.primary_key and not isinstance(each, models.GeneratedField):
            default, given = _default(each)
            columns[each.column] = default
            values += given
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    count = sum(sql.count("%s") for sql in said.values())
    return run.execute(
        f"insert into {model._meta.db_table} ({names}) select {', '.join(columns.values())} {source}",
        [*params[:count], *values, *params[count:]],
    )


def _empty(each: models.Field[Any, Any]) -> str:
    return "'{}'" if each.get_internal_type() == "ArrayField" else "''"


def _default(each: models.Field[Any, Any]) -> tuple[str, list[Any]]:
    if getattr(each, "auto_now", False) or getattr(each, "auto_now_add", False):
        return "now()", []
    if each.get_internal_type() == "ArrayField":
        return "'{}'", []
    if each.has_default():
        return "%s", [each.get_db_prep_save(each.get_default(), connection)]
    if not each.null and each.empty_strings_allowed:
        return "''", []
    return "null", []


def _update(run: Run) -> None:
    fields = written_fields(run)
    sets = [f"{each.column} = coalesce({value_of(run, each)}, t.{each.column})" for each in fields]
    columns = {each.column for each in run.spec.model._meta.concrete_fields}
    if "version" in columns:
        sets.append("version = t.version + 1")
    if "updated_at" in columns:
        sets.append("updated_at = now()")
    joins = ""
    renames = run.spec.search_names and any(each.column in run.spec.search_names for each in fields)
    if renames:
        sets += [f"{name} = w.{name}" for name in SEARCH_COLUMNS]
        joins = f"join {_search_table(run)} w on w.row_number = s.row_number"
    if sets:
        run.execute(
            f"update {run.spec.table} t set {', '.join(sets)} from {{stage}} s {joins} "
            "where s.action = 'update' and t.id = s.id"
        )


def _leave_trail(run: Run) -> None:
    """One audit line for each record created or updated, naming the import."""
    actor = as_row(run.by)
    name = f"t.{run.spec.search_names[0]}" if run.spec.search_names else "''"
    run.execute(
        f"""
        insert into core_auditevent (at, actor_id, code, target_type, target_id, account_id, details)
        select %s, %s, case s.action when 'create' then 'imports.record_created' else 'imports.record_updated' end,
               %s, s.id, {run.spec.account_column or "null"},
               jsonb_build_object('import', %s::bigint, 'row', s.row_number, 'file', %s::text, 'name', {name})
        from {{stage}} s join {run.spec.table} t on t.id = s.id where s.action in ('create', 'update') order by s.row_number
        """,
        [timezone.now(), actor.pk if actor else None, run.spec.model._meta.label_lower, run.job_id, run.file_name],
    )
