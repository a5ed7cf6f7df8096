-- What a run makes by the million lies in folios from now on: the rows of some neighbours in one district, column by column. What is
-- there is packed with eight bytes a number; what is made from now on with as many as each column needs.

--! sqlite
alter table dues rename to dues_before;
alter table account rename to account_before;
--! postgres
-- The rows of all districts.
select set_config('renshe.districts', 'all', true);
alter table dues rename to dues_before;
alter index dues_pkey rename to dues_before_pkey;
alter table account rename to account_before;
alter index account_pkey rename to account_before_pkey;
--! both
create table dues (
    run bigint not null,
    first_person bigint not null,
    district integer not null,
    rows integer not null constraint dues_rows check (rows > 0),
    content bytea not null,
    primary key (run, first_person, district)
); --! by run
create table account (
    run bigint not null,
    first_person bigint not null,
    district integer not null,
    rows integer not null constraint account_rows check (rows > 0),
    content bytea not null,
    primary key (run, first_person, district)
); --! by run
--! sqlite
insert into dues (run, first_person, district, rows, content) select run, min(person), district, count(*), unhex(
    '08' || '0000000000000000' || group_concat(printf('%016x', person), '' order by person, scheme, employer) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', scheme), '' order by person, scheme, employer) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', employer), '' order by person, scheme, employer) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', category), '' order by person, scheme, employer) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', base), '' order by person, scheme, employer) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', employer_due), '' order by person, scheme, employer) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', person_due), '' order by person, scheme, employer) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', credit), '' order by person, scheme, employer)
) from dues_before group by run, (person - 1) / 2048, district;
drop table dues_before;
insert into account (run, first_person, district, rows, content) select run, min(person), district, count(*), unhex(
    '08' || '0000000000000000' || group_concat(printf('%016x', person), '' order by person, scheme) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', scheme), '' order by person, scheme) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', months), '' order by person, scheme) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', year), '' order by person, scheme) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', credited), '' order by person, scheme) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', interest), '' order by person, scheme) ||
    '08' || '0000000000000000' || group_concat(printf('%016x', product), '' order by person, scheme)
) from account_before group by run, (person - 1) / 2048, district;
drop table account_before;
--! postgres
alter table dues alter column content set storage external;
alter table account alter column content set storage external;
-- Those of runs in force lie below the table, those of runs that are being made beside it.
do $$
declare
    rows_of text;
    own text;
    number bigint;
    attached boolean;
    keyed boolean;
    packed text;
    -- How a column begins of which a number takes eight bytes and the least is 0.
    eight constant text := quote_literal('\x080000000000000000') || '::bytea';
begin
    for rows_of, own, number, attached, keyed in
        select split_part(c.relname, '_', 1), c.relname, split_part(c.relname, '_', 3), c.relispartition,
            exists (select 1 from pg_index k where k.indrelid = c.oid and k.indisunique) from pg_class c
        where c.relnamespace = cast(current_schema() as regnamespace) and c.relkind = 'r'
        and c.relname ~ '^(dues|account)_run_[0-9]+$'
    loop
        packed := case rows_of when 'dues' then
            'eight || string_agg(int8send(person), '''' order by person, scheme, employer) ||
            eight || string_agg(int8send(scheme), '''' order by person, scheme, employer) ||
            eight || string_agg(int8send(employer), '''' order by person, scheme, employer) ||
            eight || string_agg(int8send(category), '''' order by person, scheme, employer) ||
            eight || string_agg(int8send(base), '''' order by person, scheme, employer) ||
            eight || string_agg(int8send(employer_due), '''' order by person, scheme, employer) ||
            eight || string_agg(int8send(person_due), '''' order by person, scheme, employer) ||
            eight || string_agg(int8send(credit), '''' order by person, scheme, employer)'
        else
            'eight || string_agg(int8send(person), '''' order by person, scheme) ||
            eight || string_agg(int8send(scheme), '''' order by person, scheme) ||
            eight || string_agg(int8send(months), '''' order by person, scheme) ||
            eight || string_agg(int8send(year), '''' order by person, scheme) ||
            eight || string_agg(int8send(credited), '''' order by person, scheme) ||
            eight || string_agg(int8send(interest), '''' order by person, scheme) ||
            eight || string_agg(int8send(product), '''' order by person, scheme)'
        end;
        execute format('alter table %I rename to %I', own, own || '_before');
        if keyed then
            execute format('alter index %I rename to %I', own || '_pkey', own || '_before_pkey');
        end if;
        execute format(
            'create table %I (like %I including defaults including constraints including storage, '
            'constraint %I check (run = %s)) with (toast_tuple_target = 8160)',
            own, rows_of, own || '_run', number
        );
        execute format(
            'insert into %I (run, first_person, district, rows, content) select run, min(person), district, count(*), '
            || replace(packed, 'eight', eight) || ' from %I group by run, (person - 1) / 2048, district',
            own, own || '_before'
        );
        if keyed then
            execute format('alter table %I add primary key (run, first_person, district)', own);
        end if;
        if attached then
            execute format('alter table %I attach partition %I for values in (%s)', rows_of, own, number);
        elsif keyed then
            execute format('grant select on %I to renshe_app', own);
            execute format('alter table %I enable row level security', own);
            execute format('alter table %I force row level security', own);
            execute format(
                'create policy %I on %I using ((select sees_all()) or district = any ((select districts_seen())::integer[]))',
                own || '_district', own
            );
        else
            execute format('alter table %I set (autovacuum_enabled = off)', own);
            execute format('grant insert on %I to renshe_app', own);
        end if;
        if not attached then
            execute format('drop table %I', own || '_before');
        end if;
        execute format('analyze %I', own);
    end loop;
end $$;
drop table dues_before;
drop table account_before;
alter table dues enable row level security;
alter table dues force row level security;
create policy dues_district on dues using ((select sees_all()) or district = any ((select districts_seen())::integer[]));
alter table account enable row level security;
alter table account force row level security;
create policy account_district on account using ((select sees_all()) or district = any ((select districts_seen())::integer[]));
grant select on dues, account to renshe_app;
drop function generation_sums;
drop function generation_loaded;
drop function generation_index;
drop function generation_make;
drop function generation_key;
create function generation_make(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    execute format(
        'create table if not exists %I (like %I including defaults including constraints including storage, '
        'constraint %I check (run = %s)) with (autovacuum_enabled = off, toast_tuple_target = 8160)',
        own, rows_of, own || '_run', number
    );
    execute format('grant insert on %I to renshe_app', own);
end $$;
create function generation_key(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
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
create function generation_folios(rows_of text, number bigint, first bigint, until bigint)
returns table (first_person bigint, district integer, rows integer, content bytea)
language plpgsql stable as $$
begin
    return query execute format(
        'select d.first_person, d.district, d.rows, d.content from %I d '
        'where d.run = $1 and d.first_person >= $2 and d.first_person < $3 order by d.first_person, d.district',
        rows_of || '_run_' || number
    ) using number, first, until;
end $$;
revoke execute on function generation_make, generation_key, generation_folios from public;
grant execute on function generation_make, generation_key, generation_folios to renshe_app;
--! both
--! rows dues
--! rows account
