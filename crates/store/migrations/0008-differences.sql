-- What a month's dues differ by, now that more is known: runs of differences, of which a month may have several.

drop index run_published;
create unique index run_published on run (month, kind) where state in (5, 7) and kind <> 4;

-- What runs of differences add to a month's dues, below 0 where they give back. Who changed the employer has two lines.
create table difference (
    run bigint not null references run (run),
    person bigint not null,
    scheme smallint not null,
    -- 1 added, 2 given back, 3 altered
    part smallint not null constraint difference_part check (part between 1 and 3),
    category smallint not null,
    employer bigint,
    district integer not null,
    base bigint not null,
    employer_due bigint not null,
    person_due bigint not null,
    credit bigint not null,
    primary key (run, person, scheme, part)
);
--! rows difference

--! postgres
alter table difference enable row level security;
alter table difference force row level security;
create policy difference_district on difference using (
    (select coalesce(current_setting('renshe.districts', true), '') = 'all')
    or district = any ((select string_to_array(current_setting('renshe.districts', true), ',')::integer[])::integer[])
);
grant select, insert, delete on difference to renshe_app;
--! both
