//! How does one text make the tables on both engines?
//!
//! The schema is written in PostgreSQL's words. PostgreSQL takes it as it is; for SQLite seven words are replaced and
//! `strict` is added to each table, without which SQLite would keep a number in a text column's place. A few lines that
//! begin with `--!` are ours, comments to both engines:
//!
//! | line | meaning |
//! |---|---|
//! | `--! postgres`, `--! sqlite`, `--! both` | what follows is for that engine, or for both again |
//! | `--! kept TABLE except A, B` | rows are never removed, and only these columns ever change |
//! | `--! facts TABLE except A, B` | the same; besides, `superseded` may be set, once |
//! | `--! rows TABLE` | rows of a run: never changed, and removed only while the run is not published or when moved to a file |
//! | `--! steps TABLE COLUMN 1>2 1>3` | that column changes in these steps only |
//! | `); --! clustered` | end of a table: its rows lie in the order of their key (SQLite) |
//! | `); --! by run` | end of a table: it is made of one table a run (PostgreSQL) |
//!
//! A trigger may end in `refuse 'why'`: each engine raises in its own way.

use crate::{db::Engine, error::Error, params, tx::Tx};

/// Runs a text that makes or alters tables.
pub(crate) fn apply(tx: &mut Tx<'_>, text: &str) -> Result<(), Error> {
    let engine = tx.engine();
    for part in parts(text, engine) {
        match part {
            Part::Sql(sql) => tx.batch(&sql)?,
            Part::Kept { table, except } => {
                let sql = kept(tx, table, &except)?;
                tx.batch(&translated(&sql, engine))?;
            }
            Part::Facts { table, mut except } => {
                except.push("superseded");
                let mut sql = kept(tx, table, &except)?;
                sql.push_str(&format!(
                    "create trigger {table}_superseded_once before update of superseded on {table} for each row \
                     when (old.superseded is not null or new.superseded is null)\n\
                     refuse '{table}: a fact is superseded once';\n"
                ));
                tx.batch(&translated(&sql, engine))?;
            }
            Part::Rows { table } => tx.batch(&translated(&rows_of_run(table, engine), engine))?,
            Part::Steps {
                table,
                column,
                steps,
            } => {
                let sql = steps_of(table, column, &steps);
                tx.batch(&translated(&sql, engine))?;
            }
        }
    }
    Ok(())
}

/// A piece of a text, for one engine.
#[derive(Debug, PartialEq, Eq)]
enum Part<'t> {
    Sql(String),
    Kept {
        table: &'t str,
        except: Vec<&'t str>,
    },
    Facts {
        table: &'t str,
        except: Vec<&'t str>,
    },
    Rows {
        table: &'t str,
    },
    Steps {
        table: &'t str,
        column: &'t str,
        steps: Vec<(&'t str, &'t str)>,
    },
}

fn parts(text: &str, engine: Engine) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut sql = String::new();
    let mut here = true;
    for line in text.lines() {
        let Some(ours) = line.strip_prefix("--! ") else {
            if here {
                sql.push_str(line);
                sql.push('\n');
            }
            continue;
        };
        let mut words = ours.split([' ', ',']).filter(|word| !word.is_empty());
        let verb = words.next().unwrap_or_default();
        match verb {
            "both" => here = true,
            "postgres" => here = engine == Engine::Postgres,
            "sqlite" => here = engine == Engine::Sqlite,
            _ => {
                if !sql.trim().is_empty() {
                    parts.push(Part::Sql(translated(&sql, engine)));
                }
                sql.clear();
                let table = words.next().unwrap_or_default();
                let rest = words.filter(|word| *word != "except").collect();
                parts.push(directive(verb, table, rest));
            }
        }
    }
    if !sql.trim().is_empty() {
        parts.push(Part::Sql(translated(&sql, engine)));
    }
    parts
}

