//! What there is to do at the counter, for whom.

use crate::look::components::tabs;
use crate::visitor::Visitor;
use maud::Markup;
use measure::Words;
use office::permit::{self, Action};
use rules::explain::Lang;

const WAYS: Words = Words::new("经办事项", "At the counter");
const FIND: Words = Words::new("查找", "Find");

/// Something else one may do here.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    pub(super) href: &'static str,
    needs: Action,
    pub(super) name: Words,
    pub(super) says: Words,
}

pub(super) const TASKS: [Task; 5] = [
    Task {
        href: "/counter/inbox",
        needs: Action::FindPerson,
        name: Words::new("待第二人办理", "Waiting for a second person"),
        says: Words::new(
            "看清改了什么，再复核或退回",
            "See exactly what changes, then approve or decline",
        ),
    },
    Task {
        href: "/counter/month",
        needs: Action::ReadMonth,
        name: Words::new("月度", "The month"),
        says: Words::new(
            "开启、核定、复核、发布、记账、结账",
            "Open, assess, approve, publish, credit, close",
        ),
    },
    Task {
        href: "/counter/receipts",
        needs: Action::ReadReceipts,
        name: Words::new("到账", "Receipts"),
        says: Words::new(
            "收银行文件，清偿欠费，确认归属",
            "Take in a bank's file, settle bills, say whose money it is",
        ),
    },
    Task {
        href: "/counter/verify",
        needs: Action::Verify,
        name: Words::new("核验", "Verify"),
        says: Words::new(
            "由事实和法律重新推出一切，看有无出入",
            "Derive everything again from facts and law",
        ),
    },
    Task {
        href: "/counter/log",
        needs: Action::ReadAudit,
        name: Words::new("审计日志", "Audit log"),
        says: Words::new("谁、何时、为何、做了什么", "Who did what, when and why"),
    },
];

/// What is for whoever is here.
pub(super) fn tasks(visitor: &Visitor) -> Vec<Task> {
    let may = |task: &&Task| permit::reach(visitor.login(), task.needs).is_ok();
    TASKS.iter().filter(may).copied().collect()
}

/// The pages of this door for whoever is here, the one shown named.
pub(super) fn ways(visitor: &Visitor, shown: &str, lang: Lang) -> Markup {
    let mut ways = vec![("/counter", lang.say(FIND))];
    ways.extend(
        tasks(visitor)
            .iter()
            .map(|task| (task.href, lang.say(task.name))),
    );
    tabs(lang.say(WAYS), &ways, shown)
}
