"""Names in the rows become ids: records of other targets by their names or codes, colleagues by email or name."""

from __future__ import annotations

from typing import Any

from core.imports.mapping import Mapping
from core.imports.run import Run
from core.imports.spec import Field, ImportSpec, specs


def resolve(run: Run) -> None:
    """Fill `<field>_id` of every field of this file that names a record."""
    for each in run.spec.fields:
        if run.has(each.name) and each.kind == "user":
            _resolve_users(run, each)
        elif run.has(each.name) and each.kind == "reference":
            _resolve_records(run, each, specs()[each.to])


def _resolve_users(run: Run, each: Field) -> None:
    """By email, then by full name if only one colleague bears it. Unknown ones are named once, in a note."""
    run.execute(
        f"""
        with named as (
            select lower(email) as word, id, 1 as place from core_user
            union all
            select lower(full_name), min(id), 2 from core_user where full_name <> '' group by 1 having count(*) = 1
        ), best as (
            select distinct on (word) word, id from named order by word, place
        )
        update {{stage}} s set {each.name}_id = best.id from best where best.word = lower(s.f_{each.name})
        """
    )
    if each.missing == "refuse":
        run.refuse(
            f"s.f_{each.name} is not null and s.{each.name}_id is null", "user_unknown", each.name, f"s.f_{each.name}"
        )
        return
    unknown = run.query(
        f"select f_{each.name}, count(*) from {{stage}} where f_{each.name} is not null and {each.name}_id is null "
        "group by 1 order by 2 desc, 1"
    )
    if unknown:
        run.note(
            "users_unknown",
            field=each.name,
            names=[name for name, _count in unknown[:50]],
            count=len(unknown),
            rows=sum(count for _name, count in unknown),
        )


def importer_of(run: Run) -> str:
    """SQL for the id of who imports; a job of the program itself writes for the first administrator."""
    return str(run.by.pk) if run.by.pk else "(select min(id) from core_user where role = 'administrator' and is_active)"


def keep_owners(run: Run, verb: str) -> None:
    """Without the right to hand records over, owners named in the file are not taken: new records go to the importer."""
    if run.has("owner") and not run.may(verb):
        others = run.execute(
            "update {stage} set owner_id = null where owner_id is not null and owner_id <> %s", [run.by.pk]
        )
        if others:
            run.note("owners_not_taken", rows=others)


def _resolve_records(run: Run, each: Field, spec: ImportSpec) -> None:
    """By the best column that fits; a record the person cannot see, or several that fit, refuse the row."""
    visible, params = _visible(run, spec)
    found = " union all ".join(
        f"select words.word, t.id, {place} as place from words join {spec.table} t "
        f"on lower(t.{column}) = words.word and t.{column} <> ''"
        for place, column in enumerate(spec.reference_columns)
    )
    run.execute(
        f"""
        with words as (select distinct lower(f_{each.name}) as word from {{stage}} where f_{each.name} is not null),
        found as ({found}),
        best as (select word, min(place) as place from found group by word),
        picked as (
            select f.word, count(distinct v.id) as seen, min(v.id) as id
            from found f join best b on b.word = f.word and b.place = f.place left join ({visible}) v(id) on v.id = f.id
            group by f.word
        )
        update {{stage}} s
        set {each.name}_id = case picked.seen when 1 then picked.id when 0 then -1 else -2 end
        from picked where picked.word = lower(s.f_{each.name})
        """,
        params,
    )
    value, thing = f"s.f_{each.name}", "account" if spec.target == "accounts" else "record"
    run.refuse(f"s.{each.name}_id = -1", f"{thing}_hidden", each.name, value)
    run.refuse(f"s.{each.name}_id = -2", f"{thing}_twice", each.name, value)
    unknown = f"{value} is not null and s.{each.name}_id is null"
    if each.missing == "refuse" and not _creates(run, each, spec):
        run.refuse(unknown, f"{thing}_unknown", each.name, value)
        return
    names = run.query(f"select min({value}) from {{stage}} s where {unknown} group by lower({value}) order by 1")
    if names:
        code = "records_created" if _creates(run, each, spec) else "records_unknown"
        run.note(code, field=each.name, target=spec.target, names=[name for (name,) in names[:50]], count=len(names))


def _visible(run: Run, spec: ImportSpec) -> tuple[str, list[Any]]:
    rows: Any = spec.model._default_manager
    sql, params = rows.visible_to(run.by).order_by().values("pk").query.sql_with_params()
    return sql, list(params)


def _creates(run: Run, each: Field, spec: ImportSpec) -> bool:
    wanted = each.missing == "create" or (each.may_create and each.name in run.mapping.create_missing)
    return wanted and run.may(each.create_verb or spec.add_verb)


def create_missing(run: Run) -> None:
    """Create the records that rows name and nobody bears yet, in one go for each field that allows it."""
    for each in run.spec.fields:
        if run.has(each.name) and each.kind == "reference" and _creates(run, each, specs()[each.to]):
            _create_records(run, each, specs()[each.to])


def _create_records(run: Run, each: Field, spec: ImportSpec) -> None:
    """A small run of the other target's spec, its rows taken from ours; the first row that names it gives the owner."""
    from core.imports.match import next_id
    from core.imports.write import write

    small = Run(
        spec=spec, mapping=Mapping(key="none"), table=run.table, survey={}, by=run.by, job_id=run.job_id,
        file_name=run.file_name, write=True, stage=f"{run.stage}_{each.name}", refusals=f"{run.refusals}_{each.name}",
    )  # fmt: skip
    small.create_tables()
    shared = [f"{other.name}_id" for other in spec.fields if other.kind == "user" and run.has(other.name)]
    given = {
        f"f_{theirs}": f"coalesce(f_{ours}, f_{each.name})"
        for theirs, ours in (each.creates or {}).items()
        if run.has(ours)
    }
    called = spec.reference_columns[0] if given else spec.reference_field
    columns = "".join(f", {name}" for name in (*shared, *given))
    values = "".join(f", {sql}" for sql in (*shared, *given.values()))
    small.execute(
        f"insert into {{stage}} (id, row_number, f_{called}, action{columns}) "
        f"select {next_id(run, spec)}, n.* from ("
        f"select distinct on (lower(f_{each.name})) row_number, f_{each.name}, 'create'{values} from {run.stage} "
        f"where f_{each.name} is not null and {each.name}_id is null and action in ('create', 'update') "
        f"order by lower(f_{each.name}), row_number) n"
    )
    if spec.prepare:
        spec.prepare(small)
    write(small)
    run.execute(
        f"update {{stage}} s set {each.name}_id = n.id from {small.stage} n "
        f"where s.{each.name}_id is null and lower(n.f_{called}) = lower(s.f_{each.name})"
    )
    small.drop_tables()