fn directive<'t>(verb: &'t str, table: &'t str, rest: Vec<&'t str>) -> Part<'t> {
    match verb {
        "kept" => Part::Kept {
            table,
            except: rest,
        },
        "facts" => Part::Facts {
            table,
            except: rest,
        },
        "rows" => Part::Rows { table },
        "steps" => Part::Steps {
            table,
            column: rest.first().copied().unwrap_or_default(),
            steps: rest
                .iter()
                .skip(1)
                .filter_map(|it| it.split_once('>'))
                .collect(),
        },
        // The engine will refuse it, and say where.
        other => Part::Sql(format!("{other};")),
    }
}

/// The triggers by which a table keeps its rows. They replace those that stand there, so that a migration that adds a
/// column only has to say it again.
fn kept(tx: &mut Tx<'_>, table: &str, except: &[&str]) -> Result<String, Error> {
    let columns: Vec<String> = columns(tx, table)?
        .into_iter()
        .filter(|column| !except.contains(&column.as_str()))
        .collect();
    let columns = columns.join(", ");
    let mut sql = String::new();
    for name in ["kept", "kept_whole", "kept_at_once", "superseded_once"] {
        let on = match tx.engine() {
            Engine::Postgres => format!(" on {table}"),
            Engine::Sqlite => String::new(),
        };
        sql.push_str(&format!("drop trigger if exists {table}_{name}{on};\n"));
    }
    sql.push_str(&format!(
        "create trigger {table}_kept before update of {columns} on {table} for each row\n\
         refuse '{table}: a row is not altered';\n\
         create trigger {table}_kept_whole before delete on {table} for each row\n\
         refuse '{table}: a row is not removed';\n"
    ));
    if tx.engine() == Engine::Postgres {
        sql.push_str(&format!(
            "create trigger {table}_kept_at_once before truncate on {table} for each statement\n\
             refuse '{table}: rows are not removed';\n"
        ));
    }
    Ok(sql)
}

fn rows_of_run(table: &str, engine: Engine) -> String {
    let mut sql = format!(
        "create trigger {table}_kept before update on {table} for each row\n\
         refuse '{table}: rows of a run are not altered';\n\
         create trigger {table}_kept_whole before delete on {table} for each row\n"
    );
    sql.push_str(&match engine {
        Engine::Postgres => format!("execute function run_keeps_rows('{table}');\n"),
        Engine::Sqlite => format!(
            "when (select state from run where run = old.run) in (5, 7)\n\
             and not exists (select 1 from cold where run = old.run)\n\
             refuse '{table}: rows of a published run are not removed';\n"
        ),
    });
    sql
}

fn steps_of(table: &str, column: &str, steps: &[(&str, &str)]) -> String {
    let allowed: Vec<String> = steps
        .iter()
        .map(|(from, to)| format!("(old.{column} = {from} and new.{column} = {to})"))
        .collect();
    let allowed = allowed.join(" or ");
    format!(
        "create trigger {table}_{column}_steps before update of {column} on {table} for each row\n\
         when (old.{column} <> new.{column} and not ({allowed}))\n\
         refuse '{table}: no step of {column}';\n"
    )
}

/// The names of a table's columns, in their order.
pub(crate) fn columns(tx: &mut Tx<'_>, table: &str) -> Result<Vec<String>, Error> {
    let sql = match tx.engine() {
        Engine::Sqlite => "select name from pragma_table_info($1) order by cid",
        Engine::Postgres => {
            "select attname from pg_attribute where attrelid = cast(cast($1 as text) as regclass) and attnum > 0 \
             and not attisdropped order by attnum"
        }
    };
    tx.list(sql, params![table], |row| row.get(0))
}

/// The text in an engine's words.
fn translated(sql: &str, engine: Engine) -> String {
    let mut out = String::with_capacity(sql.len());
    for line in sql.lines() {
        let (code, comment) = match line.find("--") {
            Some(at) if line[..at].matches('\'').count().is_multiple_of(2) => line.split_at(at),
            _ => (line, ""),
        };
        let code = refusals(code, engine);
        let code = match engine {
            Engine::Postgres => code,
            Engine::Sqlite => words(&code),
        };
        out.push_str(&ended(&code, comment, engine));
        out.push('\n');
    }
    out
}

