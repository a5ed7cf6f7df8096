//! `person`: the household, the further pillars, and whether two records are one person.

use super::account::{in_name, person};
use crate::arguments::Format;
use crate::arguments::person::{
    ApproveMerge, AskMerge, AskUndo, Days, Link, ListRequests, MergeCommand, NumberedRequest, Pair,
    PersonCommand, PillarScheme, Relative, ShowPerson, TellPillar, Unlink,
};
use crate::output::{Exit, Failure, Setting, answer, table};
use crate::place::{keys, open};
use city::facts::{Fact, FactId, Span, Timeline};
use city::insurance::{Pillar, Scheme};
use city::merge::requests::{Request, RequestId};
use city::merge::{Merge, MergeId};
use city::people::{PersonId, Relation};
use city::refusal::Refused;
use office::register::beside::{Beside, beside, link, tell};
use office::register::merging;
use rules::explain::Lang;
use serde_json::{Value, json};
use store::Db;

pub(crate) fn run(command: &PersonCommand, setting: &Setting) -> Result<Exit, Failure> {
    match command {
        PersonCommand::Show(asked) => shown(asked, setting),
        PersonCommand::Link(asked) => linked(asked, setting),
        PersonCommand::Unlink(asked) => unlinked(asked, setting),
        PersonCommand::Pillar(asked) => told(asked, setting),
        PersonCommand::Merge(MergeCommand::Ask(asked)) => asked_to_merge(asked, setting),
        PersonCommand::Merge(MergeCommand::Undo(asked)) => asked_to_undo(asked, setting),
        PersonCommand::Merge(MergeCommand::Approve(asked)) => approved(asked, setting),
        PersonCommand::Merge(MergeCommand::Decline(asked)) => declined(asked, setting),
        PersonCommand::Merge(MergeCommand::List(asked)) => listed(asked, setting),
    }
}

fn pair(db: &Db, pair: &Pair, setting: &Setting) -> Result<(PersonId, PersonId), Failure> {
    let [one, other] = pair.each();
    Ok((person(db, &one, setting)?, person(db, &other, setting)?))
}

fn span(days: Days, setting: &Setting) -> Result<Span, Failure> {
    Span::new(days.from, days.until).map_err(|refusal| refused(&refusal, setting))
}

fn refused(refusal: &impl Refused, setting: &Setting) -> Failure {
    let lang = setting.lang;
    Failure::new(lang, refusal.message(lang))
        .code(refusal.code())
        .help(refusal.remedy(lang))
}

fn shown(asked: &ShowPerson, setting: &Setting) -> Result<Exit, Failure> {
    let whose = person(&open(&asked.place, setting)?, &asked.whose, setting)?;
    let known = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        beside(db, whose, acting)
    })?;
    answer(&match asked.format {
        Format::Text => in_words(whose, &known, setting.lang),
        Format::Json => format!("{:#}\n", in_json(whose, &known)),
    });
    Ok(Exit::Good)
}

fn linked(asked: &Link, setting: &Setting) -> Result<Exit, Failure> {
    let relation = match asked.relation {
        Relative::Head => Relation::Head,
        Relative::Spouse => Relation::Spouse,
        Relative::Child => Relation::Child,
        Relative::Parent => Relation::Parent,
        Relative::Grandparent => Relation::Grandparent,
        Relative::Grandchild => Relation::Grandchild,
        Relative::Sibling => Relation::Sibling,
        Relative::Other => Relation::Other,
    };
    let two = pair(&open(&asked.place, setting)?, &asked.pair, setting)?;
    let what = (Some(relation), span(asked.days, setting)?);
    let changed = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        link(db, two, what, acting)
    })?;
    recorded(changed, setting);
    Ok(Exit::Good)
}

fn unlinked(asked: &Unlink, setting: &Setting) -> Result<Exit, Failure> {
    let two = pair(&open(&asked.place, setting)?, &asked.pair, setting)?;
    let what = (None, span(asked.days, setting)?);
    let changed = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        link(db, two, what, acting)
    })?;
    recorded(changed, setting);
    Ok(Exit::Good)
}

