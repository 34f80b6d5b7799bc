"""Rows find the records they are about, and each gets its action."""

from __future__ import annotations

from typing import Any

from django.db import connection, models

from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, Key


def match(run: Run) -> None:
    """Give every row that is not refused its action: create, update, same, skip or repeated."""
    key = run.spec.key(run.mapping.key)
    if key is not None:
        _find(run, key)
        _notice_repeats(run, key)
        _refuse_out_of_scope(run)
    if run.spec.check:
        run.spec.check(run)
    for name in run.spec.unique:
        if run.has(name):
            _refuse_taken(run, run.spec.field(name))
    _refuse_missing(run)
    _judge(run)


def written_fields(run: Run) -> list[Field]:
    """Fields of this file that are written to a column of the record itself."""
    return [each for each in run.spec.fields if each.column and (run.has(each.name) or each.name in run.derived)]


def compared_fields(run: Run) -> list[Field]:
    """Those in which a row may differ from the record that is here."""
    return [each for each in written_fields(run) if not each.initial]


def model_field(run: Run, column: str) -> models.Field[Any, Any]:
    """The model's field behind a database column."""
    return next(each for each in run.spec.model._meta.concrete_fields if each.column == column)


def value_of(run: Run, each: Field) -> str:
    """SQL for what a row (alias s) says about a field, in the type of the field's database column."""
    source = f"s.{each.name}_id" if each.is_reference else f"s.f_{each.name}"
    target = model_field(run, each.column)
    kind = "bigint" if isinstance(target, models.ForeignKey) else target.db_type(connection)
    return f"{source}::{kind}"


def _find(run: Run, key: Key) -> None:
    """Rows without a key are refused, rows whose key fits several records too."""
    fields = [run.spec.field(name) for name in key.parts]
    for each in fields:
        run.refuse(f"s.f_{each.name} is null", "key_empty", each.name)
    run.execute(
        f"""
        with pairs (row_number, id) as ({key.pairs or _pairs(run, key)}),
        picked as (select row_number, min(id) as id, count(distinct id) as fits from pairs group by 1)
        update {{stage}} s set id = picked.id, action = case when fits > 1 then 'many' end
        from picked where picked.row_number = s.row_number
        """
    )
    run.refuse("s.action = 'many'", "key_twice", fields[0].name, f"s.f_{fields[0].name}")


def _pairs(run: Run, key: Key) -> str:
    conditions = []
    for each in map(run.spec.field, key.parts):
        if each.is_reference:
            conditions.append(f"t.{each.column} is not distinct from s.{each.name}_id")
        elif each.staging_type == "text" and not key.exact:
            conditions.append(f"lower(t.{each.column}) = lower(s.f_{each.name})")
        else:
            conditions.append(f"t.{each.column} = s.f_{each.name}")
    return f"select s.row_number, t.id from {{stage}} s join {run.spec.table} t on {' and '.join(conditions)}"


def _notice_repeats(run: Run, key: Key) -> None:
    """The same record once more in the file: the same values are counted as repeated, other values are refused."""
    parts = ", ".join(f"lower(s.f_{name}::text)" for name in key.parts)
    word = f"coalesce(s.id::text, {parts if len(key.parts) == 1 else f'row({parts})::text'})"
    names = [each.name for each in run.spec.fields if run.has(each.name)]
    mine, first = (", ".join(f"{alias}.f_{name}" for name in names) for alias in ("s", "f"))
    run.execute(
        f"""
        with keyed as (
            select s.row_number, {word} as word from {{stage}} s
            where not exists (select 1 from {{refusals}} r where r.row_number = s.row_number)
        ), several as (
            select word, min(row_number) as first from keyed group by word having count(*) > 1
        )
        update {{stage}} s
        set action = case when row({mine}) is distinct from row({first}) then 'differs:' || f.row_number else 'repeated' end
        from keyed join several using (word) join {{stage}} f on f.row_number = several.first
        where s.row_number = keyed.row_number and keyed.row_number > several.first
        """
    )
    run.refuse("s.action like 'differs:%%'", "repeated_differently", key.parts[0], "split_part(s.action, ':', 2)")


