-- What the other files stand on: how a trigger refuses, the application's role, and the schema's own history.

--! postgres
-- On SQLite a trigger can raise by itself. The code is of a class that PostgreSQL leaves to applications.
create function refuse() returns trigger language plpgsql as $$
begin
    raise exception '%', tg_argv[0] using errcode = 'RS001';
end $$;
-- Roles belong to the server, not to a database, so it may be there; and two may make it at once.
do $$
begin
    create role renshe_app;
exception when duplicate_object or unique_violation then null;
end $$;
-- For which districts is a transaction? Each is asked once a statement; both, where a statement is shared out among several
-- processes, so the second has an answer also when the first is yes.
create function sees_all() returns boolean language sql stable parallel safe as
    $$ select coalesce(current_setting('renshe.districts', true), '') = 'all' $$;
create function districts_seen() returns integer[] language sql stable parallel safe as
    $$ select string_to_array(nullif(current_setting('renshe.districts', true), 'all'), ',')::integer[] $$;
--! both

create table migration (
    number integer primary key,
    name text not null,
    hash bytea not null,
    applied timestamptz not null
);
--! kept migration

--! postgres
grant select on migration to renshe_app;
--! both
