//! How is each error said, in both languages of the office?

use super::{ConstraintKind, Error, Violation};

pub(super) fn zh(error: &Error) -> String {
    match error {
        Error::Open { address, cause } => format!("打不开数据库 {address}：{cause}"),
        Error::Address { address } => format!("不认识的数据库地址“{address}”"),
        Error::ConnectionLost { cause } => {
            format!("与数据库的连接中断，本次事务没有保存任何内容：{cause}")
        }
        Error::OutcomeUnknown { cause } => {
            format!("提交时连接中断，不知道本次事务是否已保存：{cause}")
        }
        Error::Busy { cause } => format!("数据库被其他操作占用太久：{cause}"),
        Error::DiskFull { cause } => format!("数据库所在磁盘已满或不能再写：{cause}"),
        Error::Constraint(violation) => violation_zh(violation),
        Error::Kept { rule } => format!("记录不得修改或删除：{rule}"),
        Error::ReadOnly => "只读事务中不能写入".into(),
        Error::Cell {
            column,
            wanted,
            found,
        } => format!("列“{column}”应为 {wanted}，实际为 {found}"),
        Error::Conflict { attempts, cause } => {
            format!("与其他事务冲突，已尝试 {attempts} 次：{cause}")
        }
        Error::Damaged { cause } => format!("数据库已损坏：{cause}"),
        Error::Torn {
            table,
            run,
            first,
            district,
        } => {
            let rows = if *table == "account" {
                "账户"
            } else {
                "应缴明细"
            };
            format!(
                "运行 {run} 的{rows}账页（地区 {district}，自人员 {first} 起）读不出当初所写的内容"
            )
        }
        Error::Statement { statement, cause } => format!("数据库不接受语句“{statement}”：{cause}"),
        Error::RowCount { statement, none } => {
            let found = if *none {
                "没有结果"
            } else {
                "结果不止一行"
            };
            format!("语句“{statement}”应得一行，却{found}")
        }
        Error::Denied { cause } => format!("没有权限，或不在所辖区划内：{cause}"),
        Error::NoConnection { connections } => format!("{connections} 个数据库连接都被占用太久"),
        Error::Cancelled { cause } => format!("操作超时或被取消：{cause}"),
        Error::Value { wanted, cause } => format!("值不能作为 {wanted} 保存：{cause}"),
        Error::Drive { cause } => format!("数据库所在的存储设备读写失败：{cause}"),
        Error::Engine { cause } => format!("数据库报告：{cause}"),
        rest => zh_of_rooms(rest),
    }
}

fn zh_of_rooms(error: &Error) -> String {
    match error {
        Error::SchemaOlder { database, program } => {
            format!("数据库结构为第 {database} 版，早于程序的第 {program} 版")
        }
        Error::SchemaNewer { database, program } => {
            format!("数据库结构为第 {database} 版，新于程序的第 {program} 版")
        }
        Error::MigrationChanged { number, name } => {
            format!("第 {number} 号迁移“{name}”与数据库中已执行的不同")
        }
        Error::MigrationUnknown { number } => {
            format!("数据库中的第 {number} 号迁移不为程序所知，或其前有缺号")
        }
        Error::MigrationFailed {
            number,
            name,
            cause,
        } => format!("第 {number} 号迁移“{name}”失败，已整体撤销：{}", zh(cause)),
        Error::NotOurs { table } => format!("数据库中已有表“{table}”，却不是本系统的数据库"),
        Error::AuditBroken { audit } => format!("审计记录的链条在第 {audit} 条处断裂"),
        Error::KeyUnknown { key } => format!("没有编号为 {key} 的密钥"),
        Error::NotAuthentic { place } => format!("“{place}”中的密文被改动、被移位，或密钥不符"),
        Error::LeaseLost { job, until } => {
            format!("任务 {job} 的租约已于 {until} 到期，已归他人")
        }
        Error::NoChance { cause } => format!("操作系统没有给出随机数：{cause}"),
        other => zh_of_encryption(other),
    }
}

