--! postgres
-- Folios as lines, for whoever asks with SQL; the program reads the folios. Who asks for one person names the span as well, or the
-- server unpacks them all: `first_person > person - 2048 and first_person <= person`.
create function folio_lines(content bytea, rows integer, columns integer) returns setof bigint[]
language plpgsql immutable strict parallel safe as $$
declare
    width integer[];
    least bigint[];
    place integer[];
    line bigint[];
    at integer := 1;
begin
    for c in 1..columns loop
        width[c] := get_byte(content, at - 1);
        least[c] := cast(cast('x' || encode(substr(content, at + 1, 8), 'hex') as bit(64)) as bigint);
        place[c] := at + 9;
        at := at + 9 + width[c] * rows;
    end loop;
    for r in 0..rows - 1 loop
        for c in 1..columns loop
            line[c] := least[c] + cast(cast('x' || lpad(
                encode(substr(content, place[c] + r * width[c], width[c]), 'hex'), 16, '0'
            ) as bit(64)) as bigint);
        end loop;
        return next line;
    end loop;
end $$;
create view dues_by_person with (security_invoker = true) as
select d.run, d.first_person, line[1] as person, line[2] as scheme, nullif(line[3], 0) as employer, d.district, line[4] as category,
    line[5] as base, line[6] as employer_due, line[7] as person_due, line[8] as credit
from dues d cross join folio_lines(d.content, d.rows, 8) line;
create view account_by_person with (security_invoker = true) as
select a.run, a.first_person, line[1] as person, line[2] as scheme, a.district, line[3] as months, line[4] as year, line[5] as credited,
    line[6] as interest, line[7] as product
from account a cross join folio_lines(a.content, a.rows, 7) line;
revoke execute on function folio_lines from public;
grant execute on function folio_lines to renshe_app;
grant select on dues_by_person, account_by_person to renshe_app;
--! both