def _refuse_out_of_scope(run: Run) -> None:
    """A record that exists but that the person may not see is neither changed nor doubled."""
    rows: Any = run.spec.model._default_manager
    if run.by.is_system or not hasattr(rows, "visible_to"):
        return
    visible, params = rows.visible_to(run.by).values("pk").query.sql_with_params()
    unseen = f"s.id is not null and not exists (select 1 from ({visible}) v (id) where v.id = s.id)"
    run.refuse(unseen, "out_of_scope", params=list(params))


def _refuse_taken(run: Run, each: Field) -> None:
    """A value that stands once must not belong to another record, nor to an earlier row about another one."""
    value = f"s.f_{each.name}"
    run.refuse(
        f"{value} is not null and exists (select 1 from {run.spec.table} t where t.{each.column} = {value} "
        "and t.id is distinct from s.id)",
        "code_taken",
        each.name,
        value,
    )
    if not run.mapping.key or each.name not in _key_fields(run):
        run.refuse(
            f"s.row_number in (select row_number from (select row_number, row_number() over (partition by f_{each.name} "
            f"order by row_number) as place from {{stage}} where action is null and f_{each.name} in (select f_{each.name} "
            f"from {{stage}} where action is null group by 1 having count(*) > 1)) copies where place > 1)",
            "code_repeated",
            each.name,
            value,
        )


def _key_fields(run: Run) -> tuple[str, ...]:
    key = run.spec.key(run.mapping.key)
    return key.parts if key else ()


def _refuse_missing(run: Run) -> None:
    """Required fields must have a value in every row that creates a record."""
    for each in run.spec.fields:
        if each.required:
            missing = f"s.id is null and s.f_{each.name} is null"
            if run.joins_lines:  # cells that were refused themselves are empty here
                missing += f" and not exists (select 1 from {{refusals}} r where r.row_number = s.row_number and r.field = '{each.name}')"
            run.refuse(missing, "required", each.name)


def _judge(run: Run) -> None:
    """One update for all rows that stay; a run gives new records their ids at once."""
    run.execute(
        "update {stage} s set action = 'refused' where exists (select 1 from {refusals} r where r.row_number = s.row_number)"
    )
    facts = run.spec.append_only
    may_edit = run.mapping.existing == "update" and (facts or run.may(run.spec.edit_verb))
    if may_edit and run.query("select exists (select 1 from {stage} where action is null and id is not null)")[0][0]:
        _notice_changes(run)
        if facts:
            _refuse_changed_facts(run)
    new_id = f"coalesce(id, {next_id(run, run.spec)})" if run.write else "id"
    known = "case when changed then 'update' else 'same' end" if may_edit else "'skip'"
    run.execute(
        f"update {{stage}} set action = case when id is null then 'create' else {known} end, id = {new_id} where action is null"
    )


def next_id(run: Run, spec: ImportSpec) -> str:
    """SQL for the next id of a target's table. The sequence is looked up here: asked once a row that takes longer than all else."""
    sequence = run.query("select pg_get_serial_sequence(%s, 'id')", [spec.table])[0][0]
    return f"nextval('{sequence}'::regclass)"


def _refuse_changed_facts(run: Run) -> None:
    """What is on the books stays: rows that would change it are refused, each with the fields that differ."""
    marked = "s.action is null and s.changed and s.id is not null"
    for each in compared_fields(run):
        value, column = value_of(run, each), f"t.{each.column}"
        run.execute(
            "insert into {refusals} (row_number, field, code, value) "
            f"select s.row_number, %s, %s, left({column}::text, 200) from {{stage}} s join {run.spec.table} t on t.id = s.id "
            f"where {marked} and {value} is not null and {value} is distinct from {column}",
            [each.name, "fact_elsewhere" if each.is_reference else "fact_differs"],
        )
    run.refuse(f"{marked} and s.row_number not in (select row_number from {{refusals}})", "fact_elsewhere")
    run.execute("update {stage} s set action = 'refused' where " + marked)


def _notice_changes(run: Run) -> None:
    differences = [
        f"({value_of(run, each)} is not null and t.{each.column} is distinct from {value_of(run, each)})"
        for each in compared_fields(run)
    ]
    if differences:
        run.execute(
            f"update {{stage}} s set changed = true from {run.spec.table} t "
            f"where s.action is null and t.id = s.id and ({' or '.join(differences)})"
        )
    if run.spec.compare:
        run.spec.compare(run)