fn zh_of_encryption(error: &Error) -> String {
    match error {
        Error::TlsAsked { said, needed } => {
            format!("地址中关于加密的参数不成立：写了“{said}”，应有“{needed}”")
        }
        Error::TlsFile {
            parameter,
            file,
            cause,
        } => format!(
            "地址中 {parameter} 所指的文件“{}”不能用：{cause}",
            file.display()
        ),
        Error::TlsNotOffered { address } => {
            format!("{address} 的服务器不提供加密，而该地址要求加密")
        }
        Error::TlsNotTrusted { address, cause } => {
            format!("{address} 的服务器出示的证书不可信：{cause}")
        }
        Error::TlsOtherName { address, names } if names.is_empty() => {
            format!("{address} 的服务器出示的证书没有任何主机名")
        }
        Error::TlsOtherName { address, names } => {
            format!("{address} 的服务器出示的证书属于其他名称：{names}")
        }
        other => other.code().into(),
    }
}

fn violation_zh(violation: &Violation) -> String {
    let name = &violation.name;
    match violation.kind {
        ConstraintKind::Unique => format!("已有相同的记录（{name}）"),
        ConstraintKind::Check => format!("不满足条件“{name}”"),
        ConstraintKind::Reference => format!("所引用的记录不存在，或仍被引用（{name}）"),
        ConstraintKind::Required => format!("缺少必需的值（{name}）"),
    }
}

pub(super) fn en(error: &Error) -> String {
    match error {
        Error::Open { address, cause } => {
            format!("the database {address} cannot be opened: {cause}")
        }
        Error::Address { address } => format!("`{address}` is not the address of a database"),
        Error::ConnectionLost { cause } => {
            format!("the connection ended, nothing of this transaction was kept: {cause}")
        }
        Error::OutcomeUnknown { cause } => format!(
            "the connection ended during the commit, so it is not known whether the transaction was kept: {cause}"
        ),
        Error::Busy { cause } => format!("others held the database for too long: {cause}"),
        Error::DiskFull { cause } => {
            format!("the disk of the database is full, or takes no more: {cause}")
        }
        Error::Constraint(violation) => violation_en(violation),
        Error::Kept { rule } => format!("the record may not be altered or removed: {rule}"),
        Error::ReadOnly => "a transaction that only reads cannot write".into(),
        Error::Cell {
            column,
            wanted,
            found,
        } => format!("column `{column}` was to hold {wanted} and holds {found}"),
        Error::Conflict { attempts, cause } => {
            format!("others' transactions stood in the way {attempts} times: {cause}")
        }
        Error::Damaged { cause } => format!("the database is damaged: {cause}"),
        Error::Torn {
            table,
            run,
            first,
            district,
        } => format!(
            "the {table} folio of run {run} that begins with person {first} in district {district} does not hold what was written"
        ),
        Error::Statement { statement, cause } => {
            format!("the database does not take the statement `{statement}`: {cause}")
        }
        Error::RowCount { statement, none } => {
            let found = if *none { "none" } else { "more than one" };
            format!("`{statement}` was to give one row and gave {found}")
        }
        Error::Denied { cause } => {
            format!("this user may not do that, or not in this district: {cause}")
        }
        Error::NoConnection { connections } => {
            format!("all {connections} connections were in use for too long")
        }
        Error::Cancelled { cause } => format!("it took too long or was cancelled: {cause}"),
        Error::Value { wanted, cause } => {
            format!("the value cannot be kept as {wanted}: {cause}")
        }
        Error::Drive { cause } => {
            format!("the drive under the database does not read or write: {cause}")
        }
        Error::Engine { cause } => format!("the database says: {cause}"),
        rest => en_of_rooms(rest),
    }
}

