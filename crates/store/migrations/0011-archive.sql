-- Months that are old enough move to files.

-- Rows written to a file and proven equal, while they wait for a second person.
create table leaving (
    run bigint not null references run (run),
    -- 1 dues, 2 accounts
    kind smallint not null constraint leaving_kind check (kind in (1, 2)),
    file_name text not null,
    file_hash bytea not null constraint leaving_hash_is_256_bits check (octet_length(file_hash) = 32),
    rows bigint not null constraint leaving_rows check (rows >= 0),
    root bytea not null constraint leaving_root_is_256_bits check (octet_length(root) = 32),
    by text not null,
    at timestamptz not null,
    primary key (run, kind)
);

-- The folder in which the files lie: one row, which is altered when they are moved.
create table shelf (
    shelf smallint primary key constraint shelf_is_one check (shelf = 1),
    folder text not null
);

--! postgres
grant select, insert, delete on leaving to renshe_app;
grant select, insert, update on shelf to renshe_app;
grant insert on cold to renshe_app;
--! both
