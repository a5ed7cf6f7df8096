//! `account statement`: what stands in somebody's accounts, line by line, and by which law.

use super::account::person;
use crate::arguments::statement::{Reading, Statement as Asked};
use crate::arguments::{Page, Signed};
use crate::output::{Exit, Failure, Setting, answer, table};
use crate::place::{acting, actor, of_office, open};
use city::employers::EmployerId;
use city::entries::EntryId;
use city::runs::RunId;
use measure::Fen;
use office::account::statement::{
    Derived, Line, Opening, Opens, Passbook, Statement, What, statement,
};
use office::acting::kept;
use rules::check::Book;
use rules::explain::{Lang, cited, explain, html, json as explained, text as told};
use rules::facts::from_json;
use rules::law::{Item, Law, RuleId};
use serde_json::json;
use std::collections::BTreeMap;
use store::Db;

pub(crate) fn run(asked: &Asked, setting: &Setting) -> Result<Exit, Failure> {
    let db = open(&asked.place, setting)?;
    let signed = signed(&asked.reading);
    let by = actor(&signed, setting)?;
    let person = person(&db, &asked.whose, setting)?;
    let as_of = asked.as_of.unwrap_or(setting.today);
    let statement = statement(&db, person, as_of, acting(&by, &signed, setting.now))
        .map_err(|error| of_office(&error, setting))?;
    let mut laws = Laws {
        db: &db,
        jurisdiction: &asked.jurisdiction,
        books: BTreeMap::new(),
    };
    if let Some(number) = asked.explain {
        return opened(&statement, number, asked, &mut laws, setting);
    }
    for line in statement.accounts.iter().flat_map(|book| &book.lines) {
        for opens in line.rules() {
            laws.read(&opens.law, setting)?;
        }
    }
    answer(&match asked.format {
        Page::Json => json_of(&statement, &laws),
        Page::Text | Page::Html => text(&statement, &laws, setting.lang),
    });
    Ok(Exit::Good)
}

/// Who reads, as who signs.
pub(crate) fn signed(reading: &Reading) -> Signed {
    Signed {
        actor: reading.actor.clone(),
        purpose: Some(reading.purpose.clone()),
    }
}

/// The laws that were applied, each read once.
struct Laws<'a> {
    db: &'a Db,
    jurisdiction: &'a str,
    books: BTreeMap<String, Option<Book>>,
}

impl Laws<'_> {
    fn read(&mut self, version: &str, setting: &Setting) -> Result<(), Failure> {
        if !self.books.contains_key(version) {
            let book = kept(self.db, version).map_err(|error| of_office(&error, setting))?;
            self.books.insert(version.to_owned(), book);
        }
        Ok(())
    }

    /// The law and the rule a line opens to; `None` when the text is no longer what was applied.
    fn rule(&self, opens: &Opens) -> Option<(&Law, RuleId)> {
        let law = self.books.get(&opens.law)?.as_ref()?;
        let law = law.law(self.jurisdiction)?;
        match law.names.get(opens.rule) {
            Some(Item::Rule(rule)) => Some((law, *rule)),
            _ => None,
        }
    }

    /// The articles a line rests on.
    fn citations(&self, line: &Line, lang: Lang) -> Vec<String> {
        let mut articles: Vec<String> = Vec::new();
        for article in line.rules().flat_map(|opens| self.articles(opens, lang)) {
            if !articles.contains(&article) {
                articles.push(article);
            }
        }
        articles
    }

    /// The articles a rule rests on.
    fn articles(&self, opens: &Opens, lang: Lang) -> Vec<String> {
        self.rule(opens).map_or_else(Vec::new, |(law, rule)| {
            let cites = law[rule].citations.iter();
            cites.map(|citation| cited(law, citation, lang)).collect()
        })
    }

    /// A rule with its steps, as text or JSON, or as a page.
    fn derivation(
        &mut self,
        opens: &Opens,
        format: Page,
        setting: &Setting,
    ) -> Result<String, Failure> {
        let lang = setting.lang;
        self.read(&opens.law, setting)?;
        let Some((law, rule)) = self.rule(opens) else {
            let what = lang.pick(
                format!("所用的法律文本 {:.16}… 未保存或已变更", opens.law),
                format!(
                    "the law that was applied, {:.16}…, is not kept as it was",
                    opens.law
                ),
            );
            return Err(Failure::new(lang, what).code("V0111"));
        };
        let facts = from_json(law, law[rule].of, &opens.facts).map_err(|faults| {
            let faults = faults
                .iter()
                .map(|fault| format!("{}\n", fault.message(lang)));
            let what = lang.pick("事实与法律不符", "the facts do not fit the law");
            Failure::new(lang, what).below(faults.collect())
        })?;
        let explanation = explain(law, opens.as_of, &facts, rule);
        Ok(match format {
            Page::Text => told(&explanation, lang),
            Page::Html => html(&explanation, lang),
            Page::Json => format!("{:#}\n", explained(&explanation)),
        })
    }
}

