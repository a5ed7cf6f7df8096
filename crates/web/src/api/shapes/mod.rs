//! What goes out and comes in.
//!
//! The names of fields are the office's nouns. Amounts are texts in yuan with two decimals, days `2025-06-30`, months `2025-06`,
//! moments in UTC.

mod asked;
mod made;

pub use asked::*;
pub use made::{kind, kind_of, message, scheme, sex};

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* })*) => {
        $($(#[$doc])*
        #[derive(Clone, Debug, Serialize, ToSchema)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $ty,)*
        })*
    };
}

shapes! {
    /// A sentence in both languages.
    Both {
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    }
    /// Since when something holds, since when it was known, and from where.
    Known {
        /// The first day on which it holds.
        valid_from: String,
        /// The first day on which it no longer holds.
        valid_until: Option<String>,
        /// When it was recorded.
        recorded: String,
        /// When something else took its place.
        superseded: Option<String>,
        /// What recorded it: `declaration`, `case`, `exchange`, `import`, `correction`, `synthetic`.
        origin: String,
        /// The number of what recorded it.
        origin_number: i64,
    }
    /// A number somebody is known by.
    Identifier {
        /// `resident-identity`, `social-card`, `passport`, …
        kind: String,
        /// The number, its middle masked.
        masked: Option<String>,
    }
    /// Where somebody lives, for a time.
    Residence {
        /// The district's code.
        district: i32,
        /// Since when, known since when.
        known: Known,
    }
    /// What somebody is insured in, for a time.
    Participation {
        /// The scheme, as the law names it.
        scheme: String,
        /// `employee`, `individual` or `resident`.
        category: String,
        /// The employer's number.
        employer: Option<i64>,
        /// The code of the district where it is paid.
        district: i32,
        /// `active`, `paused`, `ended` or `transferred`.
        status: String,
        /// The wage, base or yearly tier declared.
        declared: Option<String>,
        /// Since when, known since when.
        known: Known,
    }
    /// A person as the register has them.
    Person {
        /// Their number in the register.
        person: i64,
        /// Their name, where the service has the keys.
        name: Option<String>,
        /// `female` or `male`.
        sex: String,
        /// Their day of birth.
        born: String,
        /// The numbers they are known by.
        identifiers: Vec<Identifier>,
        /// Every fact of where they live, superseded or not.
        residence: Vec<Residence>,
        /// Every fact of what they are insured in, superseded or not.
        participations: Vec<Participation>,
    }
    /// Whom one of those looked for is, in their order.
    Found {
        /// Their number in the register; none where nobody within reach is meant.
        person: Option<i64>,
    }
    /// Whom those looked for are.
    FoundPersons {
        /// One for each that was looked for.
        found: Vec<Found>,
    }
    /// A month in a scheme.
    MonthPaid {
        /// Which month.
        month: String,
        /// The scheme.
        scheme: String,
        /// `employee`, `individual` or `resident`.
        category: String,
        /// The employer's number.
        employer: Option<i64>,
        /// The employer's name.
        employer_name: Option<String>,
        /// The code of the district where it is paid.
        district: i32,
        /// What it is reckoned on.
        base: String,
        /// The employer's share; of a resident's the government's.
        employer_due: String,
        /// The person's own share.
        person_due: String,
        /// What goes to the account once all is paid.
        credit: String,
        /// Whether it is a whole month's, or only what a later run altered it by.
        whole: bool,
        /// When its bill was paid to the end.
        paid: Option<String>,
    }
    /// A part of somebody's months.
    MonthsPaid {
        /// The newest first.
        months: Vec<MonthPaid>,
        /// Behind which to read on.
        next: Option<String>,
    }
    /// A line of an account.
    AccountLine {
        /// Since which day it stands there.
        on: String,
        /// What is added; below zero what is taken.
        amount: String,
        /// `credit`, `part` of a month written off for the rest, `entry` or `interest`.
        what: String,
        /// The month or year it is for.
        period: Option<String>,
        /// The rule that gave it.
        rule: Option<String>,
        /// The version of the law that was applied.
        law: Option<String>,
    }
    /// An account.
    Account {
        /// In which scheme.
        scheme: String,
        /// How many months were credited.
        months: i32,
        /// What was credited and posted.
        credited: String,
        /// The interest of all years.
        interest: String,
        /// What stands in it.
        balance: String,
        /// Line by line.
        lines: Vec<AccountLine>,
    }
    /// Somebody's accounts as they were known on a day.
    Accounts {
        /// Whose.
        person: i64,
        /// As known at the end of which day.
        as_of: String,
        /// Each of them.
        accounts: Vec<Account>,
    }
    /// Where an employer is registered, for a time.
    Registration {
        /// The district's code.
        district: i32,
        /// The class of risk, as the law names it.
        industry: String,
        /// The level within the class, as the law names it.
        rate_level: String,
        /// Since when, known since when.
        known: Known,
    }
    /// An employer as the register has it.
    Employer {
        /// Its number in the register.
        employer: i64,
        /// Its unified social credit code.
        credit_code: String,
        /// Its name.
        name: String,
        /// Every fact of where it is registered, superseded or not.
        registrations: Vec<Registration>,
    }
    /// Which employer it is.
    FoundEmployer {
        /// Its number in the register; none where none within reach is meant.
        employer: Option<i64>,
    }
    /// What is owed on a day.
    Owed {
        /// The day.
        on: String,
        /// The dues.
        principal: String,
        /// The late fee.
        fee: String,
    }
    /// What an employer owes.
    EmployerOwes {
        /// Which.
        employer: i64,
        /// Today.
        today: Owed,
        /// Tomorrow, if nothing is paid.
        tomorrow: Owed,
        /// What is held for it and has settled nothing.
        held: String,
    }
    /// A bill with something open.
    Bill {
        /// Its number.
        bill: i64,
        /// What to write when paying it.
        reference: String,
        /// For which month.
        month: String,
        /// For which scheme.
        scheme: String,
        /// The code of the district where it is paid.
        district: i32,
        /// The last day on which it is paid in time.
        due: String,
        /// How many days it is overdue.
        days_late: i32,
        /// The dues open.
        principal: String,
        /// The late fee open.
        fee: String,
        /// The late fee tomorrow.
        fee_tomorrow: String,
    }
    /// A part of an employer's open bills.
    Bills {
        /// In the order in which they were made.
        bills: Vec<Bill>,
        /// Behind which to read on.
        next: Option<String>,
    }
    /// What is wrong with a row.
    Fault {
        /// Its row, the heading counted: the first person's is 2.
        row: u64,
        /// The column.
        column: Option<String>,
        /// What stands there, numbers masked.
        value: String,
        /// The stable code.
        code: String,
        /// What is wrong.
        reason: Both,
        /// How to mend it.
        remedy: Both,
    }
    /// Somebody of the staff no row spoke of.
    NotNamed {
        /// Their number in the register.
        person: i64,
        /// Their identity number, masked.
        masked: String,
        /// The wage declared last.
        wage: Option<String>,
    }
    /// What came of a declaration.
    Declared {
        /// Under which number it is recorded; none when it is not.
        declaration: Option<i64>,
        /// Which it amends.
        amends: Option<i64>,
        /// How far the month's books are: `open`, `assessed`, `published`, `sealed`.
        books: String,
        /// Rows read.
        rows: u64,
        /// Rows that change nothing.
        unchanged: u64,
        /// Rows that change something.
        changed: u64,
        /// Rows by which somebody is paid for again.
        resumed: u64,
        /// Rows by which somebody is newly insured.
        enrolled: u64,
        /// Of them, whom the register does not know yet.
        registered: u64,
        /// Rows by which somebody is no longer insured.
        ended: u64,
        /// Rows with faults.
        faulty: u64,
        /// The wages of the rows without faults.
        wages: String,
        /// How many faults there are.
        faults_found: u64,
        /// The first thousand.
        faults: Vec<Fault>,
        /// What is taken and should be looked at.
        doubts: Vec<Fault>,
        /// How many of the staff no row spoke of.
        missing: u64,
        /// The first thousand of them.
        not_named: Vec<NotNamed>,
    }
    /// A declaration as it is kept.
    Declaration {
        /// Its number.
        declaration: i64,
        /// `accepted`, `superseded` or `undone`.
        state: String,
        /// How many rows it has.
        rows: u32,
        /// The wages it declares.
        wages: String,
        /// Which it amends.
        amends: Option<i64>,
        /// Who sent it.
        by: String,
        /// When.
        at: String,
    }
    /// The declarations of an employer for a month.
    Declarations {
        /// From the first on.
        declarations: Vec<Declaration>,
    }
    /// What came of taking a declaration back.
    TakenBack {
        /// Its number.
        declaration: i64,
        /// Which stands again.
        restored: Option<i64>,
        /// Whose insurance was changed since and is left as it is.
        insurance_left: Vec<i64>,
        /// Whose employment was.
        work_left: Vec<i64>,
    }
    /// What one of many declarations came to.
    BulkDeclared {
        /// Whose.
        employer: i64,
        /// For which month.
        month: String,
        /// What came of it.
        declared: Option<Declared>,
        /// Why it was not taken.
        code: Option<String>,
        /// The same in words.
        message: Option<Both>,
    }
    /// What many declarations came to, in their order.
    BulkOutcome {
        /// One for each.
        outcomes: Vec<BulkDeclared>,
    }
    /// What a bank's file brought.
    Receipts {
        /// The number of its batch.
        batch: i64,
        /// Whether it had been taken in before: then nothing was done.
        again: bool,
        /// Receipts that were not known.
        receipts: i64,
        /// Receipts that other files had told of.
        known: i64,
        /// What the new ones come to.
        amount: String,
        /// Entries that could not be read.
        refused: u64,
        /// Entries that went out and were not taken in.
        sent: u64,
        /// What is wrong with those that could not be read.
        faults: Vec<Fault>,
    }
    /// A run over the whole city.
    MonthRun {
        /// Its number.
        run: i64,
        /// `assessment`, `crediting`, `difference`, …
        kind: String,
        /// For which month.
        month: String,
        /// `open`, `computing`, `computed`, `approved`, `published`, `closed`, `discarded`.
        state: String,
        /// The version of the law it applies.
        law: String,
        /// Who opened it.
        made_by: String,
        /// Who approved it.
        approved_by: Option<String>,
        /// What its content comes down to: what a second person approves.
        content: Option<String>,
    }
    /// What a scheme comes to in a district.
    SchemeTotal {
        /// The scheme.
        scheme: String,
        /// The district's code.
        district: i32,
        /// How many lines.
        lines: i64,
        /// Their bases.
        base: String,
        /// The employers' shares.
        employer_due: String,
        /// The persons' shares.
        person_due: String,
        /// What goes to accounts.
        credit: String,
    }
    /// A run as a second person sees it.
    MonthReview {
        /// The run.
        run: MonthRun,
        /// What it comes to, by scheme and district.
        totals: Vec<SchemeTotal>,
        /// How many persons and schemes have no result.
        without_result: i64,
        /// The run of the month before.
        before: Option<MonthRun>,
        /// What that came to.
        totals_before: Vec<SchemeTotal>,
    }
    /// Long work.
    Job {
        /// By which it is asked about.
        job: String,
        /// What is done.
        what: String,
        /// `running`, `done` or `failed`.
        state: String,
        /// How many parts are done.
        done: i64,
        /// Of how many.
        of: Option<i64>,
        /// What came of it.
        #[schema(value_type = Option<Object>)]
        result: Option<Value>,
        /// Why it failed.
        code: Option<String>,
        /// The same in words.
        message: Option<String>,
    }
    /// A jurisdiction whose law is kept.
    Jurisdiction {
        /// Its identity.
        jurisdiction: String,
        /// Its title.
        title: Both,
        /// How many rules its law has.
        rules: usize,
        /// How many figures.
        figures: usize,
    }
    /// The law.
    LawIndex {
        /// Which text of it this is.
        version: String,
        /// Each jurisdiction.
        jurisdictions: Vec<Jurisdiction>,
    }
    /// A rule or figure in a list.
    LawItem {
        /// `rule` or `figure`.
        kind: String,
        /// Its English identity.
        name: String,
        /// Its Chinese name.
        zh: Option<String>,
        /// Its first day.
        from: Option<String>,
        /// Its last.
        until: Option<String>,
        /// Whether every part of it may be relied on.
        confirmed: bool,
    }
    /// A part of a law's items.
    LawItems {
        /// In the order of the text.
        items: Vec<LawItem>,
        /// Behind which to read on.
        next: Option<String>,
    }
    /// A rule.
    LawRule {
        /// Its English identity.
        name: String,
        /// Its Chinese name.
        zh: Option<String>,
        /// Whose law its text is.
        jurisdiction: String,
        /// What it says, in a sentence.
        clause: Both,
        /// Its text in the language of the law.
        text: String,
        /// Where the law says so: source and article.
        citations: Vec<String>,
        /// Whether it may be relied on.
        confirmed: bool,
        /// The rules it uses.
        uses: Vec<String>,
        /// The figures it uses.
        figures: Vec<String>,
        /// The facts it may ask.
        inputs: Vec<String>,
        /// The rules that use it.
        used_by: Vec<String>,
        /// The facts of a case to fill in.
        template: String,
    }
    /// What somebody wants to be told.
    Subscription {
        /// By which it is ended.
        code: String,
        /// The beginning of the events' words.
        events: String,
        /// Of whom only.
        person: Option<i64>,
        /// Where to.
        address: String,
        /// Since when.
        made: String,
    }
    /// A subscription that was ended.
    Ended {
        /// Its code.
        code: String,
    }
    /// What a login wants to be told.
    Subscriptions {
        /// The newest first.
        subscriptions: Vec<Subscription>,
        /// What may be told.
        events: Vec<String>,
    }
    /// Why something is not done, as RFC 9457 has it.
    Problem {
        /// A page about the code, as a path.
        r#type: String,
        /// What happened.
        title: String,
        /// The status of the answer.
        status: u16,
        /// What to do.
        detail: String,
        /// The stable code.
        code: String,
        /// The number of the request.
        request: String,
    }
}
