-- While a run is computed the server does not vacuum its rows, from which nobody removes any; when they are in force it does.

--! postgres
create or replace function generation_make(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (1, 2)) then
        raise exception 'run: rows are made while it is computed' using errcode = 'RS001';
    end if;
    execute format(
        'create table if not exists %I (like %I including defaults including constraints, constraint %I check (run = %s)) '
        'with (autovacuum_enabled = off)',
        own, rows_of, own || '_run', number
    );
    execute format('grant insert on %I to renshe_app', own);
end $$;
create or replace function generation_attach(rows_of text, number bigint) returns void
language plpgsql security definer set search_path from current as $$
declare
    own text := rows_of || '_run_' || number;
begin
    if rows_of not in ('dues', 'account') or not exists (select 1 from run r where r.run = number and r.state in (4, 5, 7)) then
        raise exception 'run: rows are seen when it is approved' using errcode = 'RS001';
    end if;
    execute format('alter table %I attach partition %I for values in (%s)', rows_of, own, number);
    execute format('revoke all on %I from renshe_app', own);
    execute format('alter table %I reset (autovacuum_enabled)', own);
end $$;
--! both