fn told(asked: &TellPillar, setting: &Setting) -> Result<Exit, Failure> {
    let scheme = match asked.scheme {
        PillarScheme::EnterpriseAnnuity => Scheme::EnterpriseAnnuity,
        PillarScheme::PersonalPension => Scheme::PersonalPension,
    };
    let pillar = Pillar::new(scheme, &asked.provider, asked.contributed);
    let pillar = pillar.map_err(|refusal| refused(&refusal, setting))?;
    let whose = person(&open(&asked.place, setting)?, &asked.whose, setting)?;
    let days = span(asked.days, setting)?;
    let changed = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        tell(db, whose, (&pillar, days), acting)
    })?;
    recorded(changed, setting);
    Ok(Exit::Good)
}

fn recorded(changed: bool, setting: &Setting) {
    answer(match changed {
        true => setting.lang.pick("已登记\n", "recorded\n"),
        false => setting.lang.pick(
            "登记本来就是这样，未作变更\n",
            "the register says so already; nothing was changed\n",
        ),
    });
}

fn asked_to_merge(asked: &AskMerge, setting: &Setting) -> Result<Exit, Failure> {
    let two = pair(&open(&asked.place, setting)?, &asked.pair, setting)?;
    let id = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        merging::ask(db, two, &asked.reason, acting)
    })?;
    waits(id, setting);
    Ok(Exit::Good)
}

fn asked_to_undo(asked: &AskUndo, setting: &Setting) -> Result<Exit, Failure> {
    let merge = MergeId::new(asked.merge).expect("the arguments take numbers above 0 only");
    let id = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        merging::ask_undo(db, merge, &asked.reason, acting)
    })?;
    waits(id, setting);
    Ok(Exit::Good)
}

fn waits(id: RequestId, setting: &Setting) {
    answer(&setting.lang.pick(
        format!("合并申请 {id} 待复核\n下一步：`renshe person merge approve {id} --keys FILE`（由另一人）\n"),
        format!("request {id}: waiting for approval\nnext: `renshe person merge approve {id} --keys FILE`, by someone else\n"),
    ));
}

fn approved(asked: &ApproveMerge, setting: &Setting) -> Result<Exit, Failure> {
    let secrets = keys(&asked.keys, setting)?;
    let which = &asked.which;
    let (request, merge) = in_name(&which.place, &which.signed, setting, |db, acting| {
        merging::approve(db, numbered(which.request), &secrets, acting)
    })?;
    let (kept, merged) = (request.kept, request.merged);
    answer(&match request.undoes {
        None => setting.lang.pick(
            format!("合并 {merge}：{merged} 号已并入 {kept} 号\n"),
            format!("merge {merge}: {merged} is now {kept}\n"),
        ),
        Some(_) => setting.lang.pick(
            format!("合并 {merge} 已撤销：{merged} 号与 {kept} 号仍为两人\n"),
            format!("merge {merge} is undone: {merged} and {kept} are two again\n"),
        ),
    });
    Ok(Exit::Good)
}

fn declined(asked: &NumberedRequest, setting: &Setting) -> Result<Exit, Failure> {
    let request = in_name(&asked.place, &asked.signed, setting, |db, acting| {
        merging::decline(db, numbered(asked.request), acting)
    })?;
    let id = request.id;
    answer(&setting.lang.pick(
        format!("合并申请 {id} 已退回\n"),
        format!("request {id}: declined\n"),
    ));
    Ok(Exit::Good)
}

fn listed(asked: &ListRequests, setting: &Setting) -> Result<Exit, Failure> {
    let waiting = in_name(&asked.place, &asked.signed, setting, merging::waiting)?;
    answer(&match asked.format {
        Format::Text => requests(&waiting, setting.lang),
        Format::Json => {
            let requests: Vec<Value> = waiting.iter().map(request).collect();
            format!("{:#}\n", json!({ "requests": requests }))
        }
    });
    Ok(Exit::Good)
}

fn numbered(request: i64) -> RequestId {
    RequestId::new(request).expect("the arguments take numbers above 0 only")
}

fn requests(waiting: &[Request], lang: Lang) -> String {
    if waiting.is_empty() {
        return lang
            .pick("没有待复核的合并申请\n", "no request waits for approval\n")
            .to_owned();
    }
    let head = lang.pick(
        ["申请", "保留", "并入", "撤销合并", "经办", "原因"],
        ["request", "kept", "merged", "undoes", "by", "reason"],
    );
    let rows = waiting.iter().map(|request| {
        vec![
            request.id.to_string(),
            request.kept.to_string(),
            request.merged.to_string(),
            request.undoes.map_or_else(String::new, |id| id.to_string()),
            request.by.to_string(),
            request.reason.clone(),
        ]
    });
    table(&head, &[0, 1, 2, 3], rows.collect())
}

