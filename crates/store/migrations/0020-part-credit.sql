-- A bill that was paid in part and written off for the rest is done waiting: what was paid of it is credited, person by person.

-- What each person is credited of a bill of which a part was paid and the rest was written off, fixed when the crediting run is
-- opened. The bill stays among those passed over: as a whole it is never credited.
create table part_credit (
    run bigint not null references run (run),
    person bigint not null,
    bill bigint not null references bill (bill),
    scheme smallint not null,
    district integer not null,
    -- What the bill has for individual accounts, and of that what was paid.
    whole bigint not null,
    paid bigint not null,
    -- What it has for those before, by their numbers, and for this person.
    before bigint not null,
    own bigint not null,
    credit bigint not null constraint part_credit_of_something check (credit <> 0),
    primary key (run, person, bill)
);
-- Was this bill credited in part?
create index part_credit_bill on part_credit (bill);
-- What was this person credited so?
create index part_credit_person on part_credit (person);
--! kept part_credit

--! postgres
alter table part_credit enable row level security;
alter table part_credit force row level security;
create policy part_credit_district on part_credit using (
    (select coalesce(current_setting('renshe.districts', true), '') = 'all')
    or district = any ((select string_to_array(current_setting('renshe.districts', true), ',')::integer[])::integer[])
);
grant select, insert on part_credit to renshe_app;
--! both