/// `refuse 'why';` in an engine's words.
fn refusals(code: &str, engine: Engine) -> String {
    let Some((before, why)) = code.split_once("refuse '") else {
        return code.to_owned();
    };
    let Some(why) = why.strip_suffix("';") else {
        return code.to_owned();
    };
    match engine {
        Engine::Postgres => format!("{before}execute function refuse('{why}');"),
        Engine::Sqlite => format!("{before}begin select raise(abort, '{why}'); end;"),
    }
}

/// The types in SQLite's words; what is in quotes stays.
fn words(code: &str) -> String {
    let code = code.replace(" generated by default as identity", "");
    let mut out = String::with_capacity(code.len());
    for (number, piece) in code.split('\'').enumerate() {
        if number > 0 {
            out.push('\'');
        }
        if number % 2 == 1 {
            out.push_str(piece);
            continue;
        }
        let is_sign = |sign: char| !(sign.is_ascii_alphanumeric() || sign == '_');
        for word in piece.split_inclusive(is_sign) {
            let bare = word.trim_end_matches(is_sign);
            let sqlite = match bare {
                "bigint" | "smallint" | "boolean" | "date" | "timestamptz" => "integer",
                "bytea" => "blob",
                other => other,
            };
            out.push_str(sqlite);
            out.push_str(&word[bare.len()..]);
        }
    }
    out
}

/// A line that may end a table.
fn ended(code: &str, comment: &str, engine: Engine) -> String {
    if code.trim_end() != ");" {
        return format!("{code}{comment}");
    }
    let ours = comment.strip_prefix("--! ").unwrap_or_default();
    match engine {
        Engine::Sqlite if ours.contains("clustered") => ") strict, without rowid;".into(),
        Engine::Sqlite => ") strict;".into(),
        Engine::Postgres if ours.contains("by run") => ") partition by list (run);".into(),
        Engine::Postgres => ");".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, sqlite: &str, postgres: &str) {
        let sql = |engine| {
            let parts = parts(text, engine).into_iter();
            let sql = parts.map(|part| match part {
                Part::Sql(sql) => sql,
                other => format!("{other:?}\n"),
            });
            sql.collect::<String>()
        };
        assert_eq!(sql(Engine::Sqlite), sqlite);
        assert_eq!(sql(Engine::Postgres), postgres);
    }

    #[test]
    fn types_are_replaced_as_words_and_not_in_quotes_or_comments() {
        check(
            "create table a (\n    a bigint generated by default as identity primary key, -- a date\n    \
             dated date check (dated_on in ('date'))\n);",
            "create table a (\n    a integer primary key, -- a date\n    \
             dated integer check (dated_on in ('date'))\n) strict;\n",
            "create table a (\n    a bigint generated by default as identity primary key, -- a date\n    \
             dated date check (dated_on in ('date'))\n);\n",
        );
    }

    #[test]
    fn a_table_of_runs_is_clustered_here_and_partitioned_there() {
        check(
            "); --! clustered, by run",
            ") strict, without rowid;\n",
            ") partition by list (run);\n",
        );
        check("); --! clustered", ") strict, without rowid;\n", ");\n");
    }

    #[test]
    fn each_engine_takes_its_own_part() {
        check(
            "a;\n--! postgres\nb;\n--! sqlite\nc;\n--! both\nd;",
            "a;\nc;\nd;\n",
            "a;\nb;\nd;\n",
        );
    }

    #[test]
    fn a_trigger_refuses_in_each_engines_words() {
        check(
            "create trigger t before delete on a for each row refuse 'a: kept';",
            "create trigger t before delete on a for each row begin select raise(abort, 'a: kept'); end;\n",
            "create trigger t before delete on a for each row execute function refuse('a: kept');\n",
        );
    }

    #[test]
    fn directives_are_read() {
        let read = parts(
            "--! kept run except state, rows\n--! steps run state 1>2 2>3",
            Engine::Sqlite,
        );
        assert_eq!(
            read,
            [
                Part::Kept {
                    table: "run",
                    except: vec!["state", "rows"]
                },
                Part::Steps {
                    table: "run",
                    column: "state",
                    steps: vec![("1", "2"), ("2", "3")]
                },
            ]
        );
    }
}
