-- The doors: who may come in, as what, and who is in now.

-- A name is one login's for ever, as the audit log knows who did what by it.
create table login (
    login text primary key,
    role smallint not null constraint login_role check (role between 1 and 7),
    person bigint,
    employer bigint,
    -- None is the whole city.
    district integer,
    -- As argon2 writes it; none where something else proves who comes.
    secret_hash text,
    made timestamptz not null,
    made_by text not null,
    ended timestamptz,
    constraint login_of_a_person check ((role = 1) = (person is not null)),
    constraint login_of_an_employer check ((role = 2) = (employer is not null))
);
--! kept login except secret_hash, ended

-- Signing out removes the row, so that nothing that was stolen opens again.
create table session (
    -- The hash of what the browser holds: who reads the table cannot come in by it.
    session bytea primary key constraint session_hash_is_256_bits check (octet_length(session) = 32),
    login text not null references login (login),
    csrf bytea not null constraint session_csrf_is_256_bits check (octet_length(csrf) = 32),
    begun timestamptz not null,
    last_seen timestamptz not null,
    ends timestamptz not null,
    constraint session_ends_later check (begun < ends)
);
-- Who is in by this login?
create index session_login on session (login);
-- What has run out?
create index session_ends on session (ends);

--! postgres
grant select, insert, update on login to renshe_app;
grant select, insert, update, delete on session to renshe_app;
--! both
