-- What an assessment knows of everybody is kept for the next to begin with, which then reads what was recorded and superseded since.

create table roster (
    run bigint not null,
    first_person bigint not null,
    district integer not null,
    rows integer not null constraint roster_rows check (rows > 0),
    content bytea not null,
    primary key (run, first_person, district)
); --! by run
create trigger roster_kept before update on roster for each row
refuse 'roster: rows of a run are not altered';
create table has_roster (
    run bigint primary key references run (run)
);
create index participation_recorded on participation (recorded);
create index participation_superseded on participation (superseded) where superseded is not null;

--! postgres
alter table roster alter column content set storage external;
grant select, insert, delete on has_roster to renshe_app;
create or replace function generation_make(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account', 'roster') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    execute format(
        'create table if not exists %I (like %I including defaults including constraints including storage, '
        'constraint %I check (run = %s)) with (autovacuum_enabled = off, toast_tuple_target = 8160)',
        own, rows_of, own || '_run', number
    );
    execute format('grant insert on %I to renshe_app', own);
end $$;
create or replace function generation_key(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account', 'roster') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    if to_regclass(own || '_pkey') is not null then
        return;
    end if;
    execute format('alter table %I add primary key (run, first_person, district)', own);
    execute format('analyze %I (run, first_person, district, rows)', own);
    execute format('revoke insert on %I from renshe_app', own);
    execute format('grant select on %I to renshe_app', own);
    execute format('alter table %I enable row level security', own);
    execute format('alter table %I force row level security', own);
    execute format(
        'create policy %I on %I using ((select sees_all()) or district = any ((select districts_seen())::integer[]))',
        own || '_district', own
    );
end $$;
create or replace function generation_drop(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account', 'roster') then
        raise exception 'run: it has no such rows' using errcode = 'RS001';
    end if;
    if rows_of <> 'roster' and exists (select 1 from run r where r.run = number and r.state in (5, 7)) and not exists (
        select 1 from cold c where c.run = number and c.kind = case rows_of when 'dues' then 1 else 2 end
    ) then
        raise exception '%: rows of a published run are not removed', rows_of using errcode = 'RS001';
    end if;
    if exists (select 1 from pg_class where oid = to_regclass(own) and relispartition) then
        execute format('alter table %I detach partition %I', rows_of, own);
    end if;
    execute format('drop table if exists %I', own);
end $$;
--! both
