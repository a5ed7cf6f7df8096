-- Several employers may insure one person in one scheme at once, and each is charged: dues, differences and refusals are kept
-- apart by the employer too, 0 where the person pays alone.

--! sqlite
alter table dues rename to dues_before;
create table dues (
    run bigint not null,
    person bigint not null,
    scheme smallint not null,
    category smallint not null,
    -- 0 where the person pays alone.
    employer bigint not null,
    district integer not null,
    base bigint not null,
    employer_due bigint not null,
    person_due bigint not null,
    credit bigint not null,
    primary key (run, person, scheme, employer)
); --! clustered, by run
insert into dues select run, person, scheme, category, coalesce(employer, 0), district, base, employer_due, person_due, credit from dues_before;
drop table dues_before;
alter table difference rename to difference_before;
create table difference (
    run bigint not null references run (run),
    person bigint not null,
    scheme smallint not null,
    -- 1 added, 2 given back, 3 altered
    part smallint not null constraint difference_part check (part between 1 and 3),
    category smallint not null,
    -- 0 where the person pays alone.
    employer bigint not null,
    district integer not null,
    base bigint not null,
    employer_due bigint not null,
    person_due bigint not null,
    credit bigint not null,
    primary key (run, person, scheme, employer, part)
);
insert into difference select run, person, scheme, part, category, coalesce(employer, 0), district, base, employer_due, person_due, credit from difference_before;
drop table difference_before;
alter table refused rename to refused_before;
create table refused (
    run bigint not null references run (run),
    person bigint not null,
    scheme smallint not null,
    -- 0 where the person would pay alone.
    employer bigint not null,
    code text not null,
    reason_zh text not null,
    reason_en text not null,
    primary key (run, person, scheme, employer)
);
insert into refused select run, person, scheme, 0, code, reason_zh, reason_en from refused_before;
drop table refused_before;
--! postgres
-- The rows of all districts.
select set_config('renshe.districts', 'all', true);
drop trigger dues_kept on dues;
drop trigger dues_kept_whole on dues;
update dues set employer = 0 where employer is null;
alter table dues alter column employer set not null;
alter table dues drop constraint dues_pkey;
alter table dues add constraint dues_pkey primary key (run, person, scheme, employer);
-- Runs that are being made have their rows beside the table.
do $$
declare
    own text;
    keyed boolean;
begin
    for own, keyed in
        select c.relname, exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'p') from pg_class c
        where c.relnamespace = cast(current_schema() as regnamespace) and c.relkind = 'r' and not c.relispartition
        and c.relname ~ '^dues_run_[0-9]+$'
    loop
        execute format('update %I set employer = 0 where employer is null', own);
        execute format('alter table %I alter column employer set not null', own);
        if keyed then
            execute format('alter table %I drop constraint %I', own, own || '_pkey');
            execute format('alter table %I add constraint %I primary key (run, person, scheme, employer)', own, own || '_pkey');
        end if;
    end loop;
end $$;
drop trigger difference_kept on difference;
drop trigger difference_kept_whole on difference;
update difference set employer = 0 where employer is null;
alter table difference alter column employer set not null;
alter table difference drop constraint difference_pkey;
alter table difference add constraint difference_pkey primary key (run, person, scheme, employer, part);
drop trigger refused_kept on refused;
drop trigger refused_kept_whole on refused;
alter table refused add column employer bigint not null default 0;
alter table refused alter column employer drop default;
alter table refused drop constraint refused_pkey;
alter table refused add constraint refused_pkey primary key (run, person, scheme, employer);
-- What sorts in memory is sorted once; half a gibibyte holds the keys of a city in a few runs.
create or replace function generation_key(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current set maintenance_work_mem = '512MB' as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    execute format(
        'alter table %I add constraint %I primary key (run, person, scheme' || case rows_of when 'dues' then ', employer' else '' end || ')',
        own, own || '_pkey'
    );
    execute format('analyze %I', own);
    execute format('revoke insert on %I from renshe_app', own);
    execute format('grant select on %I to renshe_app', own);
    execute format('alter table %I enable row level security', own);
    execute format('alter table %I force row level security', own);
    execute format(
        'create policy %I on %I using ('
        '(select coalesce(current_setting(''renshe.districts'', true), '''') = ''all'') '
        'or district = any ((select string_to_array(current_setting(''renshe.districts'', true), '','')::integer[])::integer[]))',
        own || '_district', own
    );
end $$;
--! both
--! rows dues
--! rows difference
--! rows refused
