-- Whether an employer insures anybody in a scheme is asked for each declaration, and need not be asked of all its staff.

drop index participation_employer;
-- Whom does this employer insure now, and does it insure anybody in this scheme?
create index participation_employer on participation (employer, scheme) where superseded is null and employer is not null;
