-- A district's clerk sees and settles the bills of that district only, as its dues. And a statement that is shared out among
-- several processes no longer fails for whoever sees all districts: it asks for the list of districts as well.

--! postgres
-- For which districts is a transaction? Each is asked once a statement; both, where a statement is shared out among several
-- processes, so the second has an answer also when the first is yes.
create function sees_all() returns boolean language sql stable parallel safe as
    $$ select coalesce(current_setting('renshe.districts', true), '') = 'all' $$;
create function districts_seen() returns integer[] language sql stable parallel safe as
    $$ select string_to_array(nullif(current_setting('renshe.districts', true), 'all'), ',')::integer[] $$;
alter table bill enable row level security;
alter table bill force row level security;
create policy bill_district on bill using (true);
do $$
declare
    own record;
begin
    for own in select polname, c.oid::regclass as of from pg_policy join pg_class c on c.oid = polrelid
        where relnamespace = current_schema()::regnamespace and not relispartition and polname like '%\_district' loop
        execute format(
            'alter policy %I on %s using ((select sees_all()) or district = any ((select districts_seen())::integer[]))',
            own.polname, own.of
        );
    end loop;
end $$;
create or replace function generation_loaded(rows_of text, number bigint) returns void
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
        'create policy %I on %I using ((select sees_all()) or district = any ((select districts_seen())::integer[]))',
        own || '_district', own
    );
end $$;
--! both