fn request(request: &Request) -> Value {
    json!({
        "request": request.id.number(),
        "kept": request.kept.number(),
        "merged": request.merged.number(),
        "undoes": request.undoes.map(MergeId::number),
        "reason": request.reason,
        "by": request.by.login(),
    })
}

/// What holds or will, fact by fact.
fn lines<'a, K, T>(
    held: impl IntoIterator<Item = (&'a K, &'a Timeline<T>)>,
) -> Vec<(&'a K, &'a Fact<T>)>
where
    K: 'a,
    T: Clone + PartialEq + 'a,
{
    let held = held.into_iter();
    held.flat_map(|(key, timeline)| {
        let current: Vec<(FactId, &Fact<T>)> = timeline.current();
        current.into_iter().map(move |(_, fact)| (key, fact))
    })
    .collect()
}

fn in_words(whose: PersonId, known: &Beside, lang: Lang) -> String {
    let until = |fact: Span| fact.until().map_or_else(String::new, |day| day.to_string());
    let mut said = lang.pick(format!("人员 {whose}\n"), format!("person {whose}\n"));
    let household = lines(&known.household);
    let pillars = lines(&known.pillars);
    let head = lang.pick(
        ["关系", "人员", "自", "至（不含）"],
        ["is", "person", "from", "until"],
    );
    let rows = household.iter().map(|(other, fact)| {
        let days = fact.valid;
        vec![
            fact.value.name(lang).to_owned(),
            other.to_string(),
            days.first().to_string(),
            until(days),
        ]
    });
    if !household.is_empty() {
        said.push_str(&table(&head, &[1], rows.collect()));
    }
    let head = lang.pick(
        ["补充保险", "管理机构", "累计缴费（元）", "自", "至（不含）"],
        ["pillar", "provider", "paid in", "from", "until"],
    );
    let rows = pillars.iter().map(|((scheme, provider), fact)| {
        vec![
            scheme.name(lang).to_owned(),
            provider.clone(),
            fact.value.contributed().with_separators().to_string(),
            fact.valid.first().to_string(),
            until(fact.valid),
        ]
    });
    if !pillars.is_empty() {
        said.push_str(&table(&head, &[2], rows.collect()));
    }
    for merge in &known.merges {
        said.push_str(&merged(merge, lang));
    }
    if household.is_empty() && pillars.is_empty() && known.merges.is_empty() {
        said.push_str(lang.pick(
            "没有家庭关系、补充保险或合并\n",
            "no household, no further pillar, no merge\n",
        ));
    }
    said
}

fn merged(merge: &Merge, lang: Lang) -> String {
    let undone = match &merge.undone {
        None => String::new(),
        Some(_) => lang.pick("（已撤销）", " (undone)").to_owned(),
    };
    let (id, kept, merged, reason) = (merge.id, merge.kept, merge.merged, &merge.reason);
    lang.pick(
        format!("合并 {id}：{merged} 号并入 {kept} 号{undone}；{reason}\n"),
        format!("merge {id}: {merged} into {kept}{undone}; {reason}\n"),
    )
}

fn in_json(whose: PersonId, known: &Beside) -> Value {
    let household = lines(&known.household);
    let household = household.iter().map(|(other, fact)| {
        json!({
            "person": other.number(),
            "relation": fact.value.name(Lang::En),
            "from": fact.valid.first().to_string(),
            "until": fact.valid.until().map(|day| day.to_string()),
        })
    });
    let pillars = lines(&known.pillars);
    let pillars = pillars.iter().map(|((scheme, provider), fact)| {
        json!({
            "scheme": scheme.in_law(),
            "provider": provider,
            "contributed": fact.value.contributed().to_string(),
            "from": fact.valid.first().to_string(),
            "until": fact.valid.until().map(|day| day.to_string()),
        })
    });
    let merges = known.merges.iter().map(|merge| {
        json!({
            "merge": merge.id.number(),
            "kept": merge.kept.number(),
            "merged": merge.merged.number(),
            "reason": merge.reason,
            "by": merge.by.login(),
            "undone": merge.undone.is_some(),
        })
    });
    json!({
        "person": whose.number(),
        "household": household.collect::<Vec<_>>(),
        "pillars": pillars.collect::<Vec<_>>(),
        "merges": merges.collect::<Vec<_>>(),
    })
}
