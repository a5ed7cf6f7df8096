-- What a run credits is kept by the run that billed it, and the bills it passed over, not bill by bill: nearly all are paid.

create table credited_before as
select b.bill, b.run as billed, c.run from crediting c
    join run r on r.run = c.run and r.state <> 6 join bill b on b.bill = c.bill;
drop table crediting;
drop table uncredited;
-- Of which runs a crediting is the first to look through the bills.
create table crediting (
    run bigint not null references run (run),
    billed bigint not null references run (run),
    primary key (run, billed)
);
-- Which run looked through the bills of this one first?
create index crediting_billed on crediting (billed);
--! kept crediting

-- Bills that it passed over, because they were not paid in full, and the later run that credits them.
create table passed_over (
    run bigint not null references run (run),
    bill bigint not null,
    credited bigint references run (run),
    primary key (run, bill)
);
-- What has the next crediting to look at again, however long the history?
create index passed_over_waiting on passed_over (bill) where credited is null;
-- What does this run credit of it?
create index passed_over_credited on passed_over (credited, bill) where credited is not null;
--! kept passed_over except credited

insert into crediting (run, billed) select min(run), billed from credited_before group by billed;
insert into passed_over (run, bill, credited)
select c.run, b.bill, d.run from crediting c
    join bill b on b.run = c.billed and b.scheme in (1, 2) and b.payer_kind in (1, 2)
    left join credited_before d on d.bill = b.bill
    where d.run is null or d.run <> c.run;
drop table credited_before;
--! postgres
alter table passed_over drop constraint passed_over_run_fkey;
grant select, insert on crediting to renshe_app;
grant select, insert, update on passed_over to renshe_app;
--! both