fn en_of_rooms(error: &Error) -> String {
    match error {
        Error::SchemaOlder { database, program } => format!(
            "the database has schema {database}, which is older than the program's {program}"
        ),
        Error::SchemaNewer { database, program } => format!(
            "the database has schema {database}, which is newer than the program's {program}"
        ),
        Error::MigrationChanged { number, name } => {
            format!("migration {number} `{name}` differs from the one the database was given")
        }
        Error::MigrationUnknown { number } => format!(
            "the database's migration {number} is unknown to the program, or one before it is missing"
        ),
        Error::MigrationFailed {
            number,
            name,
            cause,
        } => format!(
            "migration {number} `{name}` failed and was undone as a whole: {}",
            en(cause)
        ),
        Error::NotOurs { table } => {
            format!("the database holds a table `{table}` and is not one of Renshe's")
        }
        Error::AuditBroken { audit } => {
            format!("the chain of the audit log does not hold at entry {audit}")
        }
        Error::KeyUnknown { key } => format!("there is no key {key}"),
        Error::NotAuthentic { place } => {
            format!("a ciphertext of `{place}` was altered, moved, or written under another key")
        }
        Error::LeaseLost { job, until } => {
            format!("the lease of job {job} ran out at {until} and another worker has it")
        }
        Error::NoChance { cause } => {
            format!("the operating system gave no random numbers: {cause}")
        }
        other => en_of_encryption(other),
    }
}

fn en_of_encryption(error: &Error) -> String {
    match error {
        Error::TlsAsked { said, needed } => format!(
            "what the address says about encryption does not go together: it has `{said}` and needs `{needed}`"
        ),
        Error::TlsFile {
            parameter,
            file,
            cause,
        } => format!(
            "the file `{}`, which the address names as `{parameter}`, cannot be used: {cause}",
            file.display()
        ),
        Error::TlsNotOffered { address } => format!(
            "the server of {address} offers no encryption, and the address does not do without"
        ),
        Error::TlsNotTrusted { address, cause } => {
            format!("the certificate of the server of {address} is not to be believed: {cause}")
        }
        Error::TlsOtherName { address, names } if names.is_empty() => {
            format!("the certificate of the server of {address} is for no name at all")
        }
        Error::TlsOtherName { address, names } => {
            format!("the certificate of the server of {address} is for another name: {names}")
        }
        other => other.code().into(),
    }
}

fn violation_en(violation: &Violation) -> String {
    let name = &violation.name;
    match violation.kind {
        ConstraintKind::Unique => format!("there is such a record already (`{name}`)"),
        ConstraintKind::Check => format!("the condition `{name}` does not hold"),
        ConstraintKind::Reference => {
            format!("what is referred to is not there, or is still referred to (`{name}`)")
        }
        ConstraintKind::Required => format!("a value is missing (`{name}`)"),
    }
}

pub(super) fn remedy(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::Open { .. } => (
            "检查地址、权限以及数据库服务是否运行；新库用 `renshe store migrate` 建立",
            "check the address, the permissions, and whether the server runs; `renshe store migrate` makes a new database",
        ),
        Error::Address { .. } => (
            "请写 sqlite:路径、sqlite::memory: 或 postgres://用户@主机/库",
            "write sqlite:PATH, sqlite::memory: or postgres://USER@HOST/DATABASE",
        ),
        Error::ConnectionLost { .. }
        | Error::Busy { .. }
        | Error::Conflict { .. }
        | Error::NoConnection { .. } => (
            "没有保存任何内容；稍后重试",
            "nothing was kept; try again in a while",
        ),
        Error::OutcomeUnknown { .. } => (
            "先查看是否已办理，再决定是否重做；带幂等键的操作可直接重做",
            "look whether it was done before doing it again; with a key of its own it may simply be sent again",
        ),
        Error::DiskFull { .. } => (
            "没有保存任何内容；腾出空间后重做",
            "nothing was kept; make room and do it again",
        ),
        Error::Constraint(_) => (
            "没有保存任何内容；改正数据后重新提交",
            "nothing was kept; mend the data and send it again",
        ),
        Error::Kept { .. } => (
            "更正应另记一条，使旧记录失效，或红字冲销",
            "record a correction that supersedes it, or a reversal",
        ),
        Error::Denied { .. } => (
            "请有权限的人员办理，或由管理员授权",
            "have someone do it who may, or have the right granted",
        ),
        Error::Cancelled { .. } => (
            "没有保存任何内容；缩小范围或放宽时限后重做",
            "nothing was kept; ask for less or allow more time",
        ),
        Error::Drive { .. } => (
            "检查存储设备、连线和系统日志；恢复后重做，此前已告知办妥的仍在",
            "look at the drive, its cable and the system's log; do it again when it works: what was told to be done is there",
        ),
        Error::Damaged { .. } | Error::Torn { .. } => (
            "停止写入，检查存储设备，再运行 `renshe verify`；仍有损坏则从备份恢复",
            "stop writing, look at the drive, and run `renshe verify`; restore from a backup if it is damaged still",
        ),
        Error::ReadOnly
        | Error::Cell { .. }
        | Error::Statement { .. }
        | Error::RowCount { .. }
        | Error::Value { .. }
        | Error::Engine { .. } => (
            "这是程序的错误，请连同本消息报告",
            "this is a fault of the program: report it with this message",
        ),
        rest => remedy_of_rooms(rest),
    }
}

