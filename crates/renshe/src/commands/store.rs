//! `store`: the database a city is kept in.

use crate::arguments::StoreCommand;
use crate::output::{Exit, Failure, Setting, answer};
use crate::place::{make_keys, of_store, open_bare};

pub(crate) fn run(command: &StoreCommand, setting: &Setting) -> Result<Exit, Failure> {
    let lang = setting.lang;
    match command {
        StoreCommand::Migrate(asked) => {
            let db = open_bare(&asked.place, setting)?;
            let applied = db
                .migrate(setting.now)
                .map_err(|error| of_store(&error, setting))?;
            let shown = applied.len();
            answer(&lang.pick(
                format!("数据库结构已是最新；此次应用 {shown} 项迁移\n"),
                format!("the schema is up to date; migrations applied now: {shown}\n"),
            ));
        }
        StoreCommand::Keys(asked) => {
            make_keys(&asked.file, setting)?;
            let shown = asked.file.display();
            answer(&lang.pick(
                format!("已生成密钥 {shown}，仅本人可读；丢失则姓名和证件号码无法再读\n"),
                format!("keys written to {shown}, readable by you alone; without them names and numbers cannot be read again\n"),
            ));
        }
    }
    Ok(Exit::Good)
}