/// One line, opened to the rule that gave it.
fn opened(
    statement: &Statement,
    number: u32,
    asked: &Asked,
    laws: &mut Laws<'_>,
    setting: &Setting,
) -> Result<Exit, Failure> {
    let lang = setting.lang;
    let mut lines = statement.accounts.iter().flat_map(|book| &book.lines);
    let Some(line) = lines.nth(number as usize - 1) else {
        let what = lang.pick(
            format!("对账单没有第 {number} 行"),
            format!("the statement has no line {number}"),
        );
        return Err(Failure::new(lang, what));
    };
    answer(&match &line.opens {
        Opening::Rule(opens) => laws.derivation(opens, asked.format, setting)?,
        Opening::Difference { in_force, anew } => {
            difference((in_force, anew.as_ref()), asked.format, laws, setting)?
        }
        Opening::Reason => reason(line, lang),
    });
    Ok(Exit::Good)
}

/// Why an entry was posted.
fn reason(line: &Line, lang: Lang) -> String {
    let What::Entry {
        entry, approved_by, ..
    } = &line.what
    else {
        return String::new();
    };
    let (id, by, reason) = (entry.id, &entry.by, &entry.asked.reason);
    lang.pick(
        format!("更正 {id}：{by} 经办，{approved_by} 复核；原因：{reason}\n"),
        format!("entry {id}: asked by {by}, approved by {approved_by}; {reason}\n"),
    )
}

/// What was in force, what it is anew, and what they differ by.
fn difference(
    (in_force, anew): (&Derived, Option<&Derived>),
    format: Page,
    laws: &mut Laws<'_>,
    setting: &Setting,
) -> Result<String, Failure> {
    let lang = setting.lang;
    let (before, now) = (in_force.amount, anew.map_or(Fen::ZERO, |anew| anew.amount));
    let differs = now
        .checked_sub(before)
        .map_err(|error| Failure::new(lang, error.to_string()))?;
    if let Page::Html = format {
        let what = lang.pick(
            "差额由两项计算得出，不成一页",
            "a difference follows from two derivations and makes no page",
        );
        return Err(Failure::new(lang, what).help(lang.pick(
            "用 --format text 或 --format json",
            "ask for --format text or --format json",
        )));
    }
    let old = laws.derivation(&in_force.opens, format, setting)?;
    let new = anew
        .map(|anew| laws.derivation(&anew.opens, format, setting))
        .transpose()?;
    if let Page::Json = format {
        let read = |text: &str| serde_json::from_str(text).unwrap_or(serde_json::Value::Null);
        let told = json!({
            "in_force": read(&old),
            "anew": new.as_deref().map(read),
            "difference": differs.to_string(),
        });
        return Ok(format!("{told:#}\n"));
    }
    let new = new.unwrap_or_else(|| {
        lang.pick("该月已无应缴\n", "nothing is due of the month any more\n")
            .to_owned()
    });
    let amount = |fen: Fen| fen.with_separators().to_string();
    let (before, now, differs) = (amount(before), amount(now), amount(differs));
    Ok(lang.pick(
        format!("此前有效：\n{old}\n重新核定：\n{new}\n差额：{now} − {before} = {differs} 元\n"),
        format!("in force before:\n{old}\nassessed anew:\n{new}\ndifference: {now} - {before} = {differs} yuan\n"),
    ))
}

fn text(statement: &Statement, laws: &Laws<'_>, lang: Lang) -> String {
    let (person, as_of) = (statement.person, statement.as_of);
    let mut said = lang.pick(
        format!("人员 {person} 个人账户，截至 {as_of}\n"),
        format!("the individual accounts of person {person}, as known on {as_of}\n"),
    );
    if statement.accounts.is_empty() {
        said.push_str(lang.pick("没有个人账户\n", "there are none\n"));
    }
    let mut number = 0;
    for book in &statement.accounts {
        said.push_str(&passbook(book, laws, &mut number, lang));
    }
    said
}

fn passbook(book: &Passbook, laws: &Laws<'_>, number: &mut usize, lang: Lang) -> String {
    let head = lang.pick(
        [
            "行",
            "入账日",
            "事项",
            "月份",
            "单位",
            "基数",
            "金额",
            "缴清日",
            "运行",
            "依据",
        ],
        [
            "line", "on", "what", "month", "employer", "base", "amount", "paid", "run", "by",
        ],
    );
    let rows = book.lines.iter().map(|line| {
        *number += 1;
        row(*number, line, laws, lang)
    });
    let lines = table(&head, &[0, 4, 5, 6, 8], rows.collect());
    let amount = |fen: Fen| fen.with_separators().to_string();
    let (months, balance) = (book.months, amount(book.balance));
    let (credited, interest) = (amount(book.credited), amount(book.interest));
    let name = book.scheme.name(lang);
    lang.pick(
        format!("\n{name}\n{lines}储存额 {balance} 元：记账 {credited}，利息 {interest}；记账 {months} 个月\n"),
        format!(
            "\n{name}\n{lines}balance {balance} yuan: credited {credited}, interest {interest}; months credited: {months}\n"
        ),
    )
}

