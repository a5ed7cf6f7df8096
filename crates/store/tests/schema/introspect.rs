//! What does a database say of its own schema?

use std::collections::BTreeSet;
use store::{Db, Engine, params};

/// Everything but the order of columns: tables, columns, keys, conditions, indexes, triggers, policies, rights; a line each.
pub(crate) fn catalogue(db: &Db) -> BTreeSet<String> {
    match db.engine() {
        Engine::Sqlite => sqlite(db),
        Engine::Postgres => postgres(db),
    }
}

fn lines(db: &Db, sql: &'static str) -> Vec<String> {
    db.read(|tx| tx.list(sql, params![], |row| row.get::<String>(0)))
        .unwrap()
}

fn sqlite(db: &Db) -> BTreeSet<String> {
    let columns = "select 'column ' || m.name || '.' || c.name || ' ' || c.type || ' not null ' || c.\"notnull\"
            || ' key ' || c.pk || ' default ' || coalesce(c.dflt_value, '-')
        from sqlite_master m, pragma_table_xinfo(m.name) c where m.type = 'table'";
    let tables = "select 'table ' || name || ' strict ' || strict || ' without rowid ' || wr from pragma_table_list
        where type = 'table'";
    let foreign = "select 'reference ' || m.name || '.' || f.\"from\" || ' ' || f.\"table\" || '.' || coalesce(f.\"to\", '')
        from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table'";
    let others = "select type || ' ' || name || ' ' || sql from sqlite_master where type <> 'table' and sql is not null";
    let texts = "select name || ' ' || sql from sqlite_master where type = 'table'";
    let mut found: BTreeSet<String> = [columns, tables, foreign]
        .iter()
        .flat_map(|sql| lines(db, sql))
        .collect();
    found.extend(lines(db, others).iter().map(|text| spaced(text)));
    found.extend(lines(db, texts).iter().flat_map(|text| checks(text)));
    found
}

/// The conditions in the text of a table: SQLite has no other place for them.
fn checks(text: &str) -> Vec<String> {
    let table = text.split_whitespace().next().unwrap_or_default();
    let without_comments: Vec<&str> = text
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .collect();
    let text = spaced(&without_comments.join(" "));
    let starts = text.match_indices("constraint ").map(|(at, _)| at);
    starts
        .map(|at| {
            let mut depth = 0;
            let end = text[at..].find(|sign| {
                match sign {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => return false,
                }
                depth == 0
            });
            format!("check {table} {}", &text[at..=at + end.unwrap()])
        })
        .collect()
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn postgres(db: &Db) -> BTreeSet<String> {
    let queries = [
        "select 'column ' || attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod)
            || ' not null ' || attnotnull || ' identity ' || attidentity::text
            || ' default ' || coalesce(pg_get_expr(adbin, adrelid), '-')
            || ' rights ' || coalesce(attacl::text, '-')
        from pg_attribute join pg_class c on c.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attnum > 0 and not attisdropped",
        "select 'table ' || relname || ' ' || relkind::text || ' security ' || relrowsecurity || relforcerowsecurity
            || ' rights ' || coalesce(relacl::text, '-') || ' ' || coalesce(pg_get_partkeydef(oid), '')
        from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
        "select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
        from pg_constraint where connamespace = 'public'::regnamespace",
        "select 'index ' || indexdef from pg_indexes where schemaname = 'public'",
        "select pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = tgrelid
        where relnamespace = 'public'::regnamespace and not tgisinternal",
        "select 'policy ' || tablename || ' ' || policyname || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
        from pg_policies where schemaname = 'public'",
        "select 'view ' || relname || ' ' || pg_get_viewdef(oid) || ' options ' || coalesce(reloptions::text, '-')
            || ' rights ' || coalesce(relacl::text, '-')
        from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'",
        "select 'function ' || pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace",
    ];
    queries.iter().flat_map(|sql| lines(db, sql)).collect()
}

/// The tables there are.
pub(crate) fn tables(db: &Db) -> Vec<String> {
    let sql = match db.engine() {
        Engine::Sqlite => {
            "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
        }
        Engine::Postgres => {
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') \
             and not relispartition order by relname"
        }
    };
    db.read(|tx| tx.list(sql, params![], |row| row.get::<String>(0)))
        .unwrap()
}

/// Unique indexes of one table with the same columns in the same order: SQLite could not tell which was violated.
pub(crate) fn alike(db: &Db) -> Vec<String> {
    let sql = "with unlike as (
            select m.name as of, l.name, l.origin, (select group_concat(coalesce(i.name, l.name)) from pragma_index_info(l.name) i) as columns
            from sqlite_master m, pragma_index_list(m.name) l where m.type = 'table' and l.\"unique\"
        ) select a.name || ' ' || b.name from unlike a join unlike b on a.of = b.of and a.columns = b.columns and a.name < b.name";
    lines(db, sql)
}
