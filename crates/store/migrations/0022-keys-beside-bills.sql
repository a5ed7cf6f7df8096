-- The unique index of a run's rows is made while others read them, so that bills are added up beside it; it becomes the key
-- when both are there.

--! postgres
-- When all rows are there nobody adds to them any more, and they are read by district.
create function generation_loaded(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    if (select relrowsecurity from pg_class where oid = own::regclass) then
        return;
    end if;
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
-- What sorts in memory is sorted once; half a gibibyte holds the keys of a city in a few runs.
create function generation_index(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current set maintenance_work_mem = '512MB' as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    if to_regclass(own || '_pkey') is not null then
        return;
    end if;
    execute format(
        'create unique index %I on %I (run, person, scheme' || case rows_of when 'dues' then ', employer' else '' end || ')',
        own || '_pkey', own
    );
    execute format('analyze %I', own);
end $$;
create or replace function generation_key(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    perform generation_loaded(rows_of, number);
    perform generation_index(rows_of, number);
    execute format('alter table %I add primary key using index %I', own, own || '_pkey');
end $$;
-- What the stored dues of a run come to that nobody sees yet.
create function generation_sums(number bigint) returns table (scheme smallint, district integer, amount bigint)
language plpgsql security definer set search_path from current as $$
begin
    return query execute format(
        'select d.scheme, d.district, cast(sum(d.employer_due + d.person_due) as bigint) from %I d group by d.scheme, d.district',
        'dues_run_' || number
    );
end $$;
revoke execute on function generation_loaded, generation_index, generation_sums from public;
grant execute on function generation_loaded, generation_index, generation_sums to renshe_app;
--! both