fn row(number: usize, line: &Line, laws: &Laws<'_>, lang: Lang) -> Vec<String> {
    let amount = |fen: Fen| fen.with_separators().to_string();
    let (what, month, employer, base, paid, run) = match &line.what {
        What::Credit {
            month,
            due,
            paid,
            credited,
            ..
        } => (
            lang.pick("记账", "credit").to_owned(),
            month.to_string(),
            due.employer.map_or_else(String::new, |it| it.to_string()),
            amount(due.base),
            paid.map_or_else(String::new, |paid| paid.to_string()),
            credited.to_string(),
        ),
        What::Part {
            month,
            credit,
            credited,
            paid,
            ..
        } => (
            lang.pick("部分记账", "part credit").to_owned(),
            month.to_string(),
            String::new(),
            amount(credit.own),
            paid.map_or_else(String::new, |paid| paid.to_string()),
            credited.to_string(),
        ),
        What::Entry {
            entry, taken_up, ..
        } => (
            lang.pick(format!("更正 {}", entry.id), format!("entry {}", entry.id)),
            entry.asked.month.to_string(),
            String::new(),
            String::new(),
            String::new(),
            taken_up.map_or_else(String::new, |run| run.to_string()),
        ),
        What::Interest {
            year, opening, run, ..
        } => (
            lang.pick("利息", "interest").to_owned(),
            year.to_string(),
            String::new(),
            amount(*opening),
            String::new(),
            run.to_string(),
        ),
    };
    let by = match &line.what {
        What::Entry { entry, .. } => entry.asked.reason.clone(),
        _ => laws.citations(line, lang).join(lang.pick("；", "; ")),
    };
    vec![
        number.to_string(),
        line.on.to_string(),
        what,
        month,
        employer,
        base,
        amount(line.amount),
        paid,
        run,
        by,
    ]
}

fn json_of(statement: &Statement, laws: &Laws<'_>) -> String {
    let mut number = 0;
    let accounts = statement.accounts.iter().map(|book| {
        let lines = book.lines.iter().map(|line| {
            number += 1;
            json_line(number, line, laws)
        });
        json!({
            "scheme": book.scheme.in_law(),
            "lines": lines.collect::<Vec<_>>(),
            "months": book.months,
            "credited": book.credited.to_string(),
            "interest": book.interest.to_string(),
            "interest_through": (book.year > 0).then_some(book.year),
            "balance": book.balance.to_string(),
        })
    });
    let told = json!({
        "person": statement.person.number(),
        "as_of": statement.as_of.to_string(),
        "accounts": accounts.collect::<Vec<_>>(),
    });
    format!("{told:#}\n")
}

/// What a line is, with what belongs to it.
fn what_of(line: &Line) -> serde_json::Value {
    match &line.what {
        What::Credit {
            month,
            due,
            assessed,
            credited,
            paid,
        } => json!({
            "what": "credit",
            "month": month.to_string(),
            "employer": due.employer.map(EmployerId::number),
            "district": due.district.code(),
            "base": due.base.to_string(),
            "assessed_by": assessed.number(),
            "run": credited.number(),
            "paid": paid.map(|day| day.to_string()),
        }),
        What::Part {
            month,
            credit,
            assessed,
            credited,
            paid,
        } => json!({
            "what": "part",
            "month": month.to_string(),
            "district": credit.of.district.code(),
            "bill": credit.of.bill.number(),
            "whole": credit.own.to_string(),
            "assessed_by": assessed.number(),
            "run": credited.number(),
            "paid": paid.map(|day| day.to_string()),
        }),
        What::Entry {
            entry,
            approved_by,
            taken_up,
        } => json!({
            "what": "entry",
            "entry": entry.id.number(),
            "key": entry.asked.key,
            "month": entry.asked.month.to_string(),
            "reason": entry.asked.reason,
            "reverses": entry.reverses.map(EntryId::number),
            "by": entry.by.login(),
            "approved_by": approved_by,
            "run": taken_up.map(RunId::number),
        }),
        What::Interest {
            year,
            opening,
            products,
            run,
        } => json!({
            "what": "interest",
            "year": year,
            "opening": opening.to_string(),
            "products": products.to_string(),
            "run": run.number(),
        }),
    }
}

fn json_line(number: usize, line: &Line, laws: &Laws<'_>) -> serde_json::Value {
    let mut told = what_of(line);
    told["line"] = number.into();
    told["on"] = line.on.to_string().into();
    told["amount"] = line.amount.to_string().into();
    let applied = |opens: &Opens| {
        json!({
            "version": opens.law,
            "rule": opens.rule,
            "as_of": opens.as_of.to_string(),
            "citations": { "zh": laws.articles(opens, Lang::Zh), "en": laws.articles(opens, Lang::En) },
        })
    };
    match &line.opens {
        Opening::Reason => told["law"] = serde_json::Value::Null,
        Opening::Rule(opens) => told["law"] = applied(opens),
        Opening::Difference { in_force, anew } => {
            let derived = |of: &Derived| json!({ "amount": of.amount.to_string(), "law": applied(&of.opens) });
            told["law"] = applied(anew.as_ref().map_or(&in_force.opens, |anew| &anew.opens));
            told["differs"] =
                json!({ "in_force": derived(in_force), "anew": anew.as_ref().map(derived) });
        }
    }
    told
}