fn remedy_of_rooms(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::SchemaOlder { .. } => (
            "备份后执行 renshe store migrate",
            "make a backup, then run `renshe store migrate`",
        ),
        Error::SchemaNewer { .. } => (
            "使用更新的程序，或恢复旧备份",
            "use a newer program, or restore an older backup",
        ),
        Error::MigrationChanged { .. } | Error::MigrationUnknown { .. } => (
            "使用与数据库相符的程序版本；已发布的迁移不得改动",
            "use the program this database was made with; a migration once released is never changed",
        ),
        Error::MigrationFailed { .. } => (
            "排除所述原因后再次执行",
            "mend the cause it names and run it again",
        ),
        Error::NotOurs { .. } => ("请使用空的数据库", "give an empty database"),
        Error::AuditBroken { .. } => (
            "保全现场并报告安全负责人；与外部见证的链头核对",
            "keep everything as it is, tell whoever is responsible for security, and compare with the witnessed heads",
        ),
        Error::KeyUnknown { .. } => (
            "提供该编号的密钥；轮换后旧密钥仍须保留",
            "provide the key of that number; after a rotation old keys are still needed",
        ),
        Error::NotAuthentic { .. } => (
            "不要使用该值；从备份或审计记录查明改动",
            "do not use the value; find the alteration with backups and the audit log",
        ),
        Error::LeaseLost { .. } => (
            "放弃本次结果；任务由现持有者完成",
            "drop this result; whoever has the job now does it",
        ),
        Error::NoChance { .. } => ("检查操作系统", "look after the operating system"),
        rest => remedy_of_encryption(rest),
    }
}

fn remedy_of_encryption(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::TlsFile { .. } => (
            "检查路径以及本用户的读取权限；文件须为 PEM 格式",
            "check the path and that this user may read it; it must be in PEM",
        ),
        Error::TlsNotOffered { .. } => (
            "在服务器上打开 ssl；线路确实无人能窃听时，可在地址中写 sslmode=disable",
            "turn `ssl` on at the server; or, where nobody can listen on the way, write sslmode=disable into the address",
        ),
        Error::TlsNotTrusted { .. } => (
            "在 sslrootcert 中写签发机构的证书，或更换服务器证书；原因不明时不要绕过",
            "name the authority that signed it in sslrootcert, or give the server another; do not go around it before \
             you know why",
        ),
        Error::TlsOtherName { .. } => (
            "在地址中写证书上的主机名，或为服务器换发写有地址中主机名的证书；原因不明时不要绕过",
            "write a name of the certificate into the address, or give the server one with the name in the address; do \
             not go around it before you know why",
        ),
        _ => (
            "按 S0120 说明页中的表改正地址",
            "mend the address by the table on the page of S0120",
        ),
    }
}
