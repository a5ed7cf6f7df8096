-- A month's bills with less to keep in order, a crediting that does not look through the history, and a month that the
-- application may run.

-- What a payer owes is asked run by run, of an index that a run fills once, in order; an index over all runs would be walked
-- from end to end by each.
drop index bill_payer;
--! postgres
-- A load would check each reference by itself; `renshe verify` finds what leads nowhere.
alter table bill drop constraint bill_run_fkey;
alter table crediting drop constraint crediting_run_fkey;
alter table crediting drop constraint crediting_bill_fkey;
--! both
-- Bills that bear a credit and that no run has taken up.
create table uncredited (
    bill bigint primary key
);
insert into uncredited (bill)
select b.bill from bill b where b.scheme in (1, 2) and b.payer_kind in (1, 2)
    and not exists (select 1 from crediting c join run r on r.run = c.run where c.bill = b.bill and r.state <> 6);
--! postgres
-- Journals were numbered by whoever posted them.
select setval(pg_get_serial_sequence('journal', 'journal'), (select coalesce(max(journal), 0) + 1 from journal), false);
grant select, insert, delete on uncredited to renshe_app;
-- What only the owner of a table may do, for the application that runs the month: rows of a run get a table of their own,
-- its key, and their place below the table that readers know. Each step asks the run whether it belongs there. While it
-- is loaded the application may add to it; from its key on it may read it, its districts only; once it is in its place
-- it is read where readers read.
create function generation_make(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    execute format(
        'create table if not exists %I (like %I including defaults including constraints, constraint %I check (run = %s))',
        own, rows_of, own || '_run', number
    );
    execute format('grant insert on %I to renshe_app', own);
end $$;
-- What sorts in memory is sorted once; half a gibibyte holds the keys of a city in a few runs.
create function generation_key(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current set maintenance_work_mem = '512MB' as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    execute format('alter table %I add constraint %I primary key (run, person, scheme)', own, own || '_pkey');
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
create function generation_attach(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (4, 5, 7)) then
        raise exception 'run: rows are seen when it is approved' using errcode = 'RS001';
    end if;
    execute format('alter table %I attach partition %I for values in (%s)', rows_of, own, number);
    execute format('revoke all on %I from renshe_app', own);
end $$;
-- Of a run that was given up, or whose rows were moved to a file and proven equal there.
create function generation_drop(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') then
        raise exception 'run: it has no such rows' using errcode = 'RS001';
    end if;
    if exists (select 1 from run r where r.run = number and r.state in (5, 7)) and not exists (
        select 1 from cold c where c.run = number and c.kind = case rows_of when 'dues' then 1 else 2 end
    ) then
        raise exception '%: rows of a published run are not removed', rows_of using errcode = 'RS001';
    end if;
    if exists (select 1 from pg_class where oid = to_regclass(own) and relispartition) then
        execute format('alter table %I detach partition %I', rows_of, own);
    end if;
    execute format('drop table if exists %I', own);
end $$;
revoke execute on function generation_make, generation_key, generation_attach, generation_drop from public;
grant execute on function generation_make, generation_key, generation_attach, generation_drop to renshe_app;
grant insert on run_chunk, run_total, refused to renshe_app;
--! both
